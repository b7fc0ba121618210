// Working lists by keyboard: up and down move between rows, space selects, enter opens the record,
// and what a button of the row names as its key presses it.
// Decides nothing about what a row holds.

import { offerTargets } from "./bulk-targets.js";

/** @param {Element} row */
const tickOf = (row) => /** @type {HTMLInputElement | null} */ (row.querySelector('td.tick input[type="checkbox"]'));

/** @param {HTMLTableElement} table */
function showCount(table) {
  const ticks = [...table.querySelectorAll("tbody tr")].flatMap((row) => tickOf(row) ?? []);
  const count = ticks.filter((tick) => tick.checked).length;
  const scope = table.closest("form") ?? document;
  for (const place of scope.querySelectorAll("[data-tick-count]")) place.textContent = String(count);
  const states = ticks.filter((tick) => tick.checked).map((tick) => tick.dataset.state ?? "");
  for (const select of scope.querySelectorAll("select[data-bulk-target]")) if (select instanceof HTMLSelectElement) offerTargets(select, states);
  const all = table.querySelector("[data-tick-all]");
  if (all instanceof HTMLInputElement) {
    all.checked = ticks.length > 0 && count === ticks.length;
    all.indeterminate = count > 0 && count < ticks.length;
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLTableElement} table
 */
function onKey(event, table) {
  const row = event.target;
  if (!(row instanceof HTMLTableRowElement) || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = rows[rows.indexOf(row) + step];
    if (!next) return;
    row.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (event.key === " ") {
    const tick = tickOf(row);
    if (!tick) return;
    tick.click();
  } else if (event.key === "Enter") {
    const link = row.querySelector("th a[href]");
    if (!(link instanceof HTMLAnchorElement)) return;
    link.click();
  } else {
    const button = row.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (!(button instanceof HTMLButtonElement)) return;
    button.click();
  }
  event.preventDefault();
}

/** @param {HTMLTableElement} table */
function startList(table) {
  table.dataset.isStarted = "";
  for (const [index, row] of [...table.tBodies].flatMap((body) => [...body.rows]).entries()) row.tabIndex = index ? -1 : 0;
  table.addEventListener("keydown", (event) => onKey(event, table));
  table.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-tick-all]")) {
      for (const row of table.querySelectorAll("tbody tr")) {
        const tick = tickOf(row);
        if (tick) tick.checked = event.target.checked;
      }
    }
    showCount(table);
  });
  for (const select of (table.closest("form") ?? document).querySelectorAll("select[data-bulk-target]"))
    select.addEventListener("change", () => select.setAttribute("data-is-chosen", ""));
  showCount(table);
}

/** Start every list of the page that is not started yet. */
export function startLists() {
  for (const button of document.querySelectorAll("[data-print]:not([data-is-started])")) {
    button.setAttribute("data-is-started", "");
    button.addEventListener("click", () => print());
  }
  for (const table of document.querySelectorAll("table[data-list]:not([data-is-started])")) {
    if (table instanceof HTMLTableElement) startList(table);
  }
}
