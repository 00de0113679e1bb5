// What the templates of all rooms must keep to, so that the content security policy holds and nothing stands unstyled.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("../..", import.meta.url));
const files = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

const templates = files("app/src", ".html").map((path) => ({
  path: path.slice(root.length),
  text: readFileSync(path, "utf8").replace(/\{#[\s\S]*?#\}/g, ""),
}));
const styles = files("ui/src/styles", ".css").map((path) => readFileSync(path, "utf8")).join("\n");

test("there are templates to look at", () => assert.ok(templates.length > 0));

test("every icon that a template names exists", () => {
  const known = new Set([...readFileSync(join(root, "ui/src/icons.svg"), "utf8").matchAll(/<symbol id="([^"]+)"/g)].map((m) => m[1]));
  for (const { path, text } of templates) {
    for (const [, name] of text.matchAll(/\bicon\("([^"]*)"\)/g)) assert.ok(known.has(name), `${path}: icon ${name}`);
    for (const [, name] of text.matchAll(/\b(?:state|note)\("[a-z]*", *"([^"]*)"/g)) assert.ok(known.has(name), `${path}: icon ${name}`);
  }
});

test("no template carries a style, a handler or a script of its own", () => {
  for (const { path, text: whole } of templates) {
    const text = whole.replace(/\{%[\s\S]*?%\}/g, " "); // `let one = …` is no handler: only what reaches the page counts
    assert.doesNotMatch(text, /\sstyle\s*=/i, path);
    assert.doesNotMatch(text, /\son[a-z]+\s*=/i, path);
    // Structured data are no script that runs.
    assert.doesNotMatch(text, /<script(?![^>]*\s(?:src=|type="application\/ld\+json"))/i, path);
    assert.doesNotMatch(text, /javascript:/i, path);
  }
});

test("every class that a template uses has a style", () => {
  const known = new Set([...styles.matchAll(/\.([a-z][a-z0-9-]*)/g)].map((m) => m[1]));
  for (const name of ["next", "cols-end", "signup", "first-line", "clock", "badge"]) known.add(name); // names for what needs no style
  for (const { path, text } of templates) {
    const plain = text.replace(/\{%[\s\S]*?%\}/g, " ").replace(/\{\{[^"]*?\}\}/g, "?");
    for (const [, value] of plain.matchAll(/\sclass="([^"]*)"/g)) {
      for (const name of value.split(/\s+/).filter((name) => name && !name.includes("?"))) assert.ok(known.has(name), `${path}: class ${name}`);
    }
  }
});
