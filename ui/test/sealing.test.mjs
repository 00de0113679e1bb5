// Envelopes pass between Rust and the browser, both ways. VECTORS=write makes anew what Rust reads (sealing/vectors/browser.json).
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const built = buildSync({
  stdin: {
    contents: `export * from "./src/sealing/format.ts"; export { sealLarge } from "./src/sealing/large.ts"; export { fen, days, nameOf } from "./src/sealing/bid.ts";
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

test("the bidder's own share comes last, and opens with its own key", async () => {
  const keys = await Promise.all([0, 1, 2, 3].map(ours.newKey));
  const [platform, one, other, own] = await Promise.all(keys.map(ours.publicHalf));
  const packed = ours.pack({ note: "x" }, []);
  const envelope = await ours.seal(packed, { platform, holders: [one, other], k: 2, own });
  const { head, under, content } = await boxes(envelope, keys[0]);
  assert.deepEqual([head.k, head.n, under.map(({ holder }) => holder)], [2, 3, [one, other, own]]);
  const share = async (at) => bytes((await ours.answer({ holder: under[at].holder, parts: [{ bid: "b", ...under[at] }] }, keys[at + 1]))[0].share);
  for (const [a, b] of [[0, 1], [1, 2], [2, 0]]) {
    const key = Buffer.from(await combine([await share(a), await share(b)])).toString();
    assert.equal(text(await open(key, content)), text(packed));
  }
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
  const keys = await Promise.all([0, 1, 2, 3].map(ours.newKey));
  // The bidder's own share comes last.
  const names = await Promise.all(keys.map(ours.publicHalf));
  const hands = { platform: await ours.publicHalf(platform), holders: names.slice(0, 3), k: 2, own: names[3] };
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
    const { head, under, content } = await boxes(envelope, platform);
    assert.deepEqual([head.k, head.n, under.map(({ holder }) => holder)], [2, 4, names]);
    const shares = await Promise.all(
      [2, 3].map(async (at) => {
        const [given] = await ours.answer({ holder: names[at], parts: [{ bid: "b", ...under[at] }] }, keys[at]);
        return bytes(given.share);
      }),
    );
    const key = Buffer.from(await combine(shares)).toString();
    const packed = ours.pack(offer, contents.map((content, at) => ({ name: `${at}.pdf`, content })));
    assert.deepEqual(text(await open(key, content)), text(packed));
  }
});

test("the name of a library's file is read as the server writes it", () => {
  for (const [header, name] of [
    ["attachment; filename*=UTF-8''%E8%AF%81%E4%B9%A6%202026.pdf", "证书 2026.pdf"],
    ["attachment; filename*=UTF-8''a.pdf; size=3", "a.pdf"],
    ["attachment; filename*=UTF-8''%E8", undefined],
    ["", undefined],
  ]) {
    assert.equal(ours.nameOf(header), name, header);
  }
});

/** A browser whose passkey answers (PRF) with a secret of its own. */
function plays(secret) {
  const prf = (input) => new Uint8Array(createHmac("sha256", secret).update(input).digest());
  const credentials = {
    create: async () => ({
      rawId: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer,
      response: { getTransports: () => ["internal"] },
      getClientExtensionResults: () => ({ prf: { enabled: true } }),
    }),
    get: async ({ publicKey }) => {
      const { first, second } = publicKey.extensions.prf.eval;
      assert.deepEqual([...new Uint8Array(publicKey.allowCredentials[0].id)], [1, 2, 3, 4, 5, 6, 7, 8]);
      return { getClientExtensionResults: () => ({ prf: { results: { first: prf(first), second: prf(second) } } }) };
    },
  };
  Object.defineProperty(globalThis, "navigator", { value: { credentials }, configurable: true, writable: true });
  Object.defineProperty(globalThis, "window", { value: { origin: "https://example.org" }, configurable: true, writable: true });
}

test("a key lies for one passkey, in the form that the platform takes", async () => {
  const key = await ours.newKey();
  plays("one device");
  const made = await ours.wrap(key, "开标密钥");
  assert.match(made.hint, /^AGE-PLUGIN-FIDO2PRF-1[0-9A-Z]{8,1600}$/);
  const [version, stanza, body, mac] = Buffer.from(made.wrapped).toString("latin1").split("\n");
  assert.equal(version, "age-encryption.org/v1");
  assert.match(stanza, /^-> age-encryption\.org\/fido2prf [A-Za-z0-9+/]{22}$/);
  assert.match(body, /^[A-Za-z0-9+/]{43}$/);
  assert.ok(mac.startsWith("--- ") && made.wrapped.length <= 1024);
  assert.equal(await ours.unwrap(made), key);
  plays("another device");
  await assert.rejects(ours.unwrap(made));
});
