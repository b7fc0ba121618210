import assert from "node:assert/strict";
import { test } from "node:test";
import * as commands from "../../static/js/editor/commands.js";
import { History } from "../../static/js/editor/history.js";
import { Sync } from "../../static/js/editor/sync.js";
import { makeAccessPoint, makeModel } from "./plan.mjs";

/** A server of a few lines: answers in order, keeps what it was asked. */
function makeServer(...answers) {
  const asked = [];
  const fetch = async (url, { method, body, headers }) => {
    asked.push({ url, method, body: body && JSON.parse(body), token: headers["X-CSRFToken"] });
    const [status, answer] = answers.shift() ?? [500, {}];
    if (status === 0) throw new TypeError("no network");
    const isRefused = [400, 409, 422].includes(status) && !answer?.error?.is_token_stale;
    return new Response(JSON.stringify(answer), { status, headers: isRefused ? { "Idempotency-Refused": "true" } : {} });
  };
  return { asked, fetch, answers };
}

function makeEditor(...answers) {
  const model = makeModel();
  const server = makeServer(...answers);
  const sync = new Sync({ model, urls: model.data.urls, token: "t0ken", fetch: server.fetch });
  const history = new History(model, (operation) => sync.send(operation));
  return { model, server, sync, history };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const moveTo = (model, x) => commands.moveAccessPoint(model.accessPoints.get("a1"), { x, y: 4 });
const answered = (changes) => [200, { record: { ...makeAccessPoint(), ...changes } }];
const DEFAULTS = { model: "d-1", mount: "ceiling", height_m: 2.8, state: "planned" };

test("a change goes to the record's address with version and token", async () => {
  const { model, server, sync, history } = makeEditor(answered({ version: 4, x_m: 6 }));
  history.do(moveTo(model, 6));
  await settled();
  assert.deepEqual(server.asked, [{ url: "/access-points/a1", method: "PATCH", body: { version: 3, x_m: 6, y_m: 4 }, token: "t0ken" }]);
  assert.equal(model.accessPoints.get("a1").version, 4);
  assert.deepEqual(sync.state, { name: "saved" });
});

test("changes made while one is being saved become one request with the new version", async () => {
  const { model, server, history } = makeEditor(answered({ version: 4, x_m: 6 }), answered({ version: 5, x_m: 8 }));
  for (const x of [6, 7, 8]) history.do(moveTo(model, x));
  await settled();
  assert.deepEqual(
    server.asked.map(({ body }) => body),
    [
      { version: 3, x_m: 6, y_m: 4 },
      { version: 4, x_m: 8, y_m: 4 },
    ],
  );
  assert.equal(model.accessPoints.get("a1").x_m, 8);
});

test("a new record takes the server's id, and a change made before that goes to it", async () => {
  const { model, server, history } = makeEditor(
    [201, { record: { ...makeAccessPoint(), id: "a9", version: 1, href: "/access-points/a9", code: "RH-MP-3-AP-08", x_m: 1, y_m: 2 } }],
    answered({ id: "a9", version: 2 }),
  );
  history.do(commands.placeAccessPoint(model, { x: 1, y: 2 }, DEFAULTS));
  history.do(commands.editAccessPoint(model.accessPoints.get("new-1"), { height_m: 3 }));
  await settled();
  assert.equal(server.asked[0].url, "/access-points");
  assert.equal("id" in server.asked[0].body, false);
  assert.deepEqual(server.asked[1], { url: "/access-points/a9", method: "PATCH", body: { version: 1, height_m: 3 }, token: "t0ken" });
  assert.equal(model.accessPoints.get("new-1").code, "RH-MP-3-AP-07");
});

test("an undone deletion asks the server for the record it deleted, and sends nothing of its own", async () => {
  const { model, server, history } = makeEditor([200, {}], [201, { record: { ...model_wall(), version: 2 } }]);
  history.do(commands.deleteWall(model.walls.get("w1")));
  await settled();
  history.undo();
  await settled();
  assert.deepEqual(server.asked[0].body, { version: 1 });
  assert.deepEqual(server.asked[1], { url: "/walls/w1/restore", method: "POST", body: {}, token: "t0ken" });
  assert.equal(server.asked.length, 2);
  assert.equal(model.walls.get("w1").version, 2);
});

test("what differs here from the restored record goes after it", async () => {
  const { model, server, history } = makeEditor(
    [200, {}],
    [201, { record: { ...model_wall(), version: 2 } }],
    [200, { record: { ...model_wall(), version: 3, top_m: 2 } }],
  );
  history.do(commands.deleteWall(model.walls.get("w1")));
  await settled();
  history.undo();
  history.do(commands.editWall(model.walls.get("w1"), { top_m: 2 }));
  await settled();
  assert.deepEqual(server.asked[2].body, { version: 2, top_m: 2 });
  assert.equal(model.walls.get("w1").top_m, 2);
});

test("a deletion that can no longer be undone says why, and the record goes again", async () => {
  const { model, sync, history } = makeEditor([200, {}], [409, { error: { message: "There is another access point of this code now." } }]);
  history.do(commands.deleteAccessPoint(model.accessPoints.get("a1")));
  await settled();
  history.undo();
  await settled();
  assert.equal(sync.state.name, "refused");
  assert.equal(sync.state.message, "There is another access point of this code now.");
  await sync.discard();
  assert.equal(model.accessPoints.has("a1"), false);
});

function model_wall() {
  return { id: "w1", href: "/walls/w1", x1_m: 0, y1_m: 0, x2_m: 10, y2_m: 0, material: "m-brick", bottom_m: 0, top_m: null };
}

test("what got no answer is sent again as it was, and later changes go behind it", async () => {
  const keys = [];
  const { model, server, sync, history } = makeEditor([0], answered({ version: 4, x_m: 6 }), answered({ version: 5, x_m: 9 }));
  const { fetch } = sync;
  sync.fetch = (url, options) => {
    keys.push(options.headers["Idempotency-Key"]);
    return fetch(url, options);
  };
  history.do(moveTo(model, 6));
  await settled();
  for (const x of [8, 9]) history.do(moveTo(model, x));
  await settled();
  assert.deepEqual(
    server.asked.map(({ body }) => body),
    [
      { version: 3, x_m: 6, y_m: 4 },
      { version: 3, x_m: 6, y_m: 4 },
      { version: 4, x_m: 9, y_m: 4 },
    ],
  );
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  assert.match(keys[0], /^[0-9a-f]{32}$/);
  assert.equal(model.accessPoints.get("a1").x_m, 9);
  assert.deepEqual(sync.state, { name: "saved" });
});

test("a record whose creation got no answer is created again before it is deleted", async () => {
  const { model, server, sync, history } = makeEditor(
    [0],
    [201, { record: { ...makeAccessPoint(), id: "a9", version: 1, href: "/access-points/a9", x_m: 1, y_m: 2 } }],
    [200, {}],
  );
  history.do(commands.placeAccessPoint(model, { x: 1, y: 2 }, DEFAULTS));
  await settled();
  history.undo();
  await settled();
  assert.deepEqual(
    server.asked.map(({ method, url }) => [method, url]),
    [
      ["POST", "/access-points"],
      ["POST", "/access-points"],
      ["DELETE", "/access-points/a9"],
    ],
  );
  assert.equal(sync.hasUnsaved, false);
});

test("after a log-in what got no answer goes again under its first key", async () => {
  const keys = [];
  const { server, sync, history, model } = makeEditor(
    [0],
    [401, { error: { message: "Please log in.", login_url: "/login" } }],
    [200, { token: "new" }],
    answered({ version: 4, x_m: 6 }),
  );
  const { fetch } = sync;
  sync.fetch = (url, options) => {
    if (options.body) keys.push(options.headers["Idempotency-Key"]);
    return fetch(url, options);
  };
  history.do(moveTo(model, 6));
  await settled();
  await sync.retry();
  await sync.retry();
  assert.equal(sync.state.name, "saved");
  assert.equal(server.asked.length, 4);
  assert.equal(new Set(keys).size, 1);
});

test("what the server has refused is put together anew, under a new key", async () => {
  const keys = [];
  const { model, server, sync, history } = makeEditor([400, { error: { message: "Too far.", problems: [] } }], answered({ version: 4, x_m: 5 }));
  const { fetch } = sync;
  sync.fetch = (url, options) => {
    keys.push(options.headers["Idempotency-Key"]);
    return fetch(url, options);
  };
  history.do(moveTo(model, 600));
  await settled();
  history.do(moveTo(model, 5));
  await settled();
  assert.deepEqual(server.asked[1].body, { version: 3, x_m: 5, y_m: 4 });
  assert.notEqual(keys[0], keys[1]);
});

test("without a network the change waits, and goes when tried again", async () => {
  const { model, server, sync, history } = makeEditor([0], answered({ version: 4, x_m: 6 }));
  history.do(moveTo(model, 6));
  await settled();
  assert.equal(sync.state.name, "failed");
  assert.equal(sync.state.isOffline, true);
  assert.equal(sync.hasUnsaved, true);
  assert.equal(model.accessPoints.get("a1").x_m, 6);
  await sync.retry();
  assert.equal(sync.state.name, "saved");
  assert.equal(server.asked.length, 2);
});

test("after the session has ended changes wait for a log-in, and go with the new session's token", async () => {
  const { model, server, sync, history } = makeEditor(
    [401, { error: { message: "Please log in.", login_url: "/login?next=/" } }],
    [200, { token: "new" }],
    answered({ version: 4, x_m: 6 }),
  );
  history.do(moveTo(model, 6));
  await settled();
  assert.equal(sync.state.name, "failed");
  assert.equal(sync.state.loginUrl, "/login?next=/");
  assert.equal(model.accessPoints.get("a1").x_m, 6);
  await sync.retry();
  assert.equal(server.asked[1].url, "/session/token");
  assert.deepEqual(server.asked[2], { ...server.asked[0], token: "new" });
  assert.equal(sync.state.name, "saved");
});

test("a stale token is renewed by itself", async () => {
  const { model, server, sync, history } = makeEditor(
    [400, { error: { message: "", is_token_stale: true } }],
    [200, { token: "new" }],
    answered({ version: 4, x_m: 6 }),
  );
  history.do(moveTo(model, 6));
  await settled();
  assert.equal(server.asked.at(-1).token, "new");
  assert.equal(sync.state.name, "saved");
});

test("made and deleted again without a network, a record is never asked for", async () => {
  const { model, server, sync, history } = makeEditor([0]);
  history.do(commands.editWall(model.walls.get("w1"), { top_m: 2 }));
  await settled();
  server.answers.push([0], [0], [0]);
  history.do(commands.placeAccessPoint(model, { x: 1, y: 2 }, DEFAULTS));
  history.undo();
  await settled();
  assert.deepEqual(
    sync.queue.map((operation) => operation.key),
    ["w1"],
  );
});

test("what is forbidden is kept, says why, and can be given up", async () => {
  const { model, sync, history } = makeEditor([403, { error: { message: "Not your wing.", problems: [] } }]);
  history.do(moveTo(model, 6));
  await settled();
  assert.equal(sync.state.name, "failed");
  assert.equal(sync.state.message, "Not your wing.");
  assert.equal(model.accessPoints.get("a1").x_m, 6);
  await sync.discard();
  assert.equal(model.accessPoints.get("a1").x_m, 5);
  assert.equal(sync.state.name, "saved");
});

test("a refused value waits for its correction while other records are saved", async () => {
  const problems = [{ field: "height_m", message: "Too high." }];
  const { model, server, sync, history } = makeEditor(
    [400, { error: { message: "", problems } }],
    [200, { record: { ...model_wall(), version: 2, top_m: 2 } }],
    answered({ version: 4, height_m: 3 }),
  );
  history.do(commands.editAccessPoint(model.accessPoints.get("a1"), { height_m: 90 }));
  await settled();
  assert.equal(sync.state.name, "refused");
  assert.deepEqual(sync.state.problems, problems);
  history.do(commands.editWall(model.walls.get("w1"), { top_m: 2 }));
  await settled();
  assert.equal(server.asked[1].url, "/walls/w1");
  assert.equal(sync.state.name, "refused");
  history.do(commands.editAccessPoint(model.accessPoints.get("a1"), { height_m: 3 }));
  await settled();
  assert.deepEqual(server.asked[2].body, { version: 3, height_m: 3 });
  assert.equal(sync.state.name, "saved");
});

const conflict = (current) => [409, { error: { message: "", changed_by: "Anna", current } }];

test("a conflict says who changed it, and what", async () => {
  const { model, sync, history } = makeEditor(conflict({ ...makeAccessPoint(), version: 7, x_m: 9 }));
  history.do(moveTo(model, 6));
  await settled();
  assert.equal(sync.state.name, "conflict");
  assert.equal(sync.state.changedBy, "Anna");
  assert.equal(sync.state.current.x_m, 9);
});

test("taking theirs gives up mine", async () => {
  const { model, server, sync, history } = makeEditor(conflict({ ...makeAccessPoint(), version: 7, x_m: 9 }));
  history.do(moveTo(model, 6));
  await settled();
  await sync.takeTheirs();
  assert.equal(model.accessPoints.get("a1").x_m, 9);
  assert.equal(model.accessPoints.get("a1").version, 7);
  assert.equal(server.asked.length, 1);
  assert.equal(sync.state.name, "saved");
});

test("keeping mine sends it on top of theirs", async () => {
  const { model, server, sync, history } = makeEditor(
    conflict({ ...makeAccessPoint(), version: 7, x_m: 9, height_m: 3.3 }),
    answered({ version: 8, x_m: 6, height_m: 3.3 }),
  );
  history.do(moveTo(model, 6));
  await settled();
  await sync.keepMine();
  assert.deepEqual(server.asked[1].body, { version: 7, x_m: 6, y_m: 4 });
  assert.equal(model.accessPoints.get("a1").height_m, 3.3);
});

test("what is changed during a conflict waits with it", async () => {
  const { model, server, sync, history } = makeEditor(conflict({ ...makeAccessPoint(), version: 7 }), answered({ version: 8, x_m: 6, height_m: 3 }));
  history.do(moveTo(model, 6));
  await settled();
  history.do(commands.editAccessPoint(model.accessPoints.get("a1"), { height_m: 3 }));
  await settled();
  assert.equal(server.asked.length, 1);
  await sync.keepMine();
  assert.deepEqual(server.asked[1].body, { version: 7, x_m: 6, y_m: 4, height_m: 3 });
});

test("keeping mine of a record deleted there brings it back, and my change after it", async () => {
  const { model, server, sync, history } = makeEditor(
    conflict(null),
    [201, { record: { ...makeAccessPoint(), version: 9 } }],
    answered({ version: 10, x_m: 6 }),
  );
  history.do(moveTo(model, 6));
  await settled();
  await sync.keepMine();
  assert.equal(server.asked[1].method, "POST");
  assert.equal(server.asked[1].url, "/access-points/a1/restore");
  assert.deepEqual(server.asked[2].body, { version: 9, x_m: 6 });
  assert.equal(sync.state.name, "saved");
});

test("taking theirs of a record deleted there removes it", async () => {
  const { model, sync, history } = makeEditor(conflict(null));
  history.do(moveTo(model, 6));
  await settled();
  await sync.takeTheirs();
  assert.equal(model.accessPoints.size, 0);
});

test("deleting what is already gone is done", async () => {
  const { model, sync, history } = makeEditor([0], [404, { error: { message: "gone" } }]);
  history.do(commands.deleteWall(model.walls.get("w1")));
  await settled();
  await sync.retry();
  assert.equal(sync.state.name, "saved");
});

test("an answer that is no JSON counts as not saved", async () => {
  const model = makeModel();
  const sync = new Sync({ model, urls: model.data.urls, token: "", fetch: async () => new Response("<html>", { status: 200 }) });
  sync.send(moveTo(model, 6).do(model));
  await settled();
  assert.equal(sync.state.name, "failed");
});
