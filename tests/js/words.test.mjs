import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fill } from "../../static/js/editor/words.js";

const editor = new URL("../../static/js/editor/", import.meta.url);
const words = JSON.parse(await readFile(new URL("words.json", editor), "utf8"));

test("placeholders are filled and unknown ones stay", () => {
  assert.equal(fill("{code}, {x}", { code: "AP-07" }), "AP-07, {x}");
});

test("every word the editor asks for by name has an English text", async () => {
  const names = (await readdir(editor, { recursive: true })).filter((name) => name.endsWith(".js"));
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, editor), "utf8")));
  const asked = sources.flatMap((source) => [...source.matchAll(/words\.([a-z]\w*)/g)].map((match) => match[1]));
  const steps = sources.flatMap((source) => [...source.matchAll(/"((?:step|said|help|field|tool|heat|conflict)_\w+)"/g)].map((match) => match[1]));
  const missing = [...new Set([...asked, ...steps])].filter((name) => !(name in words) && name !== "js" && name !== "json");
  assert.deepEqual(missing, []);
  assert.ok(asked.length > 20);
});
