// Time is the server's: a wrong clock on the reader's machine, or the demo's moved clock, must not shift a deadline.
import type { Words } from "./words.js";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

let offset: number | undefined;

/** Milliseconds since the epoch by the server's clock, from `<html data-now>` read when the page arrived. */
export function serverNow(): number {
  if (offset === undefined) {
    const told = Date.parse(document.documentElement.dataset["now"] ?? "");
    offset = Number.isNaN(told) ? 0 : told - Date.now();
  }
  return Date.now() + offset;
}

/** The two largest units of a time span in seconds: "3天4小时", "12 minutes". */
export function span(seconds: number, say: Words): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s >= 2 * day) return say.day(Math.floor(s / day));
  if (s >= hour) return say.hour(Math.floor(s / hour));
  if (s >= minute) return say.minute(Math.floor(s / minute));
  return say.second(s);
}

/** "还有3天", "in 3 days", "2小时前", "2 hours ago". */
export function relative(at: number, now: number, say: Words): string {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) < 1) return say.now;
  return seconds > 0 ? say.ahead(span(seconds, say)) : say.ago(span(-seconds, say));
}

/** What a count-down shows: days, hours, minutes; under a day hours, minutes, seconds. */
export function parts(milliseconds: number, say: Words): { number: string; unit: string }[] {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(s / day);
  const hours = Math.floor((s % day) / hour);
  const minutes = Math.floor((s % hour) / minute);
  const three: [number, (n: number) => string][] =
    days > 0
      ? [[days, say.day], [hours, say.hour], [minutes, say.minute]]
      : [[hours, say.hour], [minutes, say.minute], [s % minute, say.second]];
  return three.map(([n, unit]) => ({
    number: String(n).padStart(n === days && days > 0 ? 1 : 2, "0"),
    unit: unit(n).replace(/^\d+/, "").trim(),
  }));
}
