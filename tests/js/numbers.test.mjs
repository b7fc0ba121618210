import assert from "node:assert/strict";
import { test } from "node:test";
import { readNumber, writeNumber } from "../../static/js/editor/numbers.js";

test("a decimal comma and a decimal point are the same", () => {
  assert.equal(readNumber("2,5"), 2.5);
  assert.equal(readNumber(" 2.5 "), 2.5);
  assert.equal(readNumber("-0,25"), -0.25);
  assert.equal(readNumber("−3"), -3);
  assert.equal(readNumber("7,"), 7);
  assert.equal(readNumber(",5"), 0.5);
});

test("what is no single number is none", () => {
  for (const text of ["", "abc", "1.234,5", "1,2,3", "1e5", "Infinity", "2,5 m", "--1", ","]) assert.equal(readNumber(text), null, text);
});

test("a number is shown with the language's sign and can be read back", () => {
  assert.equal(writeNumber(41.5, "de"), "41,5");
  assert.equal(writeNumber(41.5, "en"), "41.5");
  assert.equal(writeNumber(1234.56, "de"), "1234,56");
  assert.equal(readNumber(writeNumber(-1234.5678, "de")), -1234.5678);
});
