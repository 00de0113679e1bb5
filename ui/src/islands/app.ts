// Every island is one small file with one function; each looks for its own attribute and does nothing without it.
import { auction } from "./auction.js";
import { autoSubmit } from "./auto.js";
import { checklist } from "./checklist.js";
import { close } from "./close.js";
import { copy } from "./copy.js";
import { countDown } from "./countdown.js";
import { draft } from "./draft.js";
import { files } from "./files.js";
import { forget } from "./forget.js";
import { goOn } from "./go.js";
import { guard } from "./guard.js";
import { inbox } from "./inbox.js";
import { menu } from "./menu.js";
import { passkey } from "./passkey.js";
import { password } from "./password.js";
import { print } from "./print.js";
import { relativeTimes } from "./relative.js";
import { searchKey } from "./search.js";
import { tables } from "./tables.js";
import { theme } from "./theme.js";

for (const island of [
  draft, passkey, guard, autoSubmit, files, password, theme, countDown, relativeTimes, searchKey, tables, menu, copy, close, print,
  inbox, goOn, auction, checklist, forget,
]) {
  // One broken island must not take the others with it.
  try {
    island();
  } catch (cause) {
    console.error(island.name, cause);
  }
}
