// Pure parts of the islands, bundled on the fly and run by Node's own test runner.
import { test } from "node:test";
import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

async function load(name) {
  const entry = fileURLToPath(new URL(`../src/islands/${name}.ts`, import.meta.url));
  const built = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false, charset: "utf8" });
  return import("data:text/javascript;base64," + Buffer.from(built.outputFiles[0].text).toString("base64"));
}

const time = await load("time");
const { words } = await load("words");
const hour = 3600 * 1000;

test("a deadline says how far away it is", () => {
  assert.equal(time.relative(3 * 24 * hour + 5, 0, words("zh-CN")), "还有3天");
  assert.equal(time.relative(3 * 24 * hour + 5, 0, words("en")), "in 3 days");
  assert.equal(time.relative(0, hour, words("en")), "1 hour ago");
  assert.equal(time.relative(0, 90 * 1000, words("zh-CN")), "1分钟前");
  // Thirty hours are not "1 day": somebody would plan by it.
  assert.equal(time.relative(30 * hour, 0, words("zh-CN")), "还有30小时");
});

test("a count-down shows seconds only under a day", () => {
  const shown = (ms, lang) => time.parts(ms, words(lang)).map(({ number, unit }) => number + unit).join(" ");
  assert.equal(shown(13 * 24 * hour + 23 * hour + 6 * 60 * 1000, "zh-CN"), "13天 23小时 06分钟");
  assert.equal(shown(2 * hour + 61 * 1000, "zh-CN"), "02小时 01分钟 01秒");
  assert.equal(shown(-5, "en"), "00hours 00minutes 00seconds");
});

test("sizes read as file managers show them", async () => {
  const { sizeOf } = await load("files");
  assert.equal(sizeOf(318 * 1024), "318 KB");
  assert.equal(sizeOf(2.4 * 1024 * 1024), "2.4 MB");
  assert.equal(sizeOf(17), "17 B");
});
