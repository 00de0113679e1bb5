// data-officer="enrol|prove|give": an opening officer's key, made, proved and used in this browser. The passphrase stays in it.
import { Refused, enliven, field, part } from "./form.js";
import { answer, base64, fromBase64, keep, newKey, prove, publicHalf, take, type Sheet } from "./format.js";

const LEAST = 14;
const LEAST_DIFFERENT = 8;

export function officer(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-officer]")) {
    const work = { enrol, prove: proves, give }[form.dataset["officer"] ?? ""];
    if (work) enliven(form, () => work(form));
  }
}

/** Whether a passphrase resists who has the file. */
export function isStrong(passphrase: string): boolean {
  const letters = [...passphrase];
  return letters.length >= LEAST && new Set(letters).size >= LEAST_DIFFERENT;
}

async function enrol(form: HTMLFormElement): Promise<boolean> {
  const passphrase = part(form, "passphrase").value;
  if (!isStrong(passphrase)) throw new Refused("short");
  if (part(form, "again").value !== passphrase) throw new Refused("differ");
  const key = await newKey();
  field(form, "recipient").value = await publicHalf(key);
  field(form, "kept").value = base64(await keep(key, passphrase));
  return true;
}

async function proves(form: HTMLFormElement): Promise<boolean> {
  field(form, "answer").value = await prove(form.dataset["challenge"] ?? "", await unlocked(form));
  return true;
}

async function give(form: HTMLFormElement): Promise<boolean> {
  const key = await unlocked(form);
  const told = await fetch(form.dataset["sheet"] ?? "", { headers: { accept: "application/json" } });
  const { sheet } = (await told.json()) as { sheet: Sheet | null };
  if (!sheet) throw new Error("nothing is asked for any more");
  field(form, "answer").value = JSON.stringify(await answer(sheet, key));
  return true;
}

async function unlocked(form: HTMLFormElement): Promise<string> {
  const kept = fromBase64(form.dataset["kept"] ?? "");
  return take(kept, part(form, "passphrase").value).catch(() => {
    throw new Refused("wrong");
  });
}
