import assert from "node:assert/strict";
import { test } from "node:test";
import { nextEntry, SiteQueue } from "../../static/js/site/queue.js";

/** What a device keeps, also when the page is gone: entries are copied in and out. */
class Device {
  #entries = new Map();
  #last = 0;
  async list(account) {
    return [...this.#entries.values()].filter((entry) => entry.account === account).map((entry) => structuredClone(entry));
  }
  async add(entry) {
    this.#last += 1;
    this.#entries.set(this.#last, structuredClone({ ...entry, number: this.#last }));
    return this.#last;
  }
  async put(entry) {
    this.#entries.set(entry.number, structuredClone(entry));
  }
  async remove(number) {
    this.#entries.delete(number);
  }
  async countOthers(account) {
    return this.#entries.size - (await this.list(account)).length;
  }
}

/** A server of a few lines: answers in order, keeps what it was asked. */
function makeServer(...answers) {
  const asked = [];
  const fetch = async (url, { headers, body } = {}) => {
    asked.push({ url, key: headers?.["Idempotency-Key"], token: headers?.["X-CSRFToken"], fields: body ? Object.fromEntries(body) : null });
    const [status, answer] = answers.shift() ?? [0];
    if (status === 0) throw new TypeError("no network");
    return new Response(typeof answer === "string" ? answer : JSON.stringify(answer), { status });
  };
  return { asked, fetch, answers };
}

function open(device, server, account = "anna") {
  let count = 0;
  return new SiteQueue({
    store: device,
    account,
    token: "t0ken",
    tokenUrl: "/session/token",
    fetch: server.fetch,
    newId: () => `${account}-${++count}`,
    now: () => 1_000 + count,
  });
}

const draft = (run, source = "containment installed", target = "pulled") => ({
  run,
  label: run,
  url: `/site/runs/${run}/entries`,
  source,
  target,
  targetWord: target,
  fields: { done_on: "2026-11-26" },
  photo: null,
  photoName: null,
});
const done = (state = "pulled") => [200, { state, message: "done", card: "<p>" }];
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const runsOf = (queue) => queue.entries.map((entry) => entry.run);

async function add(queue, ...drafts) {
  for (const each of drafts) await queue.add(each);
  await settled();
}

test("with a connection an entry goes at once, with its number and what was entered", async () => {
  const server = makeServer(done());
  const queue = open(new Device(), server);
  const arrived = [];
  queue.addEventListener("done", (event) => arrived.push(event.detail.answer.state));
  await add(queue, draft("R1"));
  assert.deepEqual(server.asked, [
    { url: "/site/runs/R1/entries", key: "anna-1", token: "t0ken", fields: { done_on: "2026-11-26", source: "containment installed", target: "pulled" } },
  ]);
  assert.deepEqual(arrived, ["pulled"]);
  assert.deepEqual(queue.entries, []);
  assert.equal(queue.state, "idle");
});

test("a photo goes along with its name", async () => {
  const server = makeServer(done());
  const queue = open(new Device(), server);
  await add(queue, { ...draft("R1"), photo: new Blob(["jpeg"]), photoName: "IMG_1.jpg" });
  assert.equal(server.asked[0].fields.photo.name, "IMG_1.jpg");
});

test("without a connection entries wait, and outlive the page", async () => {
  const device = new Device();
  const queue = open(device, makeServer());
  await add(queue, draft("R1"), draft("R2"));
  assert.equal(queue.state, "offline");
  assert.deepEqual(runsOf(queue), ["R1", "R2"]);

  const server = makeServer(done(), done());
  const later = open(device, server);
  await later.load();
  await later.run();
  assert.deepEqual(
    server.asked.map(({ url }) => url),
    ["/site/runs/R1/entries", "/site/runs/R2/entries"],
  );
  assert.deepEqual(await device.list("anna"), []);
});

test("when the answer is lost the same number is sent again", async () => {
  const device = new Device();
  const server = makeServer([0], done());
  const queue = open(device, server);
  await add(queue, draft("R1"));
  await queue.run();
  assert.deepEqual(
    server.asked.map(({ key }) => key),
    ["anna-1", "anna-1"],
  );
  assert.deepEqual(queue.entries, []);
});

test("a page of another network, or a broken server, is no answer", async () => {
  const queue = open(new Device(), makeServer([200, "<html>hotel"], [502, "<html>"], [500, {}]));
  await add(queue, draft("R1"));
  assert.equal(queue.state, "failed");
  await queue.run();
  await queue.run();
  assert.equal(queue.state, "failed");
  assert.deepEqual(runsOf(queue), ["R1"]);
  assert.equal(queue.entries[0].trouble, null);
});

test("two pages of one browser send an entry once", async () => {
  const device = new Device();
  await add(open(device, makeServer()), draft("R1"));
  const server = makeServer(done(), done());
  let last = Promise.resolve();
  const alone = (work) => {
    last = last.then(work);
    return last;
  };
  const [one, two] = [open(device, server), open(device, server)];
  one.alone = two.alone = alone;
  await Promise.all([one.run(), two.run()]);
  assert.equal(server.asked.length, 1);
});

test("a conflict keeps the entry, says what happened, and holds what follows on the same run", async () => {
  const device = new Device();
  const error = { message: "Ben has set R1 to »blocked«.", problems: [], state: "blocked", may_follow: false };
  const server = makeServer([409, { error }], done());
  const queue = open(device, makeServer());
  await add(queue, draft("R1"), draft("R1", "pulled", "fire-stopped"), draft("R2"));
  queue.fetch = server.fetch;
  await queue.run();
  assert.deepEqual(
    server.asked.map(({ url }) => url),
    ["/site/runs/R1/entries", "/site/runs/R2/entries"],
  );
  assert.deepEqual(queue.entries[0].trouble, { kind: "conflict", words: "Ben has set R1 to »blocked«.", state: "blocked", mayFollow: false });
  assert.equal(queue.entries[1].trouble, null);
  assert.deepEqual((await device.list("anna"))[0].trouble.kind, "conflict");
  assert.equal(nextEntry(queue.entries), null);
});

test("after a conflict an entry can follow on what is there now, under the same number", async () => {
  const error = { message: "", state: "blocked", may_follow: true };
  const server = makeServer([409, { error }], done());
  const queue = open(new Device(), server);
  await add(queue, draft("R1"));
  await queue.follow("anna-1");
  assert.equal(server.asked[1].fields.source, "blocked");
  assert.equal(server.asked[1].key, "anna-1");
  assert.deepEqual(queue.entries, []);
});

test("what is refused says why and can be sent again or given up", async () => {
  const problems = [{ field: "photo", message: "This is no photo." }];
  const server = makeServer([400, { error: { message: "", problems } }], [400, { error: { message: "No.", problems: [] } }]);
  const queue = open(new Device(), server);
  await add(queue, draft("R1"));
  assert.deepEqual(queue.entries[0].trouble, { kind: "refused", words: "This is no photo.", state: null, mayFollow: false });
  await queue.again("anna-1");
  assert.equal(queue.entries[0].trouble.words, "No.");
  await queue.discard("anna-1");
  assert.deepEqual(queue.entries, []);
});

test("after the session has ended entries wait for the log-in", async () => {
  const queue = open(new Device(), makeServer([401, { error: { message: "Please log in." } }], [401, {}]));
  await add(queue, draft("R1"));
  assert.equal(queue.state, "login");
  assert.equal(queue.entries[0].trouble, null);
});

test("a page that is older than the session renews its token by itself", async () => {
  const server = makeServer([400, { error: { message: "", is_token_stale: true } }], [200, { token: "new" }], done());
  const queue = open(new Device(), server);
  await add(queue, draft("R1"));
  assert.equal(server.asked[2].token, "new");
  assert.deepEqual(queue.entries, []);
});

test("nobody sees or sends the entries of another account", async () => {
  const device = new Device();
  await add(open(device, makeServer()), draft("R1"));
  const server = makeServer(done());
  const other = open(device, server, "ben");
  await other.load();
  await other.run();
  assert.deepEqual(other.entries, []);
  assert.deepEqual(server.asked, []);
  assert.equal(await device.countOthers("ben"), 1);
});

test("an entry that cannot be kept is refused to the person, and nothing is sent", async () => {
  const server = makeServer(done());
  const device = new Device();
  device.add = async () => {
    throw new Error("no room");
  };
  await assert.rejects(open(device, server).add(draft("R1")), /no room/);
  assert.deepEqual(server.asked, []);
});
