// data-passkey="create|get": asks the browser for a passkey and sends what it answers with the form. The challenge comes from
// data-challenge; data-origin is the only origin where browsers take passkeys of this installation.
import { answered, askedFor, type CreationJson, type RequestJson } from "./webauthn.js";
import { words } from "./words.js";

interface Challenge {
  challenge: string;
  options: unknown;
}

export function passkey(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) enliven(form);
}

function enliven(form: HTMLFormElement): void {
  show(form, "off", false);
  const credentials: CredentialsContainer | undefined = navigator.credentials; // absent on plain http outside loopback
  if (form.dataset["origin"] !== location.origin) return show(form, "elsewhere", true);
  if (!("PublicKeyCredential" in window) || !credentials) return show(form, "none", true);
  show(form, "act", true);
  button(form)?.addEventListener("click", (event) => {
    if (button(form)?.type === "submit") return;
    event.preventDefault();
    form.requestSubmit();
  });
  // Before the guard sees it: what is not sent yet is not busy.
  form.addEventListener("submit", (event) => void submit(form, event), { capture: true });
  // Back from the next page: what was sent is worth nothing any more.
  addEventListener("pageshow", () => (field(form, "credential").value = ""));
}

async function submit(form: HTMLFormElement, event: SubmitEvent): Promise<void> {
  if (field(form, "credential").value !== "") return;
  event.preventDefault();
  const pressed = button(form);
  if (pressed?.getAttribute("aria-busy")) return;
  pressed?.setAttribute("aria-busy", "true");
  say(form, "");
  try {
    const { challenge, options } = await pose(form);
    const credential = await ask(form, options);
    field(form, "challenge").value = challenge;
    field(form, "credential").value = JSON.stringify(credential);
    form.requestSubmit();
  } catch (cause) {
    say(form, why(cause));
  } finally {
    pressed?.removeAttribute("aria-busy");
  }
}

async function pose(form: HTMLFormElement): Promise<Challenge> {
  const answer = await fetch(form.dataset["challenge"] ?? "", {
    method: "POST",
    headers: { accept: "application/json", "x-csrf-token": field(form, "csrf").value },
  });
  if (!answer.ok) throw new Refused(await answer.json().then((told: { title?: string }) => told.title ?? "", () => ""));
  return (await answer.json()) as Challenge;
}

/** The server's own words about why there is no challenge. */
class Refused extends Error {}

async function ask(form: HTMLFormElement, options: unknown): Promise<unknown> {
  const made =
    form.dataset["passkey"] === "create"
      ? await navigator.credentials.create({ publicKey: askedFor(options as CreationJson) })
      : await navigator.credentials.get({ publicKey: askedFor(options as RequestJson) });
  if (!(made instanceof PublicKeyCredential)) throw new Error("the browser gave no passkey");
  return answered(made);
}

function why(cause: unknown): string {
  const say = words();
  if (cause instanceof Refused && cause.message) return cause.message;
  const name = cause instanceof DOMException ? cause.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return say.passkeyCancelled;
  if (name === "InvalidStateError") return say.passkeyKnown;
  if (name === "NotSupportedError" || name === "ConstraintError" || name === "SecurityError") return say.passkeyUnfit;
  console.error("no passkey", cause);
  return say.passkeyFailed;
}

function button(form: HTMLFormElement): HTMLButtonElement | null {
  return form.querySelector<HTMLButtonElement>("[data-passkey-act] button");
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const input = form.elements.namedItem(name);
  if (!(input instanceof HTMLInputElement)) throw new Error(`a passkey's form without ${name}`);
  return input;
}

function show(form: HTMLFormElement, what: "off" | "none" | "elsewhere" | "act", is: boolean): void {
  for (const part of form.querySelectorAll<HTMLElement>(`[data-passkey-${what}]`)) part.hidden = !is;
}

function say(form: HTMLFormElement, text: string): void {
  const box = form.querySelector<HTMLElement>("[data-passkey-said]");
  const word = box?.querySelector("b");
  if (!box || !word) return;
  word.textContent = text;
  box.hidden = text === "";
}
