// Builds ui/src into a folder (default ui/dist): app.css, app.js, sealing.js, sealing-worker.js, icons.svg, icon.svg, each also as .br and .gz.
// Same sources, same bytes: no times, no paths, no random names; the server adds the hash to the address.
// A file is touched only when its content changed, and replaced at once: other builds may be reading.
//   node build.mjs [OUT]
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));

const files = new Map([...(await bundles()), ...(await pictures())]);
for (const [name, bytes] of [...files]) {
  files.set(`${name}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  files.set(`${name}.gz`, gzipSync(bytes, { level: 9 }));
}
await mkdir(out, { recursive: true });
for (const [name, bytes] of files) await write(join(out, name), bytes);
for (const name of await readdir(out)) if (!files.has(name)) await rm(join(out, name), { force: true });

async function bundles() {
  const { outputFiles } = await build({
    absWorkingDir: here,
    // sealing.js is large, and only the pages that seal or open ask for it.
    entryPoints: [
      { in: "src/islands/app.ts", out: "app" },
      { in: "src/styles/app.css", out: "app" },
      { in: "src/sealing/main.ts", out: "sealing" },
      { in: "src/sealing/worker.ts", out: "sealing-worker" },
    ],
    entryNames: "[name]",
    outdir: "dist",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome109", "edge109", "firefox115", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  return outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
}

async function pictures() {
  return Promise.all(
    ["icons.svg", "icon.svg"].map(async (name) => {
      const svg = await readFile(join(here, "src", name), "utf8");
      return [name, Buffer.from(svg.replace(/>\s+</g, "><").trim() + "\n")];
    }),
  );
}

async function write(path, bytes) {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(bytes)) return;
  const half = `${path}.${process.pid}.part`;
  await writeFile(half, bytes);
  await rename(half, path);
}
