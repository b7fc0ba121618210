// Says whether everything is saved, and offers what can be done when it is not.

import { make, makeSymbol } from "../elements.js";
import { fill, formatNumber } from "../words.js";

/** @typedef {import("../contract.d.ts").Fields} Fields */
/** @typedef {import("../contract.d.ts").SyncState} SyncState */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {{onRetry: () => void, onDiscard: () => void, onTakeTheirs: () => void, onKeepMine: () => void}} Actions */

/**
 * @param {string} word
 * @param {Record<string, string>} words
 * @param {() => void} onClick
 */
const makeButton = (word, words, onClick) => make("button", { type: "button", class: "button", click: onClick }, words[word] ?? "");

/**
 * The line in the status bar.
 * @param {SyncState} state
 * @param {Record<string, string>} words
 */
export function makeSavedMark(state, words) {
  if (state.name === "saved") return make("span", { class: "editor__saved", "data-state": "saved" }, makeSymbol("check"), words.saved ?? "");
  if (state.name === "saving") return make("span", { class: "editor__saved", "data-state": "saving" }, words.saving ?? "");
  return make("span", { class: "editor__saved", "data-state": "failed" }, makeSymbol("warning"), words.unsaved ?? "");
}

/**
 * What went wrong and what to do; nothing when all is well.
 * @param {SyncState} state
 * @param {FloorModel} model
 * @param {Actions} actions
 * @returns {HTMLElement | null}
 */
export function makeTrouble(state, model, actions) {
  const { words } = model.data;
  const discard = makeButton("discard", words, actions.onDiscard);
  if (state.name === "failed") {
    const text = state.loginUrl ? words.session_ended : state.isOffline ? words.offline : state.message || words.not_saved;
    const login = state.loginUrl ? [make("a", { class: "button", href: state.loginUrl, target: "_blank" }, words.log_in ?? "")] : [];
    return frame([make("p", {}, text ?? ""), make("div", { class: "actions" }, ...login, makeButton("retry", words, actions.onRetry), discard)]);
  }
  if (state.name === "refused") {
    const problems = state.problems.map(({ field, message }) =>
      make("li", {}, field && words[`field_${field}`] ? `${words[`field_${field}`]}: ${message}` : message),
    );
    return frame([make("p", {}, state.message || (words.refused ?? "")), make("ul", {}, ...problems), make("div", { class: "actions" }, discard)]);
  }
  if (state.name !== "conflict") return null;
  const title = state.changedBy ? fill(words.conflict_title ?? "", { name: state.changedBy }) : words.conflict_title_unknown;
  return frame([
    make("h2", {}, title ?? ""),
    ...(state.message ? [make("p", {}, state.message)] : []),
    state.current ? makeComparison(state.operation.fields, state.current, model) : make("p", {}, words.conflict_deleted ?? ""),
    make(
      "div",
      { class: "actions" },
      makeButton("conflict_take_theirs", words, actions.onTakeTheirs),
      makeButton("conflict_keep_mine", words, actions.onKeepMine),
    ),
  ]);
}

/** @param {HTMLElement[]} children */
const frame = (children) => make("div", { class: "conflict", role: "alert" }, ...children);

/**
 * Mine beside theirs, for what I changed.
 * @param {Fields} mine
 * @param {Fields} theirs
 * @param {FloorModel} model
 */
function makeComparison(mine, theirs, model) {
  const { words, materials, models, mounts, route_kinds, upper_floors } = model.data;
  /** @type {Record<string, string>} */
  const labels = Object.fromEntries([
    ...[...materials, ...models].map(({ id, name }) => [id, name]),
    ...[...mounts, ...route_kinds, ...upper_floors].map(({ key, label }) => [key, label]),
  ]);
  /** @param {import("../contract.d.ts").Value} value */
  const show = (value) => {
    if (value === null || value === undefined) return "";
    return typeof value === "number" ? formatNumber(value) : (labels[String(value)] ?? String(value));
  };
  const rows = Object.entries(mine).map(([field, value]) =>
    make("tr", {}, make("th", { scope: "row" }, words[`field_${field}`] ?? field), make("td", {}, show(value)), make("td", {}, show(theirs[field]))),
  );
  const heads = ["conflict_field", "conflict_mine", "conflict_theirs"].map((word) => make("th", { scope: "col" }, words[word] ?? ""));
  return make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
}
