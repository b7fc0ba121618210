// Suggestions under the top bar's search: arrows walk through them, Escape puts them away. Without
// this script the form opens the page of results.

const form = document.querySelector(".topbar .search");
const input = form?.querySelector('input[type="search"]');
const panel = document.getElementById("search-results");

/** @param {HTMLElement} box */
const linksOf = (box) => /** @type {HTMLAnchorElement[]} */ ([...box.querySelectorAll("a[href]")]);

/**
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} field
 * @param {HTMLElement} box
 */
function onKey(event, field, box) {
  if (event.key === "Escape") {
    if (box.childElementCount) event.preventDefault();
    box.replaceChildren();
    field.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [field, ...linksOf(box)];
  const here = stops.indexOf(/** @type {HTMLInputElement} */ (document.activeElement));
  const next = stops[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

if (form instanceof HTMLFormElement && input instanceof HTMLInputElement && panel) {
  form.addEventListener("keydown", (event) => onKey(event, input, panel));
  input.addEventListener("input", () => {
    if (!input.value.trim()) panel.replaceChildren();
  });
}
