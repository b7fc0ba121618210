// Forms that could not be sent because their session had ended. Decides that what was typed waits in
// this tab until its form is open again; refuses to know what the fields mean.

import { showToast } from "./toasts.js";

/** What the form was opened with: without it a change made meanwhile would be overwritten unseen. */
const OPENED = new Set(["version", "opened"]);

/** @param {string} path */
const keyOf = (path) => `draft ${path}`;

/**
 * Keep what the server has sent back.
 * @param {HTMLElement} place
 */
function keep(place) {
  try {
    sessionStorage.setItem(keyOf(place.dataset.draftPath ?? ""), place.dataset.draft ?? "{}");
  } catch {
    // No room, or not allowed: the browser's own way back still has the form.
  }
}

/**
 * @param {string} path
 * @returns {Record<string, string[]> | null}
 */
function take(path) {
  try {
    const draft = sessionStorage.getItem(keyOf(path));
    sessionStorage.removeItem(keyOf(path));
    return draft ? JSON.parse(draft) : null;
  } catch {
    return null;
  }
}

/**
 * Put values into a form's fields; files, secrets and other hidden fields stay as they are.
 * @param {HTMLFormElement} form
 * @param {Record<string, string[]>} draft
 */
export function fillForm(form, draft) {
  for (const control of form.elements) {
    const isField = control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement;
    if (!isField || !control.name || ["password", "file", "submit"].includes(control.type)) continue;
    if (control.type === "hidden" && !OPENED.has(control.name)) continue;
    const values = draft[control.name];
    if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)) control.checked = values?.includes(control.value) ?? false;
    else if (values?.[0] !== undefined) control.value = values[0];
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function restore() {
  const draft = take(location.pathname);
  if (!draft) return;
  const names = Object.keys(draft).filter((name) => !OPENED.has(name));
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('main form[method="post"]'));
  const form = [...forms].find(({ elements }) => names.some((name) => elements.namedItem(name)));
  if (!form) return;
  fillForm(form, draft);
  showToast(document.getElementById("toasts")?.dataset.restored ?? "", { kind: "warning" });
}

/** A page either brings a draft, at the very address of its form, or may be the form that waits for one. */
export function startDrafts() {
  const place = document.querySelector("[data-draft]");
  if (place instanceof HTMLElement) keep(place);
  else restore();
}
