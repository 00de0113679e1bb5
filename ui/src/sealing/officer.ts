// data-officer="enrol|wrap|prove|give": an opening officer's key, made, proved and used in this browser. The passphrase stays in it; where the
// key lies for a passkey, too (data-wrapped, data-hint), a button with data-part="passkey" takes that instead.
import { Refused, enliven, field, part } from "./form.js";
import { answer, base64, fromBase64, keep, newKey, prove, publicHalf, take, unwrap, wrap, type Sheet } from "./format.js";

const LEAST = 14;
const LEAST_DIFFERENT = 8;

export function officer(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-officer]")) {
    const work = { enrol, wrap: wraps, prove: proves, give }[form.dataset["officer"] ?? ""];
    if (!work) continue;
    enliven(form, () => work(form));
    offer(form);
  }
}

/** Shows what takes a passkey where this browser has them: the button that uses one, or all of the form that makes one. */
function offer(form: HTMLFormElement): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const one of form.querySelectorAll<HTMLElement>("[data-passkeys]")) one.hidden = false;
  const button = form.querySelector<HTMLButtonElement>('button[data-part="passkey"]');
  button?.addEventListener("click", () => {
    form.dataset["way"] = "passkey";
    form.requestSubmit();
  });
}

/** The key for a passkey, too: the passphrase opens it once more, then the browser makes the passkey and the file for it. */
async function wraps(form: HTMLFormElement): Promise<boolean> {
  const key = await unlocked(form);
  const made = await wrap(key, form.dataset["name"] ?? "").catch(none);
  field(form, "wrapped").value = base64(made.wrapped);
  field(form, "hint").value = made.hint;
  return true;
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

/** Who cancels has not failed. */
function none(cause: unknown): never {
  if (!(cause instanceof DOMException && cause.name === "NotAllowedError")) console.error("no passkey", cause);
  throw new Refused("passkey");
}

async function unlocked(form: HTMLFormElement): Promise<string> {
  const { way, wrapped, hint } = form.dataset;
  delete form.dataset["way"];
  if (way === "passkey" && wrapped && hint) {
    return unwrap({ wrapped: fromBase64(wrapped), hint }).catch(none);
  }
  const kept = fromBase64(form.dataset["kept"] ?? "");
  return take(kept, part(form, "passphrase").value).catch(() => {
    throw new Refused("wrong");
  });
}
