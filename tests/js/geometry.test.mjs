import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, nearestPoint, parseBounds, ringCentre, snapPoint, straighten, toCentimetre } from "../../static/js/editor/geometry.js";

test("coordinates are kept to the centimetre", () => {
  assert.equal(toCentimetre(1.2349), 1.23);
  assert.equal(toCentimetre(-0.001), 0);
  assert.ok(Object.is(toCentimetre(-0.001), 0));
});

test("the distance of a 3-4-5 triangle is five", () => {
  assert.equal(distance({ x: 1, y: 1 }, { x: 4, y: 5 }), 5);
});

test("of two candidates in reach the nearer one is taken", () => {
  const candidates = [
    { x: 0.3, y: 0 },
    { x: 0.1, y: 0 },
  ];
  assert.deepEqual(nearestPoint({ x: 0, y: 0 }, candidates, 0.5), { x: 0.1, y: 0 });
});

test("a candidate out of reach is no candidate", () => {
  assert.equal(nearestPoint({ x: 0, y: 0 }, [{ x: 1, y: 0 }], 0.5), null);
});

test("an almost horizontal line becomes horizontal", () => {
  const end = straighten({ x: 0, y: 0 }, { x: 10, y: 0.5 });
  assert.equal(end.y, 0);
  assert.ok(Math.abs(end.x - 10) < 1e-9);
});

test("an almost diagonal line becomes diagonal", () => {
  const end = straighten({ x: 1, y: 1 }, { x: 4, y: 4.2 });
  assert.ok(Math.abs(end.x - end.y) < 1e-9);
});

test("a slanted line stays as it is", () => {
  assert.deepEqual(straighten({ x: 0, y: 0 }, { x: 10, y: 4 }), { x: 10, y: 4 });
});

test("a line of no length stays as it is", () => {
  assert.deepEqual(straighten({ x: 2, y: 2 }, { x: 2, y: 2 }), { x: 2, y: 2 });
});

test("an end point wins over a right angle", () => {
  const point = snapPoint({ x: 10, y: 0.2 }, { from: { x: 0, y: 0 }, candidates: [{ x: 10, y: 0.3 }], tolerance_m: 0.25 });
  assert.deepEqual(point, { x: 10, y: 0.3 });
});

test("without anything near a point is rounded only", () => {
  assert.deepEqual(snapPoint({ x: 1.234, y: 5.678 }, { tolerance_m: 0.2 }), { x: 1.23, y: 5.68 });
});

test("the centre of a rectangle is its middle, whichever way round", () => {
  const ring = [
    [1, 1],
    [5, 1],
    [5, 3],
    [1, 3],
  ];
  assert.deepEqual(ringCentre(ring), { x: 3, y: 2 });
  assert.deepEqual(ringCentre(ring.toReversed()), { x: 3, y: 2 });
});

test("the centre of an L lies where its area is", () => {
  const centre = ringCentre([
    [0, 0],
    [2, 0],
    [2, 1],
    [1, 1],
    [1, 2],
    [0, 2],
  ]);
  assert.ok(Math.abs(centre.x - 5 / 6) < 1e-9);
  assert.ok(Math.abs(centre.y - 5 / 6) < 1e-9);
});

test("a ring without area gives its first corner", () => {
  assert.deepEqual(
    ringCentre([
      [1, 2],
      [3, 2],
    ]),
    { x: 1, y: 2 },
  );
});

test("bounds are four numbers in order or nothing", () => {
  assert.deepEqual(parseBounds("-1,0, 20.5,10"), [-1, 0, 20.5, 10]);
  for (const text of [null, "", "1,2,3", "1,2,3,x", "5,0,1,1", "1,,3,4", "0,0,Infinity,1"]) assert.equal(parseBounds(text), null);
});
