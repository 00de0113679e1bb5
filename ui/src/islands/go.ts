// data-go: a step that the reader has taken elsewhere already, such as at an issuer that has sent them back; it goes on by itself.

export function goOn(): void {
  document.querySelector<HTMLFormElement>("form[data-go]")?.requestSubmit();
}
