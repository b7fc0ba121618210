import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldPoints, linePoints, readNumber, writeNumber } from "../../static/js/plan-points.js";

const german = () => ({ hasComma: true, onWrite: () => {} });
const field = (value, type = "text") => ({ value, type });

test("numbers are read with comma, with point and with thousands", () => {
  assert.equal(readNumber("136,3"), 136.3);
  assert.equal(readNumber("136.3"), 136.3);
  assert.equal(readNumber("1.136,5"), 1136.5);
  assert.ok(Number.isNaN(readNumber(" ")));
});

test("numbers are written to a tenth of a pixel", () => {
  assert.equal(writeNumber(136.349, true), "136,3");
  assert.equal(writeNumber(136, false), "136");
});

test("a point is set in its two fields and nowhere else", () => {
  const pairs = [
    [field("1"), field("2")],
    [field(""), field("")],
  ];
  const points = fieldPoints(pairs, german());
  assert.deepEqual(points.all(), [{ x: 1, y: 2 }, null]);
  points.set(1, { x: 10.26, y: 3 });
  assert.deepEqual(points.all()[1], { x: 10.3, y: 3 });
  assert.equal(pairs[1][0].value, "10,3");
  assert.equal(pairs[0][0].value, "1");
});

test("a number field is written with a point in any language", () => {
  const pair = [field("", "number"), field("", "number")];
  fieldPoints([pair], german()).set(0, { x: 1.5, y: 2.5 });
  assert.equal(pair[0].value, "1.5");
});

test("moving a control point keeps its metres", () => {
  const text = field("100 200 1,5 2,5\n300;400;5;6\n", "textarea");
  const points = linePoints(text, german());
  assert.deepEqual(points.all(), [
    { x: 100, y: 200 },
    { x: 300, y: 400 },
  ]);
  points.set(0, { x: 110.5, y: 200 });
  assert.equal(text.value, "110,5 200 1,5 2,5\n300;400;5;6");
});

test("a new control point is a line that waits for its metres", () => {
  const text = field("100 200 1 2", "textarea");
  linePoints(text, german()).set(1, { x: 3, y: 4 });
  assert.equal(text.value, "100 200 1 2\n3 4 ");
});

test("a line that holds no numbers is no point but keeps its place", () => {
  assert.deepEqual(linePoints(field("abc", "textarea"), german()).all(), [null]);
});
