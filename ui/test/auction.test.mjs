// The pure parts of an auction's page.
import { test } from "node:test";
import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../src/islands/auction.ts", import.meta.url));
const built = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false, charset: "utf8" });
const { money, places } = await import("data:text/javascript;base64," + Buffer.from(built.outputFiles[0].text).toString("base64"));

test("fen are written as the server writes them", () => {
  assert.deepEqual([1, 100, 12_345, 86_900_000, 1_234_567_890_12].map(money), ["0.01", "1.00", "123.45", "869,000.00", "1,234,567,890.12"]);
});

test("equal prices share a place", () => {
  assert.deepEqual(places([100, 100, 120, 150]), [1, 1, 3, 4]);
});
