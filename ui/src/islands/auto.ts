// data-auto: filters send themselves where they stand beside the results; on phones one chooses several, then sends.

export function autoSubmit(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-auto]")) {
    form.addEventListener("change", () => {
      if (matchMedia("(min-width: 1000px)").matches) form.requestSubmit();
    });
  }
}
