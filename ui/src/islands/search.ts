// "/" and ⌘K go to the search line, unless one is typing.

export function searchKey(): void {
  const field = document.querySelector<HTMLInputElement>(".seek input[type=search], .find input");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    const command = event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey;
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
    if (!command && !slash) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
