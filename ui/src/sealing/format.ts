// The envelope of a bid as `sealing/` (Rust) has it: packed, sealed to many hands, committed to; and a holder's part in opening it.
// Ciphers are age's, shares are Shamir's over GF(2⁸): both are libraries' (age-encryption, shamir-secret-sharing), nothing is ours.
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient, webauthn } from "age-encryption";
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
  /** Where the tender allows it: the bidder's key, whose share comes last and is never needed. */
  own?: string;
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
  return to(recipient).encrypt(plain);
}

/** What encrypts to a public key. */
export function to(recipient: string): Encrypter {
  const age = new Encrypter();
  age.addRecipient(recipient);
  return age;
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

/** How what is inside begins. */
export function beginning(offer: unknown, files: { name: string; size: number }[]): Uint8Array {
  return utf8.encode(`ziyun bid v1\n${JSON.stringify({ offer, files })}\n`);
}

/** Packs an offer with its files, and pads them with zeros. */
export function pack(offer: unknown, files: Packed[]): Uint8Array {
  const head = beginning(offer, files.map(({ name, content }) => ({ name, size: content.length })));
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

/** What an envelope begins with, and the public half of its key, once the length of its content is known. */
export interface Outside {
  recipient: string;
  first(content: number): Uint8Array;
}

/** The key of an envelope is fresh and is kept nowhere but in its shares. */
export async function outside({ platform, holders: named, k, own }: Hands): Promise<Outside> {
  const key = await newKey();
  const holders = own === undefined ? named : [...named, own];
  const shares = await split(utf8.encode(key), holders.length, k);
  const boxes = await Promise.all(
    holders.map(async (holder, at) => {
      const share = shares[at] as Uint8Array;
      return { holder, sha256: await sha256(share), share: base64(await encrypt(holder, share)) };
    }),
  );
  const under = await encrypt(platform, utf8.encode(JSON.stringify(boxes)));
  const recipient = await publicHalf(key);
  const first = (content: number): Uint8Array => {
    const head = { content, k, n: holders.length, recipient, shares: under.length };
    return joined(utf8.encode(`ziyun envelope v2\n${JSON.stringify(head)}\n`), under);
  };
  return { recipient, first };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

/** Seals what was packed. */
export async function seal(packed: Uint8Array, hands: Hands): Promise<Uint8Array> {
  const { recipient, first } = await outside(hands);
  const content = await encrypt(recipient, packed);
  return joined(first(content.length), content);
}

/** The line that binds an envelope to its place: names in this order, no white space. */
export async function commitment(envelope: Uint8Array, tender: string, lot: string, version: number): Promise<string> {
  const first = new TextDecoder().decode(envelope.subarray(0, 600)).split("\n")[1] ?? "";
  const { recipient } = JSON.parse(first) as { recipient: string };
  return line({ bytes: envelope.length, sha256: await sha256(envelope), recipient }, { tender, lot, version });
}

/** What is committed to. */
export interface Sealed {
  bytes: number;
  sha256: string;
  recipient: string;
}

/** And for which place. */
export interface Place {
  tender: string;
  lot: string;
  version: number;
}

/** The same of an envelope of any size. */
export async function line({ bytes, sha256: envelope, recipient }: Sealed, { tender, lot, version }: Place): Promise<string> {
  const hash = await sha256(utf8.encode(recipient));
  return JSON.stringify({ bytes, envelope, format: "ziyun bid commitment v1", lot, recipient: hash, tender, version });
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

/** A key for a passkey: the file, and which passkey opens it. */
export interface Wrapped {
  wrapped: Uint8Array;
  hint: string;
}

/** Makes a passkey that this page's key is encrypted to (PRF), and encrypts it; `name` is what the device shows. Asks its person twice. */
export async function wrap(key: string, name: string): Promise<Wrapped> {
  const hint = await webauthn.createCredential({ keyName: name });
  const age = new Encrypter();
  age.addRecipient(new webauthn.WebAuthnRecipient({ identity: hint }));
  return { wrapped: await age.encrypt(key), hint };
}

/** Takes it out again with that passkey. */
export async function unwrap({ wrapped, hint }: Wrapped): Promise<string> {
  const age = new Decrypter();
  age.addIdentity(new webauthn.WebAuthnIdentity({ identity: hint }));
  return (await age.decrypt(wrapped, "text")).trim();
}

/** Opens what was encrypted to a key: the proof that one has it. */
export async function prove(challenge: string, key: string): Promise<string> {
  return base64(await decrypt(key, fromBase64(challenge)));
}
