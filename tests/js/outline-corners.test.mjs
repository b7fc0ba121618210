import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceToEdge, placeOfNew, readCorners, writeCorners } from "../../static/js/outline-corners.js";

const SQUARE = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
  { x: 0, y: 10 },
];

test("corners are read with comma or point, blank lines left out", () => {
  assert.deepEqual(readCorners("1,5; 2\n\n3.25 -4\r\n"), [
    { x: 1.5, y: 2 },
    { x: 3.25, y: -4 },
  ]);
  assert.deepEqual(readCorners(""), []);
});

test("WKT and broken lines are no corners", () => {
  assert.equal(readCorners("POLYGON ((0 0, 1 0, 1 1, 0 0))"), null);
  assert.equal(readCorners("1; 2\n3"), null);
});

test("corners are written to a centimetre and read back", () => {
  const text = writeCorners([{ x: 1.234567, y: -2 }], true);
  assert.equal(text, "1,23; -2");
  assert.deepEqual(readCorners(text), [{ x: 1.23, y: -2 }]);
  assert.equal(writeCorners([{ x: 0.5, y: 1 }], false), "0.5; 1");
});

test("a new corner goes into the edge it lies on, else to the end", () => {
  assert.equal(placeOfNew(SQUARE, { x: 5, y: 0.1 }, 0.5), 1);
  assert.equal(placeOfNew(SQUARE, { x: 0.1, y: 5 }, 0.5), 4);
  assert.equal(placeOfNew(SQUARE, { x: 5, y: 5 }, 0.5), 4);
  assert.equal(placeOfNew(SQUARE.slice(0, 2), { x: 5, y: 0 }, 0.5), 2);
});

test("the distance to an edge is that to its nearest point", () => {
  assert.equal(distanceToEdge({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 }), 3);
  assert.equal(distanceToEdge({ x: 13, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 }), 5);
  assert.equal(distanceToEdge({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 }), 5);
});
