// data-check="id id": an item of a list that is done once one of these fields holds something, or one of these boxes is ticked.
export function checklist(): void {
  for (const item of document.querySelectorAll<HTMLElement>("[data-check]")) {
    const named = (item.dataset["check"] ?? "").split(" ").map((id) => document.getElementById(id));
    const fields = named.filter((field): field is HTMLInputElement => field instanceof HTMLInputElement);
    if (fields.length === 0) continue;
    const show = (): void => {
      const done = fields.some((field) => (field.type === "checkbox" ? field.checked : field.value.trim() !== ""));
      for (const one of item.querySelectorAll<HTMLElement>("[data-check-is]")) one.hidden = (one.dataset["checkIs"] === "done") !== done;
    };
    for (const field of fields) field.addEventListener("input", show);
    show();
  }
}
