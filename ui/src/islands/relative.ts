// Every exact time also says how far away it is, in its title.
import { relative, serverNow } from "./time.js";
import { words } from "./words.js";

export function relativeTimes(): void {
  const times = [...document.querySelectorAll<HTMLTimeElement>("time[datetime]")].filter((time) => /T\d/.test(time.dateTime));
  const write = (): void => {
    for (const time of times) {
      const at = Date.parse(time.dateTime);
      if (!Number.isNaN(at)) time.title = relative(at, serverNow(), words());
    }
  };
  write();
  if (times.length > 0) setInterval(write, 60_000);
}
