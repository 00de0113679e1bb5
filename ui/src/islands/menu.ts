// details.menu closes when one goes elsewhere.

export function menu(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>("details.menu")];
  if (menus.length === 0) return;
  document.addEventListener("click", (event) => {
    for (const one of menus) if (!(event.target instanceof Node && one.contains(event.target))) one.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const one of menus) {
      if (!one.open) continue;
      one.open = false;
      one.querySelector("summary")?.focus();
    }
  });
}
