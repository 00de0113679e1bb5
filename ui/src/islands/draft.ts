// data-draft="key": what was typed survives a reload or an expired sign-in, in this tab only (sessionStorage).
// Never kept: passwords, codes, hidden fields, files, and whatever is marked data-personal.
import { words } from "./words.js";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Draft { at: number; sent: boolean; values: Record<string, string[]> }

const prefix = "draft:";
const barred = new Set(["password", "hidden", "file", "submit", "button", "image", "reset"]);

export function draft(): void {
  forgetOnSignOut();
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-draft]")];
  forgetSent(new Set(forms.map(keyOf)));
  for (const form of forms) {
    restore(form);
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(form, false), 400);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      save(form, true);
    });
  }
}

function keyOf(form: HTMLFormElement): string {
  return prefix + (form.dataset["draft"] ?? "");
}

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.elements].filter((field): field is Field => {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) return false;
    return field.name !== "" && !barred.has(field.type) && field.autocomplete !== "one-time-code" && !field.closest("[data-personal]");
  });
}

function ticks(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function save(form: HTMLFormElement, sent: boolean): void {
  const values: Record<string, string[]> = {};
  for (const field of fieldsOf(form)) {
    const list = (values[field.name] ??= []);
    if (!ticks(field) || field.checked) list.push(field.value);
  }
  sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), sent, values } satisfies Draft));
}

function read(key: string): Draft | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(key) ?? "null") as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A form that was sent and does not come back with errors has arrived; a sign-in page in between is no arrival. */
function forgetSent(here: Set<string>): void {
  if (document.querySelector("input[autocomplete=current-password]")) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix) && !here.has(key) && read(key)?.sent) sessionStorage.removeItem(key);
  }
}

function restore(form: HTMLFormElement): void {
  const kept = read(keyOf(form));
  // After an error the server has written the values itself; they are newer.
  if (!kept || form.querySelector(".field.wrong")) return;
  let changed = false;
  const order = new Map<string, number>();
  for (const field of fieldsOf(form)) {
    const list = kept.values[field.name];
    if (!list) continue;
    if (ticks(field)) {
      const on = list.includes(field.value);
      changed ||= field.checked !== on;
      field.checked = on;
      continue;
    }
    const nth = order.get(field.name) ?? 0;
    order.set(field.name, nth + 1);
    const value = list[nth];
    if (value === undefined || value === field.value) continue;
    field.value = value;
    changed = true;
  }
  if (changed) say(form, kept.at);
}

function say(form: HTMLFormElement, at: number): void {
  const line = document.createElement("p");
  line.className = "draft-saved";
  line.setAttribute("role", "status");
  const time = new Date(at).toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit" });
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link";
  discard.textContent = words().discard;
  discard.addEventListener("click", () => {
    sessionStorage.removeItem(keyOf(form));
    form.reset();
    line.remove();
  });
  line.append(words().draftRestored(time), discard);
  form.prepend(line);
}

function forgetOnSignOut(): void {
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => sessionStorage.clear());
  }
}
