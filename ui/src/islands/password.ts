// data-password: show and hide, and how many characters. Whether a password is good enough is decided by the server.
import { words } from "./words.js";

export function password(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-password]")) {
    const say = words();
    const row = document.createElement("div");
    row.className = "with";
    const toggle = document.createElement("button");
    toggle.type = "button";
    toggle.className = "btn";
    toggle.textContent = say.show;
    toggle.setAttribute("aria-label", say.showPassword);
    toggle.setAttribute("aria-controls", input.id);
    input.replaceWith(row);
    row.append(input, toggle);

    toggle.addEventListener("click", () => {
      const visible = input.type === "password";
      input.type = visible ? "text" : "password";
      toggle.textContent = visible ? say.hide : say.show;
      toggle.setAttribute("aria-label", visible ? say.hidePassword : say.showPassword);
    });
    // Sent as a password again, or browsers would offer to remember it as text.
    input.form?.addEventListener("submit", () => (input.type = "password"));
    if (input.autocomplete === "new-password") count(input, row);
  }
}

function count(input: HTMLInputElement, row: HTMLElement): void {
  const length = document.createElement("span");
  length.className = "fine";
  length.hidden = true;
  row.after(length);
  const show = (): void => {
    const characters = [...input.value].length;
    length.hidden = characters === 0;
    length.textContent = words().characters(characters);
  };
  input.addEventListener("input", show);
  show();
}
