// The frame's niceties. Decides how menus, toasts, the rail and htmx behave; every page works without it.

import { startDrafts } from "./drafts.js";
import { startLists } from "./list.js";
import { forgetPages } from "./site/kept-pages.js";
import { adoptToasts, showToast } from "./toasts.js";

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function startMenus() {
  const openMenus = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu[open]"));
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const hadFocus = menu.contains(document.activeElement);
      menu.open = false;
      if (hadFocus) menu.querySelector("summary")?.focus();
    }
  });
}

function startSearchKey() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const field = document.querySelector('[role="search"] input[type="search"]');
    if (!(field instanceof HTMLInputElement)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

function startRail() {
  const rail = document.getElementById("rail");
  const toggle = rail?.querySelector(".rail__toggle");
  if (!rail || !(toggle instanceof HTMLButtonElement)) return;
  const label = toggle.querySelector(".rail__label");
  const root = document.documentElement;
  const show = () => {
    const isNarrow = root.dataset.rail === "narrow";
    if (label) label.textContent = (isNarrow ? toggle.dataset.expand : toggle.dataset.collapse) ?? "";
    for (const item of rail.querySelectorAll("a, button")) {
      const words = item.textContent?.trim() ?? "";
      if (isNarrow) item.setAttribute("title", words);
      else item.removeAttribute("title");
    }
  };
  toggle.addEventListener("click", () => {
    if (root.dataset.rail === "narrow") delete root.dataset.rail;
    else root.dataset.rail = "narrow";
    try {
      localStorage.setItem("rail", root.dataset.rail ?? "wide");
    } catch {
      // Not remembered, but done.
    }
    show();
  });
  toggle.hidden = false;
  show();
}

function startHtmx() {
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
  const words = document.getElementById("toasts")?.dataset ?? {};
  document.addEventListener("htmx:configRequest", (event) => {
    /** @type {CustomEvent} */ (event).detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = /** @type {CustomEvent} */ (event).detail.xhr;
    showToast((status === 401 ? words.expired : words.failed) ?? "", { kind: "error" });
  });
  document.addEventListener("htmx:sendError", () => showToast(words.offline ?? "", { kind: "error" }));
  document.addEventListener("htmx:afterSwap", () => startLists());
}

startMenus();
startSearchKey();
startRail();
startHtmx();
startLists();
adoptToasts();
startDrafts();
// Whoever has logged out leaves nothing to read behind.
if (document.body.dataset.loggedOut !== undefined) void forgetPages();
const summary = document.querySelector("[data-focus]");
if (summary instanceof HTMLElement) summary.focus();
