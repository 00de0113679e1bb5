// data-seal: a bid that is packed, sealed and committed to in this browser. Only the envelope and the commitment are sent.
import { Refused, enliven, field, part } from "./form.js";
import { commitment, line, pack, seal, type Hands, type Packed, type Sealed } from "./format.js";
import { canKeep, drop, forget, hasRoom, note as keepNote } from "./store.js";
import type { Order, Told as Worked } from "./worker.js";

interface Told {
  blank: { tender: string; lot: string; company: string; company_name: string };
  version: number;
  hands: Hands;
  /** Where the tender allows it: the bidder's key, which gets a share of its own. */
  own: string | null;
  /** For envelopes that are too large for one request: where they are committed to, what seals them, how large they may be. */
  commitments: string;
  worker: string;
  limit: number;
}

const MOST_FILES = 10;
const MOST_BYTES = 24 * 1024 * 1024;
const LONGEST_NAME = 120;
/** What tells that nothing was stored. */
const REFUSALS = [400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 429];

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

async function submit(form: HTMLFormElement, told: Told): Promise<boolean> {
  const { blank, version } = told;
  const price = fen(part(form, "price").value);
  if (price === undefined) throw new Refused("price");
  const delivery_days = days(part(form, "days").value);
  if (delivery_days === undefined) throw new Refused("days");
  const note = part<HTMLTextAreaElement>(form, "note").value.trim();
  if ([...note].length > 5000) throw new Refused("note");
  const files = chosen([...(part(form, "files").files ?? []), ...(await kept(form))], told.limit);
  const offer = { ...blank, price, delivery_days, note };
  if (files.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES) {
    await commit(form, told, offer, files);
    return false;
  }
  const envelope = await seal(pack(offer, await read(files)), sealedTo(told));
  await send(form, envelope, await commitment(envelope, blank.tender, blank.lot, version));
  return false;
}

function chosen(given: Iterable<File>, limit: number): File[] {
  const files = [...given];
  const plain = (name: string): boolean => name !== "" && [...name].length <= LONGEST_NAME && !/\p{C}/u.test(name);
  if (files.length > MOST_FILES || !files.every((file) => plain(file.name))) throw new Refused("files");
  // Padding takes an eighth more, at most.
  if (files.reduce((sum, file) => sum + file.size, 0) > (limit * 8) / 9 - 64 * 1024) throw new Refused("large");
  return files;
}

async function read(files: File[]): Promise<Packed[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, content: new Uint8Array(await file.arrayBuffer()) })));
}

/** To whom it is sealed: the tender's hands, and the bidder's own where it has one. */
function sealedTo({ hands, own }: Told): Hands {
  return own === null ? hands : { ...hands, own };
}

/** The files of the company's library that are ticked: fetched here and sealed here. Which they are is not sent. */
async function kept(form: HTMLFormElement): Promise<File[]> {
  const ticked = [...form.querySelectorAll<HTMLInputElement>("input[data-kept]:checked")];
  return Promise.all(
    ticked.map(async ({ value }) => {
      const answer = await fetch(`/library-files/${encodeURIComponent(value)}`).catch(() => undefined);
      const name = nameOf(answer?.headers.get("content-disposition") ?? "");
      const content = answer?.ok ? await answer.blob().catch(() => undefined) : undefined;
      if (content === undefined || name === undefined) throw new Refused("kept");
      return new File([content], name);
    }),
  );
}

/** The name in a header `attachment; filename*=UTF-8''…`. */
export function nameOf(disposition: string): string | undefined {
  const found = /filename\*=UTF-8''([^;]+)/.exec(disposition);
  try {
    return found?.[1] === undefined ? undefined : decodeURIComponent(found[1]);
  } catch {
    return undefined;
  }
}

/** Sealed beside the page into a file of this browser's own, committed to, and uploaded from the bid's page. */
async function commit(form: HTMLFormElement, told: Told, offer: unknown, files: File[]): Promise<void> {
  if (!canKeep()) throw new Refused("private");
  if (!(await hasRoom(files.reduce((sum, file) => sum + file.size, 0) * 1.2))) throw new Refused("space");
  await navigator.storage.persist?.().catch(() => false);
  const name = `${crypto.randomUUID()}.ziyun`;
  let sealed: Sealed;
  try {
    sealed = await sealedBeside(form, told.worker, { offer, files, hands: sealedTo(told), name });
    keepNote(sealed.sha256, name);
  } catch (cause) {
    await drop(name);
    throw cause;
  }
  const { tender, lot } = told.blank;
  const to = await line(sealed, { tender, lot, version: told.version });
  const id = await post(form, told.commitments, to).catch((cause: unknown) => refused(cause, sealed.sha256));
  location.assign(`/bids/${id}?done=bid-committed`);
}

/** An envelope whose commitment was refused will never be wanted, so that it goes; where the answer is lost, its bid may be there. */
async function refused(cause: unknown, sha256: string): Promise<never> {
  if (!(cause instanceof Refused && REFUSALS.includes(cause.status ?? 0))) throw cause;
  await forget(sha256);
  throw new Refused("dropped", cause.told);
}

function sealedBeside(form: HTMLFormElement, url: string, order: Order): Promise<Sealed> {
  const bar = form.querySelector("progress");
  const worker = new Worker(url, { type: "module" });
  const sealed = new Promise<Sealed>((done, failed) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Worked>) => {
      if ("sealed" in data) done(data.sealed);
      else if ("failed" in data) failed(new Error(data.failed));
      else if (bar) [bar.hidden, bar.value] = [false, data.done];
    });
    worker.addEventListener("error", () => failed(new Error("the sealing script did not run")));
    worker.postMessage(order);
  });
  return sealed.finally(() => {
    worker.terminate();
    if (bar) bar.hidden = true;
  });
}

async function send(form: HTMLFormElement, envelope: Uint8Array, line: string): Promise<void> {
  const file = new File([envelope as Uint8Array<ArrayBuffer>], "envelope.ziyun");
  const id = await post(form, form.action, line, file);
  location.assign(`/bids/${id}?done=${form.elements.namedItem("version") ? "bid-replaced" : "bid-sealed"}`);
}

async function post(form: HTMLFormElement, path: string, line: string, envelope?: File): Promise<string> {
  const body = new FormData();
  for (const name of ["csrf", "answers", "id", "version"]) {
    if (form.elements.namedItem(name)) body.set(name, field(form, name).value);
  }
  body.set("commitment", line);
  if (envelope) body.set("envelope", envelope);
  const answer = await fetch(path, { method: "POST", body, headers: { accept: "application/json" } });
  const told = (await answer.json().catch(() => ({}))) as { id?: string; title?: string };
  if (!answer.ok) throw new Refused("refused", told.title ?? String(answer.status), answer.status);
  return told.id ?? "";
}
