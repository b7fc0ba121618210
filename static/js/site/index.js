// The page for work on site: forms become entries that survive a lost connection. Decides how entries
// and their fate are shown; queue.js decides when they are sent. Without this script the forms are sent
// as any other.

import { showToast } from "../toasts.js";
import { forgetPages, keepPage } from "./kept-pages.js";
import { readPhoto } from "./photos.js";
import { isStuck, SiteQueue } from "./queue.js";
import { DeviceStore } from "./store.js";

/** @typedef {import("./contract.d.ts").Entry} Entry */
/** @typedef {import("./contract.d.ts").Answer} Answer */

const RETRY_MS = 30_000;
const LOCK = "wlantrack-site-queue";
const ACCOUNT = "wlantrack-site-account";

/** @param {() => Promise<void>} work */
async function alone(work) {
  if (navigator.locks) await navigator.locks.request(LOCK, work);
  else await work();
}

/**
 * @template {HTMLElement} T
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
const find = (root, selector) => /** @type {T} */ (root.querySelector(selector));

/** @param {Date} day */
const isoDay = (day) => new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

class SiteWork extends HTMLElement {
  connectedCallback() {
    this.store = new DeviceStore();
    this.queue = new SiteQueue({
      store: this.store,
      account: this.dataset.account ?? "",
      token: document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "",
      tokenUrl: this.dataset.tokenUrl ?? "",
      fetch: (...request) => fetch(...request),
      alone,
    });
    /** @type {Map<string, string>} */
    this.pictures = new Map();
    /** What the server offered, for when an entry is discarded. @type {WeakMap<HTMLElement, ChildNode[]>} */
    this.ownSteps = new WeakMap();
    /** @type {string | null} */
    this.notice = null;
    /** @type {HTMLElement | null} */
    this.toast = null;
    for (const day of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[data-today]"))) day.value = day.max = isoDay(new Date());
    this.listen();
    void this.start();
  }

  listen() {
    const { queue } = this;
    queue?.addEventListener("change", () => this.show());
    queue?.addEventListener("done", (event) => this.takeDone(/** @type {CustomEvent} */ (event).detail));
    queue?.addEventListener("moved", (event) =>
      this.replaceCard(/** @type {CustomEvent} */ (event).detail.entry.run, /** @type {CustomEvent} */ (event).detail.card),
    );
    this.addEventListener("submit", (event) => void this.take(event));
    this.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLSelectElement && "submits" in target.dataset) target.form?.requestSubmit();
    });
    find(this, "[data-send]").addEventListener("click", () => void queue?.run());
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.show());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    setInterval(() => this.wake(), RETRY_MS);
  }

  wake() {
    this.show();
    if (navigator.onLine && this.queue?.entries.some((entry) => !isStuck(entry))) void this.queue.run();
  }

  async start() {
    await this.rememberAccount();
    try {
      await this.queue?.load();
      this.toldOthers = (await this.store?.countOthers(this.dataset.account ?? "")) ?? 0;
    } catch {
      return; // Nothing can be kept here, as in some private windows: the forms are sent as they are.
    }
    this.isReady = true;
    this.dataset.ready = "";
    this.show();
    this.wake();
    try {
      await navigator.serviceWorker?.register(this.dataset.worker ?? "", { scope: this.dataset.scope });
      if (navigator.onLine) await keepPage();
      this.dataset.kept = "";
    } catch {
      // Not over https, or no room: the page then needs a connection to open.
    }
  }

  /** Pages of whoever was here before go. */
  async rememberAccount() {
    try {
      if (localStorage.getItem(ACCOUNT) === this.dataset.account) return;
      await forgetPages();
      localStorage.setItem(ACCOUNT, this.dataset.account ?? "");
    } catch {
      // Without storage nothing was kept.
    }
  }

  /**
   * Make an entry of a form.
   * @param {SubmitEvent} event
   */
  async take(event) {
    const form = event.target;
    if (!this.isReady || !(form instanceof HTMLFormElement) || !form.matches("[data-entry]")) return;
    event.preventDefault();
    const data = new FormData(form);
    const file = data.get("photo");
    const card = form.closest("[data-run]");
    const [source, target] = ["source", "target"].map((name) => String(data.get(name)));
    for (const name of ["photo", "source", "target", "csrf_token", "entry", "next"]) data.delete(name);
    if (!data.has("done_on")) data.set("done_on", isoDay(new Date()));
    const photo = await this.readPhoto(file);
    if (photo === undefined) return;
    try {
      await this.queue?.add({
        run: card instanceof HTMLElement ? (card.dataset.run ?? "") : "",
        label: card instanceof HTMLElement ? (card.dataset.label ?? "") : "",
        url: card instanceof HTMLElement ? (card.dataset.entries ?? "") : "",
        source: source ?? "",
        target: target ?? "",
        targetWord: form.dataset.targetWord ?? "",
        fields: Object.fromEntries([...data].map(([name, value]) => [name, String(value)])),
        photo: photo?.blob ?? null,
        photoName: photo?.name ?? null,
      });
      this.notice = null;
      void navigator.storage?.persist?.();
    } catch {
      this.notice = this.word("failed");
    }
    this.show();
  }

  /**
   * @param {FormDataEntryValue | null} file
   * @returns {Promise<{blob: Blob, name: string} | null | undefined>} undefined where there is one that cannot be read
   */
  async readPhoto(file) {
    if (!(file instanceof File) || file.size === 0) return null;
    try {
      return await readPhoto(file);
    } catch {
      this.notice = this.word("unreadable");
      this.show();
      find(this, "[data-entries]").scrollIntoView({ block: "center" });
      return undefined;
    }
  }

  /** @param {{entry: Entry, answer: Answer}} detail */
  takeDone({ entry, answer }) {
    this.notice = answer.message ?? null;
    if (answer.card) this.replaceCard(entry.run, answer.card);
    if (answer.undo) this.offerUndo(answer.message ?? "", answer.undo);
    if (navigator.onLine && !this.queue?.entries.length) void keepPage().catch(() => undefined);
  }

  /**
   * Only the latest entry is offered to be taken back: others stand behind it.
   * @param {string} words
   * @param {string} url
   */
  offerUndo(words, url) {
    const form = /** @type {HTMLFormElement} */ (find(/** @type {HTMLTemplateElement} */ (find(this, "[data-undo-template]")).content, "form").cloneNode(true));
    form.action = url;
    form.addEventListener("submit", () => find(form, '[name="csrf_token"]').setAttribute("value", this.queue?.token ?? ""));
    this.toast?.remove();
    this.toast = showToast(words, { kind: "success", form });
  }

  /**
   * @param {string} run
   * @param {string} html
   */
  replaceCard(run, html) {
    const card = this.querySelector(`[data-run="${CSS.escape(run)}"]`);
    const made = document.createRange().createContextualFragment(html).querySelector("[data-run]");
    if (!card || !made) return;
    const hadFocus = card.contains(document.activeElement);
    card.replaceWith(made);
    if (hadFocus) find(made, "a")?.focus();
  }

  /** @param {string} name */
  word(name) {
    return find(this, "[data-words]").dataset[name] ?? "";
  }

  show() {
    const { queue } = this;
    if (!queue || !this.isReady) return;
    const section = find(this, "[data-entries]");
    const waiting = queue.entries.filter((entry) => !isStuck(entry)).length;
    section.hidden = queue.entries.length === 0 && !this.notice && !this.toldOthers;
    find(this, "[data-sum]").textContent = this.sum(waiting);
    find(this, "[data-send]").hidden = waiting === 0 || queue.state === "sending" || queue.state === "login";
    find(this, "[data-log-in]").hidden = queue.state !== "login";
    const others = find(this, "[data-others]");
    others.hidden = !this.toldOthers;
    others.textContent = (this.toldOthers === 1 ? others.dataset.one : others.dataset.many)?.replace("{count}", String(this.toldOthers)) ?? "";
    find(this, "[data-list]").replaceChildren(...queue.entries.map((entry) => this.draw(entry)));
    this.markCards();
    const note = find(this, "[data-offline-note]");
    note.hidden = navigator.onLine;
    const made = new Date(this.dataset.made ?? "");
    note.textContent = this.word("offline").replace("{time}", made.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
  }

  /** @param {number} waiting */
  sum(waiting) {
    const words = find(this, "[data-sum]").dataset;
    if (this.queue?.entries.some(isStuck)) return words.attention ?? "";
    if (waiting && this.queue?.state === "login") return words.login ?? "";
    if (waiting === 1) return words.one ?? "";
    if (waiting) return (words.many ?? "").replace("{count}", String(waiting));
    return this.notice ?? words.sent ?? "";
  }

  /**
   * Behind an entry on its way offer what may follow it; an entry that needs its person comes first.
   * @param {HTMLElement} card
   * @param {HTMLElement} steps
   * @param {Entry | undefined} entry the last one of this run
   */
  offerSteps(card, steps, entry) {
    const isHeld = this.queue?.entries.some((other) => isStuck(other) && other.run === card.dataset.run);
    steps.hidden = Boolean(isHeld);
    const state = entry?.target ?? "";
    if ((steps.dataset.after ?? "") === state) return;
    if (!this.ownSteps?.has(steps)) this.ownSteps?.set(steps, [...steps.childNodes]);
    steps.dataset.after = state;
    if (!entry) return steps.replaceChildren(...(this.ownSteps?.get(steps) ?? []));
    const template = /** @type {HTMLTemplateElement | null} */ (
      this.querySelector(`template[data-after="${CSS.escape(state)}"][data-crosses="${card.dataset.crosses}"]`)
    );
    const made = /** @type {DocumentFragment} */ (template?.content.cloneNode(true) ?? new DocumentFragment());
    for (const part of made.querySelectorAll("[id]")) part.id = `${card.id}-${part.id}`;
    for (const label of made.querySelectorAll("label")) label.htmlFor = `${card.id}-${label.htmlFor}`;
    for (const day of /** @type {NodeListOf<HTMLInputElement>} */ (made.querySelectorAll("[data-today]"))) day.value = day.max = isoDay(new Date());
    if (card.dataset.hasPort === "true") for (const field of made.querySelectorAll('[name="switch_port"]')) field.closest(".site-field")?.remove();
    steps.replaceChildren(made);
  }

  /** Tell at each run which of its entries are on their way. */
  markCards() {
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-run]"))) {
      const entries = this.queue?.entries.filter((entry) => entry.run === card.dataset.run) ?? [];
      const steps = /** @type {HTMLElement | null} */ (card.querySelector(".site-run__steps"));
      if (steps) this.offerSteps(card, steps, entries.at(-1));
      for (const old of card.querySelectorAll(".site-run__waiting")) old.remove();
      for (const entry of entries) {
        const note = document.createElement("p");
        note.className = "site-run__waiting";
        note.textContent = `»${entry.targetWord}« – ${this.statusOf(entry)}`;
        card.insertBefore(note, steps);
      }
    }
  }

  /** @param {Entry} entry */
  statusOf(entry) {
    if (entry.trouble) return entry.trouble.words;
    if (this.queue?.sending === entry.id) return this.word("sending");
    return this.queue?.entries.some((other) => isStuck(other) && other.run === entry.run) ? this.word("behind") : this.word("waiting");
  }

  /** @param {Entry} entry */
  adviceOn({ trouble }) {
    if (trouble?.kind !== "conflict") return "";
    return this.word(trouble.mayFollow ? "mayFollow" : "cannotFollow");
  }

  /** @param {Entry} entry */
  draw(entry) {
    const item = /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (find(this, "[data-entry-template]")).content.cloneNode(true));
    find(item, "[data-label]").textContent = entry.label;
    find(item, "[data-target]").textContent = entry.targetWord;
    find(item, "[data-when]").textContent = new Date(entry.madeAt).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    find(item, "[data-status]").textContent = `${this.statusOf(entry)} ${this.adviceOn(entry)}`.trim();
    find(item, ".site-entry").classList.toggle("is-stuck", isStuck(entry));
    this.drawPhoto(find(item, "[data-photo]"), entry);
    const [follow, again, discard] = ["[data-follow]", "[data-again]", "[data-discard]"].map(
      (selector) => /** @type {HTMLButtonElement} */ (find(item, selector)),
    );
    if (!follow || !again || !discard) return item;
    follow.hidden = !entry.trouble?.mayFollow;
    again.hidden = entry.trouble?.kind !== "refused";
    discard.disabled = this.queue?.sending === entry.id;
    follow.addEventListener("click", () => void this.queue?.follow(entry.id));
    again.addEventListener("click", () => void this.queue?.again(entry.id));
    discard.addEventListener("click", () => {
      if (discard.dataset.isSure === undefined) {
        discard.dataset.isSure = "";
        discard.textContent = discard.dataset.sure ?? "";
      } else void this.queue?.discard(entry.id);
    });
    return item;
  }

  /**
   * @param {HTMLElement} place
   * @param {Entry} entry
   */
  drawPhoto(place, entry) {
    if (!entry.photo || !(place instanceof HTMLImageElement)) return;
    if (!this.pictures?.has(entry.id)) this.pictures?.set(entry.id, URL.createObjectURL(entry.photo));
    place.src = this.pictures?.get(entry.id) ?? "";
    place.hidden = false;
  }
}

customElements.define("site-work", SiteWork);
