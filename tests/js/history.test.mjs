import assert from "node:assert/strict";
import { test } from "node:test";
import * as commands from "../../static/js/editor/commands.js";
import { History } from "../../static/js/editor/history.js";
import { makeModel } from "./plan.mjs";

function makeHistory() {
  const model = makeModel();
  const sent = [];
  const clock = { now: 0 };
  const history = new History(
    model,
    (operation) => sent.push(operation),
    () => clock.now,
  );
  return { model, sent, clock, history };
}

test("what is done can be undone and done again", () => {
  const { model, sent, history } = makeHistory();
  history.do(commands.moveAccessPoint(model.accessPoints.get("a1"), { x: 8, y: 4 }));
  history.undo();
  assert.equal(model.accessPoints.get("a1").x_m, 5);
  history.redo();
  assert.equal(model.accessPoints.get("a1").x_m, 8);
  assert.deepEqual(
    sent.map((operation) => operation.fields.x_m),
    [8, 5, 8],
  );
});

test("with nothing done there is nothing to undo", () => {
  const { history } = makeHistory();
  assert.equal(history.undo(), null);
  assert.equal(history.canUndo, false);
});

test("a new step ends what could be done again", () => {
  const { model, history } = makeHistory();
  history.do(commands.moveAccessPoint(model.accessPoints.get("a1"), { x: 8, y: 4 }));
  history.undo();
  history.do(commands.deleteWall(model.walls.get("w1")));
  assert.equal(history.canRedo, false);
});

test("ten quick arrow keys are one step", () => {
  const { model, clock, history } = makeHistory();
  for (let step = 1; step <= 10; step += 1) {
    clock.now += 100;
    const accessPoint = model.accessPoints.get("a1");
    history.do(commands.moveAccessPoint(accessPoint, { x: accessPoint.x_m + 0.1, y: 4 }, { isGesture: true }));
  }
  assert.equal(model.accessPoints.get("a1").x_m, 6);
  history.undo();
  assert.equal(model.accessPoints.get("a1").x_m, 5);
  assert.equal(history.canUndo, false);
});

test("an arrow key after a pause is a step of its own", () => {
  const { model, clock, history } = makeHistory();
  for (const x of [5.1, 5.2]) {
    clock.now += 5000;
    history.do(commands.moveAccessPoint(model.accessPoints.get("a1"), { x, y: 4 }, { isGesture: true }));
  }
  assert.equal(history.done.length, 2);
});

test("after an undo the next arrow key is a step of its own", () => {
  const { model, history } = makeHistory();
  history.do(commands.moveAccessPoint(model.accessPoints.get("a1"), { x: 5.1, y: 4 }, { isGesture: true }));
  history.do(commands.deleteWall(model.walls.get("w1")));
  history.undo();
  history.do(commands.moveAccessPoint(model.accessPoints.get("a1"), { x: 5.2, y: 4 }, { isGesture: true }));
  assert.equal(history.done.length, 2);
});

test("steps of a record that was given up are forgotten, others stay", () => {
  const { model, history } = makeHistory();
  history.do(commands.moveAccessPoint(model.accessPoints.get("a1"), { x: 8, y: 4 }));
  history.do(commands.editWall(model.walls.get("w1"), { top_m: 2 }));
  history.forget("a1");
  assert.deepEqual(
    history.done.map((command) => command.key),
    ["w1"],
  );
});
