// Builds ui/src into a folder (default ui/dist): app.css, app.js, icons.svg, favicon.svg.
// Same sources, same bytes: no times, no paths, no random names; the server adds the hash to the address.
//   node build.mjs [OUT]
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const target = ["chrome109", "edge109", "firefox115", "safari16.4"];

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

await build({
  absWorkingDir: here,
  entryPoints: { app: "src/islands/app.ts" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
await build({
  absWorkingDir: here,
  entryPoints: { app: "src/styles/app.css" },
  outdir: out,
  bundle: true,
  minify: true,
  target,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});

for (const name of ["icons.svg", "favicon.svg"]) {
  const svg = await readFile(join(here, "src", name), "utf8");
  await writeFile(join(out, name), svg.replace(/>\s+</g, "><").trim() + "\n");
}
