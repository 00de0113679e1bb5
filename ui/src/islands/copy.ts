// data-copy: copies a hash or an address and says so.
import { words } from "./words.js";

export function copy(): void {
  const clipboard: Clipboard | undefined = navigator.clipboard; // absent on plain http outside loopback
  if (!clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    const word = button.querySelector<HTMLElement>("span") ?? button;
    button.addEventListener("click", () => {
      clipboard.writeText(button.dataset["copy"] ?? "").then(
        () => {
          const before = word.textContent;
          word.textContent = words().copied;
          button.disabled = true;
          setTimeout(() => {
            word.textContent = before;
            button.disabled = false;
          }, 1500);
        },
        (cause: unknown) => console.error("nothing was copied", cause),
      );
    });
  }
}
