// Saves one operation after the other. Decides when something is sent and what an answer means;
// refuses to know how that is shown. Nothing typed is lost: what could not be saved waits. Nothing is
// done twice: what got no answer is sent again as it was, under the key that the server knows it by.

import { sentFields } from "./commands.js";

/** @typedef {import("./contract.d.ts").Operation} Operation */
/** @typedef {import("./contract.d.ts").SyncState} SyncState */
/** @typedef {import("./contract.d.ts").Fields} Fields */
/** @typedef {import("./contract.d.ts").Problem} Problem */
/** @typedef {import("./contract.d.ts").PlanRecord} PlanRecord */
/** @typedef {import("./model.js").FloorModel} FloorModel */
/** @typedef {{message?: string, problems?: Problem[], changed_by?: string | null, current?: Fields | null, login_url?: string | null, is_token_stale?: boolean}} ServerError */

/** Fires "state" on every change of state and "saved" after each operation that the server took. */
export class Sync extends EventTarget {
  /**
   * @param {{model: FloorModel, urls: import("./contract.d.ts").FloorData["urls"], token: string, fetch: typeof fetch}} parts
   */
  constructor({ model, urls, token, fetch }) {
    super();
    this.model = model;
    this.urls = urls;
    this.token = token;
    this.fetch = fetch;
    /** @type {Operation[]} */
    this.queue = [];
    /** @type {Operation | null} */
    this.current = null;
    /** Records whose operation the server refused; they wait for a person. @type {Map<string, SyncState>} */
    this.held = new Map();
    /** @type {SyncState} */
    this.state = { name: "saved" };
  }

  get hasUnsaved() {
    return this.queue.length > 0 || this.current !== null;
  }

  /** @param {Operation} operation */
  send(operation) {
    this.enqueue(operation);
    if (this.held.get(operation.key)?.name === "refused") this.held.delete(operation.key);
    void this.run();
  }

  /**
   * Changes of one record that still wait become one; what was never sent and is deleted vanishes.
   * What was sent without an answer stays as it is: later changes go behind it.
   * @param {Operation} operation
   */
  enqueue(operation) {
    const waiting = this.queue.findLast((other) => other.key === operation.key && !other.sent);
    if (!waiting) {
      this.queue.push({ ...operation, fields: { ...operation.fields } });
    } else if (operation.method === "PATCH" && waiting.method !== "DELETE") {
      Object.assign(waiting.fields, operation.fields);
    } else if (operation.method === "DELETE") {
      this.queue = this.queue.filter((other) => other.key !== operation.key || other.sent);
      const isUnderWay = this.current?.key === operation.key || this.queue.some((other) => other.key === operation.key);
      const isUnknown = !this.model.isOnServer(operation.key) && !isUnderWay;
      if (!isUnknown) this.queue.push(operation);
    } else if (operation.method === "POST" && waiting.method === "DELETE" && this.model.isOnServer(operation.key)) {
      // Deleted and restored before anyone was told: only the fields may differ.
      this.queue = this.queue.filter((other) => other !== waiting);
      this.queue.push({ ...operation, method: "PATCH" });
    } else {
      this.queue.push(operation);
    }
  }

  /** Try again what waits; after a new log-in with the new session's token. */
  async retry() {
    if (this.state.name === "failed" && this.state.loginUrl) await this.renewToken();
    return this.run();
  }

  /** @returns {Promise<boolean>} whether there is a new token */
  async renewToken() {
    try {
      const response = await this.fetch(this.urls.token, { credentials: "same-origin", headers: { Accept: "application/json" } });
      const answer = response.ok ? await response.json() : null;
      if (!answer?.token || answer.token === this.token) return false;
      this.token = answer.token;
      return true;
    } catch {
      return false;
    }
  }

  async run() {
    if (this.current) return;
    this.current = this.shift();
    while (this.current) {
      this.show({ name: "saving" });
      const operation = this.current;
      let trouble = await this.save(operation);
      if (trouble?.name === "failed" && trouble.isTokenStale && (await this.renewToken())) trouble = await this.save(operation);
      this.current = null;
      if (!trouble) this.dispatchEvent(new CustomEvent("saved", { detail: operation }));
      else {
        this.putBack(operation);
        if (trouble.name === "failed") return this.show(trouble);
        this.held.set(operation.key, trouble);
      }
      this.current = this.shift();
    }
    this.show([...this.held.values()][0] ?? { name: "saved" });
  }

  /** The first operation that waits for nobody. */
  shift() {
    const index = this.queue.findIndex((operation) => !this.held.has(operation.key));
    return index < 0 ? null : (this.queue.splice(index, 1)[0] ?? null);
  }

  /**
   * What happened meanwhile to the same record joins the operation that waits, unless nobody knows
   * whether the server has taken that.
   * @param {Operation} operation
   */
  putBack(operation) {
    if (operation.sent) {
      this.queue.unshift(operation);
      return;
    }
    const later = this.queue.filter((other) => other.key === operation.key);
    const others = this.queue.filter((other) => other.key !== operation.key);
    this.queue = [{ ...operation, fields: { ...operation.fields } }];
    for (const next of later) this.enqueue(next);
    this.queue.push(...others);
  }

  /**
   * @param {Operation} operation
   * @returns {Promise<SyncState | null>} null when the server took it
   */
  async save(operation) {
    operation.sent ??= this.requestOf(operation);
    const { url, method, body, key } = operation.sent;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token, "Idempotency-Key": key };
    let response;
    try {
      response = await this.fetch(url, { method, body, headers, credentials: "same-origin", redirect: "manual" });
    } catch {
      return { name: "failed", message: "", isOffline: true, operation };
    }
    const answer = await readJson(response);
    // A deletion whose answer got lost finds nothing when it is sent again: done.
    const isGone = operation.method === "DELETE" && response.status === 404;
    if ((response.ok && answer !== undefined) || response.status === 204 || isGone) {
      this.take(operation, answer?.record ?? null);
      return null;
    }
    // Tried and refused, so nothing of it was done: it may be put together anew. What was turned away
    // before that, such as after the end of a session, may have been taken the first time.
    if (response.headers.get("Idempotency-Refused")) delete operation.sent;
    return this.refusal(operation, response.status, answer?.error ?? {});
  }

  /** @param {Operation} operation */
  addressOf(operation) {
    const known = this.model.saved.get(operation.key);
    if (this.isRestoring(operation)) return known?.restore_href ?? "";
    const { walls, access_points, cable_routes } = this.urls;
    if (operation.method === "POST") return { wall: walls, access_point: access_points, cable_route: cable_routes }[operation.kind];
    return known?.href ?? "";
  }

  /**
   * Whether a record that the server has deleted is to come back, rather than a new one to be made.
   * @param {Operation} operation
   */
  isRestoring({ method, key }) {
    return method === "POST" && this.model.saved.has(key);
  }

  /**
   * @param {Operation} operation
   * @returns {{url: string, method: string, body: string, key: string}}
   */
  requestOf(operation) {
    const known = this.model.saved.get(operation.key);
    // The server knows better than this page what it deleted: all fields, also those not shown here.
    const body = this.isRestoring(operation) ? {} : { ...(operation.method === "POST" ? {} : { version: known?.version }), ...operation.fields };
    return { url: this.addressOf(operation), method: operation.method, body: JSON.stringify(body), key: makeKey() };
  }

  /**
   * @param {Operation} operation
   * @param {Fields | null} record
   */
  take(operation, record) {
    const isRestored = this.isRestoring(operation);
    if (operation.method === "DELETE") this.model.deleted.add(operation.key);
    else this.model.deleted.delete(operation.key);
    if (operation.method === "DELETE" || !record) return;
    if (isRestored) this.sendDifferences(operation, record);
    const unsent = Object.assign({}, ...this.queue.filter((other) => other.key === operation.key && other.method === "PATCH").map((other) => other.fields));
    this.model.acknowledge(operation.kind, operation.key, record, unsent);
  }

  /**
   * A restored record is as it was deleted; what is different here goes after it.
   * @param {Operation} operation
   * @param {Fields} record
   */
  sendDifferences({ kind, key, fields }, record) {
    const differing = Object.entries(fields).filter(([field, value]) => field in record && record[field] !== value);
    if (differing.length === 0) return;
    const later = this.queue;
    this.queue = [];
    this.enqueue({ method: "PATCH", kind, key, fields: Object.fromEntries(differing) });
    for (const next of later) this.enqueue(next);
  }

  /**
   * @param {Operation} operation
   * @param {number} status
   * @param {ServerError} error
   * @returns {SyncState}
   */
  refusal(operation, status, error) {
    const message = error.message ?? "";
    if (status === 409 && operation.method !== "POST") {
      return { name: "conflict", message, changedBy: error.changed_by ?? null, current: error.current ?? null, operation };
    }
    if (error.is_token_stale) return { name: "failed", message, isOffline: false, isTokenStale: true, operation };
    if (status === 401) return { name: "failed", message, isOffline: false, loginUrl: error.login_url ?? "", operation };
    if (status === 400 || status === 409 || status === 422) return { name: "refused", message, problems: error.problems ?? [], operation };
    return { name: "failed", message, isOffline: false, operation };
  }

  /** Take theirs: what was changed here is given up. */
  takeTheirs() {
    if (this.state.name !== "conflict") return;
    const { operation, current } = this.state;
    this.drop(operation.key);
    if (current) {
      const { kind, key } = operation;
      const record = /** @type {PlanRecord} */ (/** @type {unknown} */ ({ ...current, key }));
      this.model.saved.set(key, record);
      this.model.put(kind, { ...record });
    } else {
      this.model.deleted.add(operation.key);
      this.model.remove(operation.kind, operation.key);
    }
    return this.run();
  }

  /** Keep mine: send it again on top of what the other person saved. */
  keepMine() {
    if (this.state.name !== "conflict") return;
    const { operation, current } = this.state;
    const { kind, key } = operation;
    this.held.delete(key);
    if (current) {
      const known = this.model.saved.get(key);
      this.model.saved.set(key, /** @type {PlanRecord} */ ({ ...known, ...current, key }));
      return this.run();
    }
    // Deleted by the other person: put it back whole, unless it was to be deleted anyway.
    const mine = this.model.find(kind, key);
    this.drop(key);
    this.model.deleted.add(key);
    if (mine) this.queue.unshift({ method: "POST", kind, key, fields: sentFields(kind, mine) });
    return this.run();
  }

  /** Give up what could not be saved; the record is as the server knows it. */
  discard() {
    if (!("operation" in this.state)) return;
    const { kind, key } = this.state.operation;
    this.drop(key);
    this.model.revert(kind, key);
    return this.run();
  }

  /** @param {string} key */
  drop(key) {
    this.held.delete(key);
    this.queue = this.queue.filter((operation) => operation.key !== key);
  }

  /** @param {SyncState} state */
  show(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** A name that no other request has; also where the page came without encryption, unlike randomUUID. */
function makeKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Response} response
 * @returns {Promise<{record?: Fields, error?: ServerError} | null | undefined>} undefined when it is no JSON
 */
async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
