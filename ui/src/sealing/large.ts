// Envelopes larger than memory is for: packed, sealed and hashed as their files are read. What is sealed is written once, since sealing
// again would give other bytes.
import { sha256 } from "@noble/hashes/sha2.js";
import { beginning, outside, padded, to, type Hands, type Sealed } from "./format.js";

const ZEROS = 64 * 1024;

/** Takes what is sealed, piece by piece. */
export type Sink = (piece: Uint8Array) => void | Promise<void>;

/** Seals an offer with files of any size; `told` hears how much of it is done, from 0 to 1. */
export async function sealLarge(offer: unknown, files: File[], hands: Hands, into: Sink, told: (done: number) => void): Promise<Sealed> {
  const entries = files.map(({ name, size }) => ({ name, size }));
  const head = beginning(offer, entries);
  const filled = files.reduce((sum, file) => sum + file.size, head.length);
  const size = padded(filled);
  const { recipient, first } = await outside(hands);
  const sealed = await to(recipient).encrypt(streamOf(pieces(head, files, size - filled)));
  const hash = sha256.create();
  let bytes = 0;
  const put = async (piece: Uint8Array): Promise<void> => {
    hash.update(piece);
    bytes += piece.length;
    await into(piece);
  };
  const whole = sealed.size(size);
  await put(first(whole));
  const start = bytes;
  const reader = sealed.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    await put(value);
    told((bytes - start) / whole);
  }
  if (bytes - start !== whole) throw new Error("a file has changed while it was sealed");
  return { bytes, sha256: hex(hash.digest()), recipient };
}

async function* pieces(head: Uint8Array, files: File[], zeros: number): AsyncGenerator<Uint8Array> {
  yield head;
  for (const file of files) {
    let left = file.size;
    const reader = file.stream().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      left -= value.length;
      yield value;
    }
    if (left !== 0) throw new Error(`${file.name} has changed while it was sealed`);
  }
  const some = new Uint8Array(ZEROS);
  for (let left = zeros; left > 0; left -= ZEROS) yield some.subarray(0, Math.min(left, ZEROS));
}

function streamOf(given: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await given.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
