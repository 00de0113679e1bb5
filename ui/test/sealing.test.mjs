// Envelopes pass between Rust and the browser, both ways. VECTORS=write makes anew what Rust reads (sealing/vectors/browser.json).
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const built = buildSync({
  stdin: {
    contents: `export * from "./src/sealing/format.ts"; export { sealLarge } from "./src/sealing/large.ts"; export { fen, days } from "./src/sealing/bid.ts";
      export { isStrong } from "./src/sealing/officer.ts"; export { combine } from "shamir-secret-sharing"; export * as age from "age-encryption";`,
    resolveDir: path(".."),
  },
  bundle: true,
  format: "esm",
  write: false,
  charset: "utf8",
});
const ours = await import("data:text/javascript;base64," + Buffer.from(built.outputFiles[0].text).toString("base64"));
const { age, combine } = ours;
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const text = (given) => Buffer.from(given).toString("base64");
const open = (key, ciphertext) => {
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(key);
  return decrypter.decrypt(ciphertext);
};

/** Takes an envelope apart as the platform does. */
async function boxes(envelope, platform) {
  const lines = Buffer.from(envelope).toString("latin1").split("\n", 2);
  assert.equal(lines[0], "ziyun envelope v2");
  const head = JSON.parse(lines[1]);
  const at = lines.join("\n").length + 1;
  assert.equal(envelope.length, at + head.shares + head.content);
  const under = JSON.parse(Buffer.from(await open(platform, envelope.subarray(at, at + head.shares))).toString());
  return { head, under, content: envelope.subarray(at + head.shares) };
}

async function reads(vector) {
  const envelope = bytes(vector.envelope);
  const { head, under, content } = await boxes(envelope, vector.platform);
  assert.deepEqual([head.k, head.n, under.length], [vector.k, vector.holders.length, vector.holders.length]);
  const shares = [];
  for (const [at, key] of vector.holders.entries()) {
    const sheet = { holder: await ours.publicHalf(key), parts: [{ bid: "b", ...under[at] }] };
    const [given] = await ours.answer(sheet, key);
    assert.equal(given.share, vector.shares[at]);
    shares.push(bytes(given.share));
  }
  for (const [one, other] of [[0, 1], [0, 2], [2, 1]]) {
    const key = Buffer.from(await combine([shares[one], shares[other]])).toString();
    assert.equal(await ours.publicHalf(key), head.recipient);
    assert.deepEqual(text(await open(key, content)), vector.packed);
  }
  const [tender, lot, version] = vector.place;
  assert.equal(await ours.commitment(envelope, tender, lot, version), vector.commitment);
  assert.equal(await ours.take(bytes(vector.kept), vector.passphrase), vector.holders[0]);
  await assert.rejects(ours.take(bytes(vector.kept), `${vector.passphrase}!`));
}

async function made() {
  const holders = [await ours.newKey(), await ours.newKey(), await ours.newKey()];
  const platform = await ours.newKey();
  const names = await Promise.all(holders.map(ours.publicHalf));
  const offer = { tender: "t", note: "两年质保 🔒", price: 48600000 };
  const file = { name: "报价.pdf", content: new Uint8Array([37, 80, 68, 70, 10, 0, 255]) };
  const packed = ours.pack(offer, [file]);
  const envelope = await ours.seal(packed, { platform: await ours.publicHalf(platform), holders: names, k: 2 });
  const { under } = await boxes(envelope, platform);
  const share = async (key, at) => (await ours.answer({ holder: names[at], parts: [{ bid: "b", ...under[at] }] }, key))[0].share;
  return {
    platform,
    holders,
    k: 2,
    offer,
    file: { name: file.name, content: text(file.content) },
    packed: text(packed),
    shares: await Promise.all(holders.map(share)),
    envelope: text(envelope),
    place: ["tender-1", "lot-1", 3],
    commitment: await ours.commitment(envelope, "tender-1", "lot-1", 3),
    passphrase: "四个随便的词 horse",
    kept: text(await ours.keep(holders[0], "四个随便的词 horse", 10)),
  };
}

test("what Rust sealed is read, and packing the same gives the same bytes", async () => {
  const vector = JSON.parse(await readFile(path("../../sealing/vectors/rust.json"), "utf8"));
  await reads(vector);
  // Rust's JSON has its own order of names; what is packed begins with it.
  const line = Buffer.from(vector.packed, "base64").toString().split("\n")[1];
  const offer = JSON.parse(line).offer;
  const packed = ours.pack(offer, [{ name: vector.file.name, content: bytes(vector.file.content) }]);
  assert.equal(text(packed), vector.packed);
});

test("what was sealed here is read here, and lies where Rust reads it", async () => {
  const vector = await made();
  await reads(vector);
  const kept = path("../../sealing/vectors/browser.json");
  if (process.env.VECTORS === "write") await writeFile(kept, JSON.stringify(vector, null, 2) + "\n");
  await reads(JSON.parse(await readFile(kept, "utf8")));
});

test("a box that holds no share, and another holder's key", async () => {
  const vector = await made();
  const { under } = await boxes(bytes(vector.envelope), vector.platform);
  const holder = await ours.publicHalf(vector.holders[0]);
  const parts = [{ bid: "a", ...under[0] }, { bid: "b", ...under[1] }, { bid: "c", ...under[0], sha256: "00" }];
  const given = await ours.answer({ holder, parts }, vector.holders[0]);
  assert.deepEqual(given, [{ bid: "a", share: vector.shares[0] }, { bid: "b", share: null }, { bid: "c", share: null }]);
  await assert.rejects(ours.answer({ holder, parts }, vector.holders[1]));
});

test("padding is Rust's", () => {
  const rust = (size) => {
    const at = Math.max(size, 4096);
    let power = 1;
    while (power < at) power *= 2;
    const step = power / 16;
    return Math.ceil(at / step) * step;
  };
  for (let size = 0; size < 9000; size++) assert.equal(ours.padded(size), rust(size), `${size}`);
  for (let power = 12; power < 31; power++) for (const by of [-1, 0, 1]) assert.equal(ours.padded(2 ** power + by), rust(2 ** power + by));
});

test("amounts, days and passphrases are taken as Rust takes them", () => {
  const amounts = [["1,234.5", 123450], ["0.01", 1], ["100000000000", 10_000_000_000_000], ["１", undefined], ["0.00", undefined]];
  for (const [text, fen] of [...amounts, ["100000000000.01", undefined], ["1.005", undefined], ["-1", undefined], ["", undefined], ["5.", 500]]) {
    assert.equal(ours.fen(text), fen, text);
  }
  for (const [text, count] of [["1", 1], [" 3650 ", 3650], ["0", undefined], ["3651", undefined], ["1.5", undefined], ["", undefined]]) {
    assert.equal(ours.days(text), count, text);
  }
  const passphrases = [["correct horse battery", true], ["abababababababab", false], ["short one", false], ["四个随便的词语加起来十四个字符吧", true]];
  for (const [text, strong] of passphrases) assert.equal(ours.isStrong(text), strong, text);
});

test("what is sealed as it is read opens as any other, and is committed to by the same line", async () => {
  const platform = await ours.newKey();
  const keys = await Promise.all([ours.newKey(), ours.newKey(), ours.newKey()]);
  const hands = { platform: await ours.publicHalf(platform), holders: await Promise.all(keys.map(ours.publicHalf)), k: 2 };
  const [offer, place] = [{ price: 1 }, { tender: "t", lot: "l", version: 3 }];
  for (const sizes of [[], [0], [70_000, 1, 200_000]]) {
    const contents = sizes.map((size, at) => new Uint8Array(size).fill(at + 1));
    const files = contents.map((content, at) => new File([content], `${at}.pdf`));
    const [written, heard] = [[], []];
    const sealed = await ours.sealLarge(offer, files, hands, (piece) => void written.push(piece.slice()), (done) => heard.push(done));
    const envelope = new Uint8Array(Buffer.concat(written));
    assert.deepEqual([sealed.bytes, sealed.sha256], [envelope.length, await ours.sha256(envelope)]);
    assert.equal(await ours.line(sealed, place), await ours.commitment(envelope, "t", "l", 3));
    assert.equal(heard.at(-1), 1);
    const { under, content } = await boxes(envelope, platform);
    const shares = await Promise.all(
      [0, 2].map(async (at) => {
        const [given] = await ours.answer({ holder: hands.holders[at], parts: [{ bid: "b", ...under[at] }] }, keys[at]);
        return bytes(given.share);
      }),
    );
    const key = Buffer.from(await combine(shares)).toString();
    const packed = ours.pack(offer, contents.map((content, at) => ({ name: `${at}.pdf`, content })));
    assert.deepEqual(text(await open(key, content)), text(packed));
  }
});
