import assert from "node:assert/strict";
import { test } from "node:test";
import * as commands from "../../static/js/editor/commands.js";
import { lengthOf, nearestOnLines, readCourse, writeCourse } from "../../static/js/editor/geometry.js";
import { History } from "../../static/js/editor/history.js";
import { kindOf } from "../../static/js/editor/model.js";
import { Sync } from "../../static/js/editor/sync.js";
import { makeModel, makeRoute } from "./plan.mjs";

const CORNERS = [
  { x: 0, y: 5 },
  { x: 3, y: 5 },
  { x: 3, y: 9 },
];

test("a course reads back as it was written, without repeated corners", () => {
  assert.equal(writeCourse([...CORNERS, { x: 3.001, y: 9 }]), "0 5, 3 5, 3 9");
  assert.deepEqual(readCourse("0 5, 3 5,3 9"), CORNERS);
  assert.equal(lengthOf(CORNERS), 7);
});

for (const text of ["", "1", "1 2 3", "a b", "1 2,", "1,5 2"])
  test(`»${text}« is no course`, () => {
    assert.equal(readCourse(text), null);
  });

test("the nearest place on lines lies between their corners", () => {
  assert.deepEqual(nearestOnLines({ x: 1, y: 5.2 }, [CORNERS], 0.5), { x: 1, y: 5 });
  assert.deepEqual(nearestOnLines({ x: -0.1, y: 5 }, [CORNERS], 0.5), { x: 0, y: 5 });
  assert.equal(nearestOnLines({ x: 1, y: 6 }, [CORNERS], 0.5), null);
});

test("a route is drawn to a distributor, a corner, or a place on another route", () => {
  const model = makeModel();
  const snap = (x, y) => model.snapRoutePoint({ x, y }, { tolerance_m: 0.5 });
  assert.deepEqual(snap(2.2, 8.1), { x: 2, y: 8 });
  assert.deepEqual(snap(9.8, 5.1), { x: 10, y: 5 });
  assert.deepEqual(snap(4, 5.3), { x: 4, y: 5 });
  assert.deepEqual(model.snapRoutePoint({ x: 4, y: 5.3 }, { tolerance_m: 0.5, exceptKey: "r1" }), { x: 4, y: 5.3 });
});

test("a drawn route can be taken back and is another kind of record than a wall", () => {
  const model = makeModel();
  const command = commands.drawRoute(model, CORNERS, { kind: "tray" });
  const operation = command.do(model);
  assert.deepEqual(operation.fields, { kind: "tray", course: "0 5, 3 5, 3 9", upper_floor: "", capacity: null });
  assert.equal(kindOf(model.cableRoutes.get("new-1")), "cable_route");
  assert.equal(command.undo(model).method, "DELETE");
  assert.equal(model.cableRoutes.size, 1);
});

test("steps by the keyboard are one change, which goes to the route's address", async () => {
  const asked = [];
  const fetch = async (url, { method, body }) => {
    asked.push({ url, method, body: JSON.parse(body) });
    return new Response(JSON.stringify({ record: { ...makeRoute(), version: 2, course: "0 6, 10 5" } }), { status: 200 });
  };
  const model = makeModel();
  const sync = new Sync({ model, urls: model.data.urls, token: "t", fetch });
  const history = new History(model, (operation) => sync.send(operation));
  for (const y of [5.5, 6]) {
    const corners = [
      { x: 0, y },
      { x: 10, y: 5 },
    ];
    history.do(commands.reshapeRoute(model.cableRoutes.get("r1"), corners, { isGesture: true }));
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(asked[0].url, "/cable-routes/r1");
  assert.deepEqual(asked.at(-1).body.course, "0 6, 10 5");
  assert.equal(history.done.length, 1);
  history.undo();
  assert.equal(model.cableRoutes.get("r1").course, "0 5, 10 5");
});

test("who may not edit a route may only look at it", () => {
  const model = makeModel();
  assert.equal(model.canEdit("cable_route", "r1"), true);
  model.change("cable_route", "r1", { editable: false });
  assert.equal(model.canEdit("cable_route", "r1"), false);
  assert.equal(model.canDelete("cable_route", "r1"), false);
});
