// File fields list what was chosen, with size and SHA-256, before anything is sent:
// the same hash stands in the receipt, so that both can be compared.
import { words } from "./words.js";

const largest = 32 * 1024 * 1024; // hashing needs the whole file in memory

export function files(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[type=file]")) {
    const list = document.createElement("ul");
    list.className = "chosen";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    input.addEventListener("change", () => list.replaceChildren(...[...(input.files ?? [])].map(line)));
    drop(input);
  }
}

function line(file: File): HTMLLIElement {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const size = document.createElement("span");
  size.className = "fine nb";
  size.textContent = sizeOf(file.size);
  const hash = document.createElement("code");
  item.append(name, size, hash);
  void write(file, hash);
  return item;
}

async function write(file: File, hash: HTMLElement): Promise<void> {
  const subtle: SubtleCrypto | undefined = crypto.subtle; // absent on plain http outside loopback
  if (file.size > largest || !subtle) {
    hash.textContent = words().noHash;
    return;
  }
  hash.textContent = words().hashing;
  try {
    const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
    hash.textContent = "SHA-256 " + [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    hash.textContent = words().noHash;
  }
}

/** 1 KB = 1024 bytes, as file managers show it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function drop(input: HTMLInputElement): void {
  const box = input.closest(".drop");
  if (!box) return;
  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    const dropped = event instanceof DragEvent ? event.dataTransfer?.files : undefined;
    if (!dropped?.length || event.target === input) return;
    event.preventDefault();
    input.files = dropped;
    input.dispatchEvent(new Event("change"));
  });
}
