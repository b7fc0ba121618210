// Short messages in the corner. Decides how long they stay; refuses to know what they say.

const STAY_MS = 10_000;

/** @returns {HTMLElement | null} */
const region = () => document.getElementById("toasts");

/** @param {HTMLElement} toast */
function addDismiss(toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button";
  button.setAttribute("aria-label", region()?.dataset.dismiss ?? "");
  button.textContent = "×";
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}

/**
 * Errors and whatever can be undone stay until dismissed; the rest goes when nobody is at it.
 * @param {HTMLElement} toast
 */
function leaveLater(toast) {
  if (toast.matches(".toast--error, .toast--danger, .toast--warning") || toast.querySelector("form, [data-action]")) return;
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, STAY_MS);
    else toast.remove();
  };
  setTimeout(leave, STAY_MS);
}

/** Give the server's messages their dismiss button. */
export function adoptToasts() {
  for (const toast of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#toasts > .toast"))) {
    addDismiss(toast);
    leaveLater(toast);
  }
}

/**
 * @param {string} text
 * @param {{kind?: "info" | "success" | "warning" | "error", actionLabel?: string, onAction?: () => void, form?: HTMLFormElement}} [options]
 */
export function showToast(text, { kind = "info", actionLabel, onAction, form } = {}) {
  const toast = document.createElement("div");
  toast.className = `toast toast--${kind}`;
  const words = document.createElement("p");
  words.className = "toast__text";
  words.textContent = text;
  toast.append(words);
  if (actionLabel && onAction) {
    const action = document.createElement("button");
    action.type = "button";
    action.className = "button";
    action.dataset.action = "";
    action.textContent = actionLabel;
    action.addEventListener("click", () => {
      toast.remove();
      onAction();
    });
    toast.append(action);
  }
  if (form) toast.append(form);
  addDismiss(toast);
  region()?.append(toast);
  leaveLater(toast);
  return toast;
}
