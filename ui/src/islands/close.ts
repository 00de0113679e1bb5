// data-close: takes away the message it stands in.

export function close(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest(".flash")?.remove());
  }
}
