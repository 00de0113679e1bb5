// data-badge="/inbox": keeps the number of unread notifications true while the page is in sight. Without it the number is that of
// when the page was made. A page out of sight lets go of its connection: browsers have six for all pages of an origin.

interface Count {
  count: number;
  told: string;
}

export function inbox(): void {
  const badge = document.querySelector<HTMLAnchorElement>('[data-badge="/inbox"]');
  if (!badge || !("EventSource" in window)) return;
  let source: EventSource | undefined;
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  const open = (): void => {
    if (source || document.hidden) return;
    source = new EventSource("/inbox/live");
    source.onmessage = (message: MessageEvent<string>) => show(badge, JSON.parse(message.data) as Count);
    // What is refused (signed out, too many windows) is not asked for again by this page; what breaks is, by the browser.
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) close();
    };
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

function show(badge: HTMLElement, { count, told }: Count): void {
  const number = badge.querySelector<HTMLElement>(".count");
  if (!number) return;
  const before = Number.parseInt(badge.dataset["count"] ?? number.textContent ?? "0", 10);
  badge.dataset["count"] = String(count);
  badge.setAttribute("aria-label", told);
  number.textContent = count > 99 ? "99+" : String(count);
  number.hidden = count === 0;
  if (count > before) announce(told);
}

/** Says it to who does not see the number. */
function announce(text: string): void {
  const status = document.querySelector<HTMLElement>("[data-live]") ?? document.createElement("p");
  if (!status.isConnected) {
    status.className = "sr";
    status.dataset["live"] = "";
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  status.textContent = text;
}
