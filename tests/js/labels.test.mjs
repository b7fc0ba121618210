import assert from "node:assert/strict";
import { test } from "node:test";
import { putInName, shorten } from "../../static/js/editor/labels.js";

test("a label has the wing, where the code has one", () => {
  assert.equal(shorten("RH-MP-3-AP-07"), "MP 07");
  assert.equal(shorten("BCA-0-AP-02"), "02");
  assert.equal(shorten("AP-12b"), "12");
  assert.equal(shorten("lobby"), "");
});

test("what is seen is part of what is spoken", () => {
  assert.equal(putInName("MP 07", "RH-MP-3-AP-07, live"), "MP 07, RH-MP-3-AP-07, live");
  assert.equal(putInName("02", "BCA-0-AP-02, live"), "BCA-0-AP-02, live");
  assert.equal(putInName("", "lobby, live"), "lobby, live");
});
