// Entries made on site, sent one after the other. Decides when an entry is sent, what an answer means,
// and that none is dropped but by the person who made it; refuses to know where entries are kept and
// how they are shown.

/** @typedef {import("./contract.d.ts").Entry} Entry */
/** @typedef {import("./contract.d.ts").Draft} Draft */
/** @typedef {import("./contract.d.ts").EntryStore} EntryStore */
/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {"idle" | "sending" | "offline" | "login" | "failed"} QueueState */

/** What only its person can go on with. @param {Entry} entry */
export const isStuck = (entry) => entry.trouble !== null;

/**
 * The first entry that waits for nobody: behind an entry that is stuck, those of the same run wait.
 * @param {Entry[]} entries in the order in which they were made
 */
export function nextEntry(entries) {
  const stuck = new Set(entries.filter(isStuck).map((entry) => entry.run));
  return entries.find((entry) => !stuck.has(entry.run)) ?? null;
}

/** Fires "change" whenever entries or state do, and "done" with entry and answer for each that arrived. */
export class SiteQueue extends EventTarget {
  /**
   * @param {{store: EntryStore, account: string, token: string, tokenUrl: string, fetch: typeof fetch, newId?: () => string, now?: () => number, alone?: (work: () => Promise<void>) => Promise<void>}} parts
   * `alone` lets only one page of this browser send at a time.
   */
  constructor({ store, account, token, tokenUrl, fetch, newId = () => crypto.randomUUID(), now = () => Date.now(), alone = (work) => work() }) {
    super();
    this.store = store;
    this.account = account;
    this.token = token;
    this.tokenUrl = tokenUrl;
    this.fetch = fetch;
    this.newId = newId;
    this.now = now;
    this.alone = alone;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {QueueState} */
    this.state = "idle";
    /** @type {string | null} */
    this.sending = null;
    this.isRunning = false;
  }

  /** Read what waits on this device for this account. */
  async load() {
    this.entries = await this.store.list(this.account);
    this.tell();
  }

  /**
   * Keep an entry, then try to send it. Once this is done, the entry survives the browser's end.
   * @param {Draft} draft
   */
  async add(draft) {
    const entry = { ...draft, id: this.newId(), account: this.account, madeAt: this.now(), trouble: null };
    const number = await this.store.add(entry);
    this.entries.push({ ...entry, number });
    this.tell();
    void this.run();
  }

  /** Send what can be sent. */
  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      await this.alone(async () => {
        // Another page may have sent, or made, some meanwhile.
        this.entries = await this.store.list(this.account);
        await this.sendAll();
      });
    } finally {
      this.isRunning = false;
      this.sending = null;
      this.tell();
    }
  }

  async sendAll() {
    this.state = "sending";
    for (let entry = nextEntry(this.entries); entry; entry = nextEntry(this.entries)) {
      this.sending = entry.id;
      this.tell();
      let answer = await this.send(entry);
      if (answer.error?.is_token_stale && (await this.renewToken())) answer = await this.send(entry);
      const state = await this.settle(entry, answer);
      if (state !== "sending") {
        this.state = state;
        return;
      }
    }
    this.state = "idle";
  }

  /**
   * @param {Entry} entry
   * @param {Answer} answer
   * @returns {Promise<QueueState>} "sending" where the next one may follow
   */
  async settle(entry, answer) {
    if (answer.status === 0) return "offline";
    if (answer.status === 200 && answer.state) {
      await this.remove(entry);
      this.dispatchEvent(new CustomEvent("done", { detail: { entry, answer } }));
      return "sending";
    }
    if (answer.status === 401) {
      // The session has ended; the next one has another token.
      return (await this.renewToken()) ? "failed" : "login";
    }
    if (![400, 403, 404, 409, 413, 422].includes(answer.status) || answer.error?.is_token_stale) return "failed";
    const error = answer.error ?? {};
    const words = [...(error.problems ?? []).map((problem) => problem.message), ...((error.problems ?? []).length ? [] : [error.message ?? ""])];
    const isConflict = answer.status === 409 && Boolean(error.state);
    entry.trouble = { kind: isConflict ? "conflict" : "refused", words: words.join(" "), state: error.state ?? null, mayFollow: error.may_follow ?? false };
    await this.store.put(entry);
    if (error.card) this.dispatchEvent(new CustomEvent("moved", { detail: { entry, card: error.card } }));
    return "sending";
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<Answer>} with status 0 where nobody answered
   */
  async send(entry) {
    const body = new FormData();
    for (const [name, value] of Object.entries(entry.fields)) body.set(name, value);
    body.set("source", entry.source);
    body.set("target", entry.target);
    if (entry.photo) body.set("photo", entry.photo, entry.photoName ?? "photo.jpg");
    let response;
    try {
      response = await this.fetch(entry.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": this.token, "Idempotency-Key": entry.id },
        body,
      });
    } catch {
      return { status: 0 };
    }
    try {
      return { ...(await response.json()), status: response.status };
    } catch {
      // A network that asks for a log-in of its own answers like this.
      return { status: response.ok || response.type === "opaqueredirect" ? 503 : response.status };
    }
  }

  /** @returns {Promise<boolean>} whether there is a new token */
  async renewToken() {
    try {
      const response = await this.fetch(this.tokenUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
      const answer = response.ok ? await response.json() : null;
      if (!answer?.token || answer.token === this.token) return false;
      this.token = answer.token;
      return true;
    } catch {
      return false;
    }
  }

  /** Send an entry again as it is. @param {string} id */
  async again(id) {
    await this.change(id, (entry) => ({ ...entry, trouble: null }));
    return this.run();
  }

  /** Send an entry again, on top of what somebody else has entered meanwhile. @param {string} id */
  async follow(id) {
    await this.change(id, (entry) => ({ ...entry, source: entry.trouble?.state ?? entry.source, trouble: null }));
    return this.run();
  }

  /** Give an entry up. @param {string} id */
  async discard(id) {
    const entry = this.entries.find((other) => other.id === id);
    if (entry) await this.remove(entry);
    this.tell();
    return this.run();
  }

  /**
   * @param {string} id
   * @param {(entry: Entry) => Entry} make
   */
  async change(id, make) {
    const index = this.entries.findIndex((other) => other.id === id);
    const entry = this.entries[index];
    if (!entry) return;
    this.entries[index] = make(entry);
    await this.store.put(make(entry));
    this.tell();
  }

  /** @param {Entry} entry */
  async remove(entry) {
    await this.store.remove(entry.number);
    this.entries = this.entries.filter((other) => other.id !== entry.id);
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }
}
