import assert from "node:assert/strict";
import { test } from "node:test";
import { sortTargets } from "../../static/js/bulk-targets.js";

const targets = [
  { key: "planned", word: "planned", why: "", ranks: { released: 2 } },
  { key: "released", word: "released", why: "", ranks: { planned: 0 } },
  { key: "ordered", word: "ordered", why: "", ranks: { released: 0 } },
  { key: "removed", word: "removed", why: "", ranks: { planned: 1, released: 1 } },
];
const keysOf = (/** @type {string[]} */ states) => sortTargets(targets, states).map(({ target, count }) => `${target.key} ${count}`);

test("the next step of the ticked rows comes first, what none can reach last", () => {
  assert.deepEqual(keysOf(["planned", "planned"]), ["released 2", "removed 2", "planned 0", "ordered 0"]);
});

test("where rows differ, what more of them can reach comes first", () => {
  assert.deepEqual(keysOf(["planned", "released", "released"]), ["removed 3", "ordered 2", "planned 2", "released 1"]);
});

test("with nothing ticked all stand in the order of the roll-out", () => {
  assert.deepEqual(keysOf([]), ["planned 0", "released 0", "ordered 0", "removed 0"]);
});
