// Forms are sent once, show that they are busy, and (data-guard) do not lose what was typed by a slip.

export function guard(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[method=post]:not([data-theme-form])")) once(form);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-guard]")) keep(form);
}

function once(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset["sent"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Back from the next page: the form may be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete form.dataset["sent"];
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

function keep(form: HTMLFormElement): void {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
