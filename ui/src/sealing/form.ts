// Forms whose secrets stay here: their fields have no name, so that nothing of them is sent, with script or without.

/** A field without a name, by its data-part. */
export function part<T extends HTMLElement = HTMLInputElement>(form: HTMLFormElement, name: string): T {
  const found = form.querySelector<T>(`[data-part="${name}"]`);
  if (!found) throw new Error(`a form without ${name}`);
  return found;
}

/** A hidden field that is sent. */
export function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.elements.namedItem(name);
  if (!(found instanceof HTMLInputElement)) throw new Error(`a form without ${name}`);
  return found;
}

/** Shows one of the sentences that the page holds ready, and hides the others. */
export function say(form: HTMLFormElement, what: string | undefined, text?: string): void {
  for (const one of form.querySelectorAll<HTMLElement>("[data-say]")) one.hidden = one.dataset["say"] !== what;
  const shown = what === undefined ? null : form.querySelector<HTMLElement>(`[data-say="${what}"]`);
  const words = shown?.querySelector("[data-said]");
  if (words && text !== undefined) words.textContent = text;
  if (what !== "busy") shown?.focus();
}

/** Why a form is not sent: the name of a sentence, and the server's own words and status where it has spoken. */
export class Refused extends Error {
  constructor(
    readonly what: string,
    readonly told?: string,
    readonly status?: number,
  ) {
    super(what);
  }
}

/** Shows what needs script, and does `work` before the form is sent; `work` answers whether the form itself is to go then. */
export function enliven(form: HTMLFormElement, work: () => Promise<boolean>): void {
  for (const one of form.querySelectorAll<HTMLElement>("[data-part-off]")) one.hidden = true;
  for (const one of form.querySelectorAll<HTMLElement>("[data-part-act]")) one.hidden = false;
  let state: "idle" | "busy" | "ready" = "idle";
  // Before the guard sees it: what is not sent yet is not sent.
  form.addEventListener(
    "submit",
    (event) => {
      if (state === "ready") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (state === "busy") return;
      state = "busy";
      void run(form, work).then((goes) => {
        state = goes ? "ready" : "idle";
        if (goes) form.requestSubmit();
      });
    },
    { capture: true },
  );
  addEventListener("pageshow", (event) => {
    if (event.persisted) state = "idle";
  });
}

async function run(form: HTMLFormElement, work: () => Promise<boolean>): Promise<boolean> {
  const button = form.querySelector<HTMLButtonElement>("[data-part-act] button[type=submit]");
  button?.setAttribute("aria-busy", "true");
  say(form, "busy");
  // The sentence is painted before the work begins, which takes this thread.
  await new Promise((done) => setTimeout(done, 30));
  try {
    const goes = await work();
    say(form, goes ? "busy" : undefined);
    return goes;
  } catch (cause) {
    if (!(cause instanceof Refused)) console.error("nothing was sent", cause);
    say(form, cause instanceof Refused ? cause.what : "failed", cause instanceof Refused ? cause.told : undefined);
    return false;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}
