// The envelope of a bid as `sealing/` (Rust) has it: packed, sealed to many hands, committed to; and a holder's part in opening it.
// Ciphers are age's, shares are Shamir's over GF(2⁸): both are libraries' (age-encryption, shamir-secret-sharing), nothing is ours.
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { split } from "shamir-secret-sharing";

const LEAST = 4096;
const utf8 = new TextEncoder();

/** A file in an envelope. */
export interface Packed {
  name: string;
  content: Uint8Array;
}

/** To whom an envelope is sealed: the platform and `k` of the holders, all by their public keys. */
export interface Hands {
  platform: string;
  holders: string[];
  k: number;
}

/** What a holder is asked for: the box of each envelope. */
export interface Sheet {
  holder: string;
  parts: { bid: string; sha256: string; share: string }[];
}

/** The answer; no share where the box holds none. */
export interface Given {
  bid: string;
  share: string | null;
}

export const newKey = (): Promise<string> => generateX25519Identity();
export const publicHalf = (key: string): Promise<string> => identityToRecipient(key);

export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function encrypt(recipient: string, plain: Uint8Array): Promise<Uint8Array> {
  const age = new Encrypter();
  age.addRecipient(recipient);
  return age.encrypt(plain);
}

async function decrypt(key: string, ciphertext: Uint8Array): Promise<Uint8Array> {
  const age = new Decrypter();
  age.addIdentity(key);
  return age.decrypt(ciphertext);
}

/** The next of eight steps between a power of two and the next. */
export function padded(size: number): number {
  const at = Math.max(size, LEAST);
  const step = 2 ** Math.ceil(Math.log2(at)) / 16;
  return Math.ceil(at / step) * step;
}

/** Packs an offer with its files, and pads them with zeros. */
export function pack(offer: unknown, files: Packed[]): Uint8Array {
  const entries = files.map(({ name, content }) => ({ name, size: content.length }));
  const head = utf8.encode(`ziyun bid v1\n${JSON.stringify({ offer, files: entries })}\n`);
  const size = files.reduce((sum, file) => sum + file.content.length, head.length);
  const packed = new Uint8Array(padded(size));
  packed.set(head);
  let at = head.length;
  for (const { content } of files) {
    packed.set(content, at);
    at += content.length;
  }
  return packed;
}

/** Seals what was packed. The key of the envelope is fresh and is kept nowhere but in its shares. */
export async function seal(packed: Uint8Array, { platform, holders, k }: Hands): Promise<Uint8Array> {
  const key = await newKey();
  const shares = await split(utf8.encode(key), holders.length, k);
  const boxes = await Promise.all(
    holders.map(async (holder, at) => {
      const share = shares[at] as Uint8Array;
      return { holder, sha256: await sha256(share), share: base64(await encrypt(holder, share)) };
    }),
  );
  const under = await encrypt(platform, utf8.encode(JSON.stringify(boxes)));
  const recipient = await publicHalf(key);
  const content = await encrypt(recipient, packed);
  const head = { content: content.length, k, n: holders.length, recipient, shares: under.length };
  const first = utf8.encode(`ziyun envelope v2\n${JSON.stringify(head)}\n`);
  const sealed = new Uint8Array(first.length + under.length + content.length);
  sealed.set(first);
  sealed.set(under, first.length);
  sealed.set(content, first.length + under.length);
  return sealed;
}

/** The line that binds an envelope to its place: names in this order, no white space. */
export async function commitment(envelope: Uint8Array, tender: string, lot: string, version: number): Promise<string> {
  const first = new TextDecoder().decode(envelope.subarray(0, 600)).split("\n")[1] ?? "";
  const { recipient } = JSON.parse(first) as { recipient: string };
  const hashes = { envelope: await sha256(envelope), recipient: await sha256(utf8.encode(recipient)) };
  const format = "ziyun bid commitment v1";
  return JSON.stringify({ bytes: envelope.length, envelope: hashes.envelope, format, lot, recipient: hashes.recipient, tender, version });
}

/** Opens every box of a sheet. A key of another holder is an error; a box without a share is answered as such. */
export async function answer(sheet: Sheet, key: string): Promise<Given[]> {
  if ((await publicHalf(key)) !== sheet.holder) throw new Error("another holder's key");
  return Promise.all(
    sheet.parts.map(async ({ bid, sha256: hash, share }) => {
      const opened = await decrypt(key, fromBase64(share)).catch(() => undefined);
      const fits = opened !== undefined && (await sha256(opened)) === hash;
      return { bid, share: fits ? base64(opened) : null };
    }),
  );
}

/** scrypt's work for a key's passphrase: 64 MB, so that a phone can do it. */
export const WORK = 16;

/** Puts a key under a passphrase. */
export async function keep(key: string, passphrase: string, work = WORK): Promise<Uint8Array> {
  const age = new Encrypter();
  age.setScryptWorkFactor(work);
  age.setPassphrase(passphrase);
  return age.encrypt(key);
}

/** Takes it out again; an error when the passphrase is another. */
export async function take(kept: Uint8Array, passphrase: string): Promise<string> {
  const age = new Decrypter();
  age.addPassphrase(passphrase);
  return (await age.decrypt(kept, "text")).trim();
}

/** Opens what was encrypted to a key: the proof that one has it. */
export async function prove(challenge: string, key: string): Promise<string> {
  return base64(await decrypt(key, fromBase64(challenge)));
}
