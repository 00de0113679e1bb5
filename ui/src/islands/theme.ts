// data-theme-form: light, dark or as the system says. Acts at once; the form's own POST makes it stay.

export function theme(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!(button instanceof HTMLButtonElement) || button.name !== "theme") return;
      event.preventDefault();
      apply(button.value);
      for (const other of form.querySelectorAll("button[name=theme]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      body.set("theme", button.value);
      fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch((cause: unknown) => {
        console.error("theme was not kept", cause);
      });
    });
  }
}

function apply(value: string): void {
  if (value === "light" || value === "dark") document.documentElement.dataset["theme"] = value;
  else delete document.documentElement.dataset["theme"];
}
