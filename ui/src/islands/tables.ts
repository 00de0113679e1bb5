// Rows that are links (data-rows), and roles for tables that become records on phones: some browsers drop them with `display`.

const roles: Record<string, string> = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };

export function tables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table.cards, table.compare")) {
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tfoot, tr, td")]) {
      const role = roles[part.tagName];
      if (role) part.setAttribute("role", role);
    }
    for (const head of table.querySelectorAll("th")) {
      head.setAttribute("role", head.closest("thead") ? "columnheader" : "rowheader");
    }
  }
  for (const table of document.querySelectorAll<HTMLTableElement>("table[data-rows]")) {
    table.addEventListener("click", (event) => follow(event));
  }
}

function follow(event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.defaultPrevented) return;
  if (event.target.closest("a, button, input, label, select, summary, [data-copy]")) return;
  if (String(getSelection() ?? "") !== "") return; // one is marking text
  const link = event.target.closest("tbody tr")?.querySelector<HTMLAnchorElement>("a.title");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
}
