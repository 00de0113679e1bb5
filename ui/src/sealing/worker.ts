// sealing-worker.js: seals a large bid beside the page, into the private file system of this origin.
import type { Hands, Sealed } from "./format.js";
import { sealLarge } from "./large.js";
import { folder } from "./store.js";

/** What is to be sealed, and under which name it is kept. */
export interface Order {
  offer: unknown;
  files: File[];
  hands: Hands;
  name: string;
}

/** How far it is, that it is done, or that it failed. */
export type Told = { done: number } | { sealed: Sealed } | { failed: string };

/** Of workers alone, which the types of pages do not have. */
interface Access {
  truncate(size: number): void;
  write(bytes: Uint8Array, options: { at: number }): number;
  flush(): void;
  close(): void;
}

async function run({ offer, files, hands, name }: Order): Promise<Sealed> {
  const handle = await (await folder()).getFileHandle(name, { create: true });
  const access = await (handle as unknown as { createSyncAccessHandle(): Promise<Access> }).createSyncAccessHandle();
  try {
    access.truncate(0);
    let at = 0;
    let last = 0;
    const into = (piece: Uint8Array): void => {
      for (let from = 0; from < piece.length; ) {
        const written = access.write(piece.subarray(from), { at });
        if (written === 0) throw new Error("no room");
        from += written;
        at += written;
      }
    };
    const told = (done: number): void => {
      if (done - last < 0.01) return;
      last = done;
      post({ done });
    };
    const sealed = await sealLarge(offer, files, hands, into, told);
    access.flush();
    return sealed;
  } finally {
    access.close();
  }
}

const post = (told: Told): void => (self as unknown as { postMessage(told: Told): void }).postMessage(told);

addEventListener("message", (event: MessageEvent<Order>) => {
  run(event.data).then(
    (sealed) => post({ sealed }),
    (cause: unknown) => post({ failed: String(cause) }),
  );
});
