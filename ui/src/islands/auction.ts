// data-auction="/lots/…/auction/live?seen=…": keeps the page of a session true while it is in sight. What happens comes numbered; a lost
// connection is made again by the browser, which says what it has seen last. Whenever what the reader may do changes, the page is
// made anew by the server.

import { serverNow } from "./time.js";

interface Entry {
  number: number;
  kind: string;
  at: string;
  letter: string | null;
  amount: number | null;
  best: number;
  until: string;
}

/** Fen as `869,000.00`. */
export function money(fen: number): string {
  const whole = String(Math.trunc(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(fen % 100).padStart(2, "0")}`;
}

/** Places by price: equal prices share one. */
export function places(prices: number[]): number[] {
  return prices.map((price) => 1 + prices.filter((other) => other < price).length);
}

export function auction(): void {
  const root = document.querySelector<HTMLElement>("[data-auction]");
  if (!root || !("EventSource" in window)) return;
  const board = new Board(root);
  let source: EventSource | undefined;
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  const open = (): void => {
    if (source || document.hidden || board.isOver) return;
    const path = (root.dataset["auction"] ?? "").split("?")[0];
    source = new EventSource(`${path}?seen=${board.last}`);
    source.onopen = () => board.lost(false);
    source.onerror = () => {
      board.lost(true);
      if (source?.readyState === EventSource.CLOSED) close();
    };
    source.onmessage = (message: MessageEvent<string>) => {
      for (const entry of JSON.parse(message.data) as Entry[]) board.take(entry);
      if (board.isOver) close();
    };
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

class Board {
  last: number;
  isOver = false;
  private readonly own: string;
  private readonly root: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
    this.own = root.dataset["own"] ?? "";
    this.last = Number(root.dataset["last"]);
  }

  take(entry: Entry): void {
    if (entry.number <= this.last) return;
    this.last = entry.number;
    if (entry.kind === "offer") this.offer(entry);
    else this.anew(entry);
    this.clock(entry.until);
  }

  lost(is: boolean): void {
    const told = this.part("lost");
    if (told) told.hidden = !is;
  }

  private part(name: string): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(`[data-a="${name}"]`);
  }

  private say(name: string, text: string): void {
    const part = this.part(name);
    if (part) part.textContent = text;
  }

  private word(name: string, values: Record<string, string>): string {
    return (this.root.dataset[name] ?? "").replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
  }

  /** Begun, the next turn, over: the server says what may be done now. Not all at the same moment. */
  private anew(entry: Entry): void {
    this.isOver = ["ended", "terminated"].includes(entry.kind);
    const wait = entry.letter === this.own ? 0 : Math.random() * 800;
    setTimeout(() => location.replace(location.pathname), wait);
  }

  private offer(entry: Entry): void {
    const { letter, amount } = entry;
    if (letter === null || amount === null) return;
    this.place(letter, amount);
    this.say("best", money(entry.best));
    for (const input of this.root.querySelectorAll<HTMLInputElement>('input[name="seen"]')) input.value = String(entry.best);
    if (this.root.dataset["mode"] === "open") this.limit(entry.best - Number(this.root.dataset["step"]));
    const sentence = letter === this.own ? "saysOfferOwn" : "saysOffer";
    this.note(entry, this.word(sentence, { letter, price: money(amount) }), letter === this.own);
  }

  /** The next offer by one step; none where nothing is left. */
  private limit(fen: number): void {
    const button = this.part("offer");
    const input = this.root.querySelector<HTMLInputElement>('[data-a="limit"]');
    if (!button || !input) return;
    button.hidden = fen <= 0;
    input.value = money(Math.max(fen, 0)).replaceAll(",", "");
    button.textContent = this.word("offer", { price: money(Math.max(fen, 0)) });
  }

  private clock(until: string): void {
    const box = this.root.querySelector<HTMLElement>(".count-down");
    if (box && Date.parse(until) > serverNow()) box.dataset["until"] = until;
  }

  private place(letter: string, amount: number): void {
    const body = this.part("bidders");
    if (!body) return;
    const rows = [...body.querySelectorAll<HTMLElement>("tr")];
    for (const row of rows) {
      const is = row.dataset["letter"] === letter;
      row.classList.toggle("moved", is);
      if (!is) continue;
      row.dataset["price"] = String(amount);
      const price = row.querySelector('[data-a="price"]');
      if (price) price.textContent = money(amount);
    }
    const price = (row: HTMLElement): number => Number(row.dataset["price"]);
    rows.sort((one, other) => price(one) - price(other));
    const ranks = places(rows.map(price));
    rows.forEach((row, index) => {
      const rank = ranks[index] ?? 0;
      row.classList.toggle("best", rank === 1);
      const told = row.querySelector(".rank");
      if (told) told.textContent = String(rank);
      if (row.dataset["letter"] === this.own) this.ownPlace(rank, price(row));
    });
    body.replaceChildren(...rows);
    this.say("holder", this.word("bidder", { letter: rows[0]?.dataset["letter"] ?? "" }));
  }

  private ownPlace(rank: number, fen: number): void {
    this.say("rank", this.word("place", { n: String(rank) }));
    this.say("own", money(fen));
    this.part("own-board")?.classList.toggle("leads", rank === 1);
  }

  private note(entry: Entry, sentence: string, isOwn: boolean): void {
    const log = this.part("log");
    if (!log) return;
    this.part("log-empty")?.remove();
    const line = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = entry.at;
    const zone = this.root.dataset["zone"] ?? "UTC";
    const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    time.textContent = shown.format(new Date(entry.at));
    const said = document.createElement("div");
    const text = document.createElement(isOwn ? "b" : "span");
    text.textContent = sentence;
    said.append(text);
    line.append(time, said);
    log.prepend(line);
    while (log.children.length > 60) log.lastElementChild?.remove();
  }
}
