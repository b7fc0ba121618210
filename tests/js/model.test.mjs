import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAccessPoint, makeData, makeModel } from "./plan.mjs";

test("records are found by the id the server gave", () => {
  assert.equal(makeModel().find("wall", "w1")?.material, "m-brick");
  assert.equal(makeModel().find("access_point", "nobody"), null);
});

test("a change is announced with kind and key", () => {
  const model = makeModel();
  const heard = [];
  model.addEventListener("change", (event) => heard.push(event.detail));
  model.change("access_point", "a1", { x_m: 6 });
  assert.deepEqual(heard, [{ kind: "access_point", key: "a1" }]);
  assert.equal(model.accessPoints.get("a1").x_m, 6);
});

test("selecting the same record again says nothing", () => {
  const model = makeModel();
  let count = 0;
  model.addEventListener("select", () => {
    count += 1;
  });
  model.select({ kind: "wall", key: "w1" });
  model.select({ kind: "wall", key: "w1" });
  assert.equal(count, 1);
});

test("a removed record is not selected any more", () => {
  const model = makeModel();
  model.select({ kind: "wall", key: "w1" });
  model.remove("wall", "w1");
  assert.equal(model.selection, null);
});

test("an acknowledged record keeps what was changed meanwhile", () => {
  const model = makeModel();
  model.change("access_point", "a1", { x_m: 7 });
  model.acknowledge("access_point", "a1", { ...makeAccessPoint(), version: 4, x_m: 6 }, { x_m: 7 });
  assert.equal(model.accessPoints.get("a1").x_m, 7);
  assert.equal(model.accessPoints.get("a1").version, 4);
  assert.equal(model.saved.get("a1").x_m, 6);
});

test("reverting brings back what the server knows", () => {
  const model = makeModel();
  model.change("access_point", "a1", { x_m: 7 });
  model.revert("access_point", "a1");
  assert.equal(model.accessPoints.get("a1").x_m, 5);
});

test("reverting what the server never knew removes it", () => {
  const model = makeModel();
  model.put("access_point", { ...makeAccessPoint(), key: "new-1", id: null });
  model.revert("access_point", "new-1");
  assert.equal(model.find("access_point", "new-1"), null);
});

test("an access point that is not editable stays so even for a planner", () => {
  const model = makeModel({ access_points: [{ ...makeAccessPoint(), editable: false }] });
  assert.equal(model.canEdit("access_point", "a1"), false);
  assert.equal(model.canEdit("wall", "w1"), true);
});

test("who may not edit walls cannot edit one", () => {
  const data = makeData();
  const model = makeModel({ floor: { ...data.floor, can_edit_walls: false } });
  assert.equal(model.canEdit("wall", "w1"), false);
});

test("a wall's new end snaps to another wall's end but not to its own", () => {
  const model = makeModel();
  assert.deepEqual(model.snapWallPoint({ x: 10.1, y: 0.1 }, { tolerance_m: 0.3 }), { x: 10, y: 0 });
  assert.deepEqual(model.snapWallPoint({ x: 10.1, y: 0.1 }, { tolerance_m: 0.3, exceptKey: "w1" }), { x: 10.1, y: 0.1 });
});

test("materials are numbered from one in the order of the list", () => {
  assert.equal(makeModel().wallClass("m-glass"), "wall wall--2 wall-dash--2");
});

test("no two of a long list of materials are drawn alike, and neighbours share neither colour nor dash", () => {
  const materials = Array.from({ length: 24 }, (_, number) => ({ id: `m-${number}`, code: `m-${number}`, name: `M ${number}`, loss_db: [1, 2, 3] }));
  const model = makeModel({ materials });
  const drawn = materials.map(({ id }) => model.wallClass(id));
  assert.equal(new Set(drawn).size, 24);
  for (const [index, style] of drawn.entries()) {
    const [, hue, dash] = style.split(" ");
    const next = drawn[index + 1]?.split(" ") ?? [];
    assert.ok(!next.includes(hue ?? "") && !next.includes(dash ?? ""), style);
  }
});

test("an access point that hangs where it was planned has one place, elsewhere two", () => {
  const model = makeModel();
  const point = /** @type {any} */ (makeAccessPoint());
  assert.equal(model.installedPlace(point), null);
  assert.equal(model.installedPlace({ ...point, installed_x_m: 5.01, installed_y_m: 4 }), null);
  assert.deepEqual(model.installedPlace({ ...point, installed_x_m: 6, installed_y_m: 4 }), { x: 6, y: 4 });
});
