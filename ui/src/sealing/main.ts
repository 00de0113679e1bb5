// The bundle of the pages that seal bids, and that hold and use the keys which open them.
import { bid } from "./bid.js";
import { deliver } from "./deliver.js";
import { officer } from "./officer.js";

for (const island of [officer, bid, deliver]) {
  try {
    island();
  } catch (cause) {
    console.error(island.name, cause);
  }
}
