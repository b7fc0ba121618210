import assert from "node:assert/strict";
import { test } from "node:test";
import * as commands from "../../static/js/editor/commands.js";
import { makeModel } from "./plan.mjs";

const DEFAULTS = { model: "d-1", mount: "ceiling", height_m: 2.8, state: "planned" };

test("placing an access point asks the server for a new record", () => {
  const model = makeModel();
  const operation = commands.placeAccessPoint(model, { x: 1.234, y: 2.345 }, DEFAULTS).do(model);
  assert.equal(operation.method, "POST");
  assert.deepEqual(operation.fields, { x_m: 1.23, y_m: 2.35, height_m: 2.8, model: "d-1", mount: "ceiling", azimuth_deg: 0, downtilt_deg: 0 });
  assert.equal(model.accessPoints.size, 2);
  assert.deepEqual(model.selection, { kind: "access_point", key: "new-1" });
});

test("a placed access point taken back is gone, and back again as it was", () => {
  const model = makeModel();
  const command = commands.placeAccessPoint(model, { x: 1, y: 2 }, DEFAULTS);
  command.do(model);
  model.acknowledge("access_point", "new-1", { id: "a9", version: 1, code: "RH-MP-3-AP-08" });
  assert.equal(command.undo(model).method, "DELETE");
  assert.equal(model.accessPoints.size, 1);
  assert.equal(command.do(model).method, "POST");
  assert.equal(model.accessPoints.get("new-1").code, "RH-MP-3-AP-08");
});

test("moving changes two fields, and undo brings both back", () => {
  const model = makeModel();
  const command = commands.moveAccessPoint(model.accessPoints.get("a1"), { x: 6.004, y: 4.1 });
  assert.deepEqual(command.do(model).fields, { x_m: 6, y_m: 4.1 });
  assert.deepEqual(command.undo(model).fields, { x_m: 5, y_m: 4 });
  assert.equal(model.accessPoints.get("a1").x_m, 5);
});

test("two moves of one gesture become one step", () => {
  const model = makeModel();
  const accessPoint = model.accessPoints.get("a1");
  const first = commands.moveAccessPoint(accessPoint, { x: 5.1, y: 4 }, { isGesture: true });
  const second = commands.moveAccessPoint(accessPoint, { x: 5.2, y: 4 }, { isGesture: true });
  assert.equal(first.absorb(second), true);
  assert.deepEqual(first.do(model).fields, { x_m: 5.2, y_m: 4 });
  assert.deepEqual(first.undo(model).fields, { x_m: 5, y_m: 4 });
});

test("a move does not join an edit", () => {
  const model = makeModel();
  const accessPoint = model.accessPoints.get("a1");
  const move = commands.moveAccessPoint(accessPoint, { x: 5.1, y: 4 }, { isGesture: true });
  assert.equal(move.absorb(commands.editAccessPoint(accessPoint, { height_m: 3 })), false);
});

test("lengths are rounded, other values are not", () => {
  const model = makeModel();
  const command = commands.editAccessPoint(model.accessPoints.get("a1"), { height_m: 2.756, azimuth_deg: 12.345 });
  assert.deepEqual(command.do(model).fields, { height_m: 2.76, azimuth_deg: 12.345 });
});

test("a drawn wall reaches from floor to ceiling", () => {
  const model = makeModel();
  const operation = commands.drawWall(model, { x: 0, y: 0 }, { x: 0, y: 5 }, "m-glass").do(model);
  assert.deepEqual(operation.fields, { x1_m: 0, y1_m: 0, x2_m: 0, y2_m: 5, material: "m-glass", bottom_m: 0, top_m: null });
});

test("a wall edited and taken back is as before", () => {
  const model = makeModel();
  const before = { ...model.walls.get("w1") };
  const command = commands.editWall(model.walls.get("w1"), { material: "m-glass", top_m: 2 });
  command.do(model);
  assert.equal(model.walls.get("w1").material, "m-glass");
  command.undo(model);
  assert.deepEqual(model.walls.get("w1"), before);
});

test("a deleted wall comes back with all its fields", () => {
  const model = makeModel();
  const command = commands.deleteWall(model.walls.get("w1"));
  assert.deepEqual(command.do(model), { method: "DELETE", kind: "wall", key: "w1", fields: {} });
  assert.equal(model.walls.size, 0);
  const operation = command.undo(model);
  assert.equal(operation.method, "POST");
  assert.equal(operation.fields.x2_m, 10);
  assert.equal(model.walls.get("w1").id, "w1");
});

test("a deleted access point is removed with the values it had last", () => {
  const model = makeModel();
  const command = commands.deleteAccessPoint(model.accessPoints.get("a1"));
  model.change("access_point", "a1", { height_m: 3.1 });
  command.do(model);
  assert.equal(command.undo(model).fields.height_m, 3.1);
});
