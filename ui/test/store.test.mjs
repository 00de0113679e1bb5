// What a browser keeps of the envelopes that it has sealed, and lets go.
import { test } from "node:test";
import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../src/sealing/store.ts", import.meta.url));
const built = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false, charset: "utf8" });
const { forget, note } = await import("data:text/javascript;base64," + Buffer.from(built.outputFiles[0].text).toString("base64"));

test("an envelope goes with what is known of it, and one that is not here is none", async () => {
  const [known, files] = [new Map(), new Set(["a.ziyun", "b.ziyun"])];
  const folder = { removeEntry: async (name) => void files.delete(name) };
  const storage = { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) };
  Object.defineProperty(globalThis, "navigator", { value: { storage }, configurable: true });
  const localStorage = {
    getItem: (key) => known.get(key) ?? null,
    setItem: (key, value) => known.set(key, value),
    removeItem: (key) => known.delete(key),
  };
  Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
  note("one", "a.ziyun");
  note("two", "b.ziyun");
  assert.deepEqual([await forget("one"), await forget("one"), await forget("three")], [true, false, false]);
  assert.deepEqual([[...files], known.size], [["b.ziyun"], 1]);
});
