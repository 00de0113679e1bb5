// The bundle of the pages that seal bids, and that hold and use the keys which open them.
import { bid } from "./bid.js";
import { officer } from "./officer.js";

for (const island of [officer, bid]) {
  try {
    island();
  } catch (cause) {
    console.error(island.name, cause);
  }
}
