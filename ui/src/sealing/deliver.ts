// data-deliver: the upload of an envelope that was sealed in this browser, by tus 1.0. It goes on by itself, after a reload, a lost network or
// a pause from where the platform says that it is.
import { forget, kept } from "./store.js";

const PIECE = 4 * 1024 * 1024;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** What another try would not change. */
const FINAL = [400, 401, 403, 404, 410, 412, 413, 415, 422];

export function deliver(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-deliver]")) {
    void begin(place).catch((cause: unknown) => console.error("the upload could not begin", cause));
  }
}

async function begin(place: HTMLElement): Promise<void> {
  place.hidden = false;
  const [path, hash] = [place.dataset["deliver"] ?? "", place.dataset["hash"] ?? ""];
  const envelope = await kept(hash);
  if (!envelope || envelope.size !== Number(place.dataset["length"])) return tell(place, "elsewhere");
  const upload = new Upload(place, path, envelope, hash);
  button(place, "pause").addEventListener("click", () => upload.pause());
  button(place, "resume").addEventListener("click", () => void upload.run());
  addEventListener("online", () => upload.hurry());
  await upload.run();
}

const button = (place: HTMLElement, name: string): HTMLButtonElement => {
  const found = place.querySelector<HTMLButtonElement>(`button[data-part="${name}"]`);
  if (!found) throw new Error(`an upload without ${name}`);
  return found;
};

/** Shows one of the sentences that the page holds ready, and the button that fits it. */
function tell(place: HTMLElement, what: string, text?: string): void {
  for (const one of place.querySelectorAll<HTMLElement>("[data-say]")) one.hidden = one.dataset["say"] !== what;
  const words = place.querySelector<HTMLElement>(`[data-say="${what}"] [data-said]`);
  if (words && text !== undefined) words.textContent = text;
  button(place, "pause").hidden = what !== "going" && what !== "waiting";
  button(place, "resume").hidden = what !== "paused" && what !== "refused";
}

class Upload {
  private paused = false;
  private going = false;
  private abort = new AbortController();
  private wake: () => void = () => undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly path: string,
    private readonly envelope: File,
    private readonly hash: string,
  ) {}

  pause(): void {
    this.paused = true;
    this.abort.abort();
    this.wake();
  }

  hurry(): void {
    this.wake();
  }

  async run(): Promise<void> {
    if (this.going) return;
    [this.going, this.paused] = [true, false];
    try {
      await this.go();
    } finally {
      this.going = false;
    }
  }

  private async go(): Promise<void> {
    let at: number | undefined;
    let wait = FIRST_WAIT;
    while (!this.paused) {
      this.abort = new AbortController();
      try {
        if (at === this.envelope.size) return await this.arrived();
        tell(this.place, "going");
        const answer: Response = await this.ask(at);
        if (FINAL.includes(answer.status)) return await this.refused(answer);
        if (answer.ok) {
          at = Number(answer.headers.get("upload-offset"));
          wait = FIRST_WAIT;
          this.show(at);
          continue;
        }
      } catch {
        // The network is lost, or somebody has paused.
      }
      at = undefined;
      if (this.paused) break;
      tell(this.place, "waiting");
      await new Promise<void>((done) => {
        this.wake = done;
        setTimeout(done, wait);
      });
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
    tell(this.place, "paused");
  }

  /** Where it stands, or the next piece. */
  private ask(at: number | undefined): Promise<Response> {
    const token = this.place.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
    const headers = { "tus-resumable": "1.0.0", accept: "application/json", "x-csrf-token": token };
    const { signal } = this.abort;
    if (at === undefined) return fetch(this.path, { headers, signal });
    const piece = { "upload-offset": String(at), "content-type": "application/offset+octet-stream" };
    const body = this.envelope.slice(at, at + PIECE);
    return fetch(this.path, { method: "PATCH", headers: { ...headers, ...piece }, body, signal });
  }

  private show(at: number): void {
    const bar = this.place.querySelector("progress");
    if (bar) bar.value = at;
    const words = this.place.querySelector<HTMLElement>("[data-part=come]");
    if (words) words.textContent = `${Math.floor((at / this.envelope.size) * 100)} %`;
  }

  private async refused(answer: Response): Promise<void> {
    const told = (await answer.json().catch(() => ({}))) as { title?: string };
    tell(this.place, "refused", told.title ?? String(answer.status));
  }

  private async arrived(): Promise<void> {
    await forget(this.hash);
    location.assign(`${location.pathname}?done=bid-delivered`);
  }
}
