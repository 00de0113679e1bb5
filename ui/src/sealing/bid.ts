// data-seal: a bid that is packed, sealed and committed to in this browser. Only the envelope and the commitment are sent.
import { Refused, enliven, field, part } from "./form.js";
import { commitment, pack, seal, type Hands, type Packed } from "./format.js";

interface Told {
  blank: { tender: string; lot: string; company: string; company_name: string };
  version: number;
  hands: Hands;
}

const MOST_FILES = 10;
const MOST_BYTES = 24 * 1024 * 1024;
const LONGEST_NAME = 120;

export function bid(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-seal]")) {
    const told = JSON.parse(form.dataset["seal"] ?? "{}") as Told;
    enliven(form, () => submit(form, told));
  }
}

/** An amount in yuan as fen; the server's rule (kit/src/money.rs). */
export function fen(text: string): number | undefined {
  const found = /^(\d{1,13})(?:\.(\d{0,2}))?$/.exec(text.trim().replace(/[,，]/g, ""));
  if (!found) return undefined;
  const amount = Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
  return amount >= 1 && amount <= 10_000_000_000_000 ? amount : undefined;
}

/** Whole days from 1 to 3650. */
export function days(text: string): number | undefined {
  const count = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return count >= 1 && count <= 3650 ? count : undefined;
}

async function submit(form: HTMLFormElement, { blank, version, hands }: Told): Promise<boolean> {
  const price = fen(part(form, "price").value);
  if (price === undefined) throw new Refused("price");
  const delivery_days = days(part(form, "days").value);
  if (delivery_days === undefined) throw new Refused("days");
  const note = part<HTMLTextAreaElement>(form, "note").value.trim();
  if ([...note].length > 5000) throw new Refused("note");
  const files = await read(part(form, "files").files ?? []);
  const envelope = await seal(pack({ ...blank, price, delivery_days, note }, files), hands);
  const line = await commitment(envelope, blank.tender, blank.lot, version);
  await send(form, envelope, line);
  return false;
}

async function read(chosen: Iterable<File>): Promise<Packed[]> {
  const files = [...chosen];
  const plain = (name: string): boolean => name !== "" && [...name].length <= LONGEST_NAME && !/\p{C}/u.test(name);
  if (files.length > MOST_FILES || !files.every((file) => plain(file.name))) throw new Refused("files");
  if (files.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES) throw new Refused("large");
  return Promise.all(files.map(async (file) => ({ name: file.name, content: new Uint8Array(await file.arrayBuffer()) })));
}

async function send(form: HTMLFormElement, envelope: Uint8Array, line: string): Promise<void> {
  const body = new FormData();
  for (const name of ["csrf", "answers", "id", "version"]) {
    if (form.elements.namedItem(name)) body.set(name, field(form, name).value);
  }
  body.set("commitment", line);
  body.set("envelope", new File([envelope as Uint8Array<ArrayBuffer>], "envelope.ziyun"));
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
  const told = (await answer.json().catch(() => ({}))) as { id?: string; title?: string };
  if (!answer.ok) throw new Refused("refused", told.title ?? String(answer.status));
  location.assign(`/bids/${told.id ?? ""}?done=${form.elements.namedItem("version") ? "bid-replaced" : "bid-sealed"}`);
}
