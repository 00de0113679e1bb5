// data-until: counts down to a deadline. The server has written how long it is; this keeps it true while the page stays open.
import { parts, serverNow } from "./time.js";
import { words } from "./words.js";

const soon = 24 * 60 * 60 * 1000;

export function countDown(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-until]")) {
    const until = (): number => Date.parse(box.dataset["until"] ?? "");
    const left = box.querySelector<HTMLElement>(".left");
    if (Number.isNaN(until()) || !left) continue;
    box.setAttribute("role", "timer");
    const tick = (): void => {
      const rest = until() - serverNow();
      if (rest <= 0) {
        left.textContent = box.dataset["past"] ?? "";
        box.classList.remove("soon");
        // What may still be put off: somebody else writes the new hour.
        if ("live" in box.dataset) setTimeout(tick, 250);
        return;
      }
      box.classList.toggle("soon", rest < soon);
      draw(left, rest);
      // Seconds are shown under a day only; minutes need no more than a look every ten seconds.
      setTimeout(tick, rest < soon ? 1000 : 10_000);
    };
    tick();
  }
}

function draw(left: HTMLElement, rest: number): void {
  left.replaceChildren(
    ...parts(rest, words()).flatMap(({ number, unit }) => {
      const b = document.createElement("b");
      b.textContent = number;
      return [b, document.createTextNode(unit)];
    }),
  );
}
