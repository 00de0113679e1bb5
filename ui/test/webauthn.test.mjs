// Bytes of passkeys on their way to the browser and back.
import { test } from "node:test";
import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../src/islands/webauthn.ts", import.meta.url));
const built = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false, charset: "utf8" });
const webauthn = await import("data:text/javascript;base64," + Buffer.from(built.outputFiles[0].text).toString("base64"));

test("bytes come back as they were", () => {
  for (let length = 0; length < 70; length++) {
    const given = Uint8Array.from({ length }, (_, at) => (at * 37 + length * 101) % 256);
    const text = webauthn.text(given.buffer);
    assert.match(text, /^[A-Za-z0-9_-]*$/);
    assert.equal(text, Buffer.from(given).toString("base64url"));
    assert.deepEqual(new Uint8Array(webauthn.bytes(text)), given);
  }
});

test("options are what the browser takes", () => {
  const asked = webauthn.askedFor({ challenge: "_-8", rpId: "localhost", allowCredentials: [{ type: "public-key", id: "AQI" }] });
  assert.deepEqual([...new Uint8Array(asked.challenge)], [255, 239]);
  assert.deepEqual([...new Uint8Array(asked.allowCredentials[0].id)], [1, 2]);
  assert.equal(asked.rpId, "localhost");
  const user = { id: "AQ", name: "a", displayName: "b" };
  const made = webauthn.askedFor({ challenge: "AA", user, excludeCredentials: [], attestation: "none" });
  assert.deepEqual([...new Uint8Array(made.user.id), made.user.name, made.attestation], [1, "a", "none"]);
});
