// data-forget: envelopes that are wanted no more, by their hashes. What this browser kept of them goes, and the page says so.
import { forget as forgetOne } from "../sealing/store.js";

export function forget(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-forget]")) {
    const hashes = (place.dataset["forget"] ?? "").split(" ");
    void Promise.all(hashes.map(forgetOne)).then(
      (had) => {
        place.hidden = !had.includes(true);
      },
      (cause: unknown) => console.error("an envelope was not removed", cause),
    );
  }
}
