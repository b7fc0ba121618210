// The list beside the city map: hover and focus show the building on the map, and the other way round.
// Without this script both still say the same.

const list = document.querySelector("[data-city-list]");
const frame = document.querySelector("iframe[data-city-map]");

/** @param {Event} event */
const rowOf = (event) => (event.target instanceof Element ? event.target.closest("[data-code]") : null);

/**
 * @param {string} kind
 * @param {Element | null} row
 */
function tell(kind, row) {
  if (row instanceof HTMLElement && frame instanceof HTMLIFrameElement) {
    frame.contentWindow?.postMessage({ kind, code: row.dataset.code }, location.origin);
  }
}

/** @param {MessageEvent} event */
function heard(event) {
  if (event.origin !== location.origin || !(frame instanceof HTMLIFrameElement) || event.source !== frame.contentWindow) return;
  const { kind, code } = event.data ?? {};
  if (kind === "ready" && document.documentElement.dataset.cityMap !== "ready") {
    document.documentElement.dataset.cityMap = "ready";
    document.body.dispatchEvent(new Event("city-map-ready"));
  }
  const row = list?.querySelector(`[data-code="${CSS.escape(String(code))}"]`);
  if (kind === "over" || kind === "out") row?.classList.toggle("is-highlighted", kind === "over");
  if (kind === "chosen") {
    for (const other of list?.querySelectorAll(".is-chosen") ?? []) other.classList.remove("is-chosen");
    row?.classList.add("is-chosen");
    row?.scrollIntoView({ block: "nearest" });
  }
}

if (list) {
  for (const [event, kind] of [
    ["mouseover", "over"],
    ["mouseout", "out"],
    ["focusin", "over"],
    ["focusout", "out"],
  ]) {
    list.addEventListener(event ?? "", (happened) => tell(kind ?? "", rowOf(happened)));
  }
  list.addEventListener("click", (event) => {
    if (!(event.target instanceof Element && event.target.closest("[data-show]"))) return;
    tell("show", rowOf(event));
    frame?.scrollIntoView({ block: "nearest" });
  });
  addEventListener("message", heard);
  // A map that was faster than this script has said that it is ready when nobody listened.
  if (frame instanceof HTMLIFrameElement) frame.contentWindow?.postMessage({ kind: "ask" }, location.origin);
}
