// Sealed envelopes that wait to be uploaded: in the private file system of this origin, each under a random name, which this browser
// knows by the envelope's hash. Only ciphertext lies there.

const FOLDER = "envelopes";
const known = (sha256: string): string => `ziyun-envelope:${sha256}`;

export async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

/** Whether this browser can keep an envelope of its own. */
export function canKeep(): boolean {
  return typeof Worker === "function" && typeof navigator.storage?.getDirectory === "function";
}

/** Whether there is room for so many bytes, as far as the browser tells. */
export async function hasRoom(bytes: number): Promise<boolean> {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || quota - (usage ?? 0) > bytes;
}

export function note(sha256: string, name: string): void {
  localStorage.setItem(known(sha256), name);
}

/** The envelope with this hash, if it was sealed here. */
export async function kept(sha256: string): Promise<File | undefined> {
  const name = localStorage.getItem(known(sha256));
  if (name === null || !canKeep()) return undefined;
  try {
    return await (await (await folder()).getFileHandle(name)).getFile();
  } catch {
    return undefined;
  }
}

/** It has arrived, or is wanted no more: nothing of it stays here. Answers whether there was one. */
export async function forget(sha256: string): Promise<boolean> {
  const name = localStorage.getItem(known(sha256));
  if (name === null) return false;
  await drop(name);
  localStorage.removeItem(known(sha256));
  return true;
}

/** Removes what lies under this name. */
export async function drop(name: string): Promise<void> {
  await (await folder()).removeEntry(name).catch(() => undefined);
}
