// <plan-calibration src="plan.png" points="2">: points on a plan's picture, by click, by keyboard or by
// typing. Decides pixel coordinates; refuses to know what they are worth in metres.
//
// Attributes: src, width-px, height-px (the picture's own size), points (default 2), inputs (template of
// the form inputs' names, default "x{n}_px,y{n}_px"), label-point ("Point {n}"), label-zoom-in,
// label-zoom-out, label-fit, label-help. The inputs stand in the page and work without this.

import { make, makeSymbol } from "./editor/elements.js";
import { fill } from "./editor/words.js";

const ZOOM_STEP = 1.5;
const MAX_ZOOM = 8;

/** @typedef {{x: number, y: number}} Pixel */

class Calibration {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.count = Number(host.getAttribute("points") ?? 2);
    this.zoom = 1;
    /** Which point the next click sets. */
    this.chosen = 0;
    const form = host.closest("form") ?? document;
    const names = (host.getAttribute("inputs") ?? "x{n}_px,y{n}_px").split(",");
    this.inputs = Array.from({ length: this.count }, (_, index) =>
      names.map((name) => form.querySelector(`input[name="${CSS.escape(fill(name.trim(), { n: index + 1 }))}"]`)),
    );
    this.image = make("img", { src: host.getAttribute("src") ?? "", alt: "", draggable: "false" });
    this.sheet = make("div", { class: "calibration__sheet" }, this.image);
    this.view = make("div", { class: "calibration__view paper", tabindex: "0", role: "group", "aria-label": this.label("help") }, this.sheet);
    this.choices = Array.from({ length: this.count }, (_, index) => this.makeChoice(index));
    this.marks = Array.from({ length: this.count }, (_, index) => this.makeMark(index));
    this.build();
    for (const input of this.inputs.flat()) input?.addEventListener("input", () => this.showMarks());
  }

  /** @param {string} name */
  label(name) {
    return this.host.getAttribute(`label-${name}`) ?? "";
  }

  build() {
    this.sheet.append(...this.marks);
    this.sheet.addEventListener("click", (event) => this.onClick(event));
    const tools = [
      this.makeTool("zoom-in", () => this.zoomTo(this.zoom * ZOOM_STEP)),
      this.makeTool("zoom-out", () => this.zoomTo(this.zoom / ZOOM_STEP)),
      this.makeTool("fit", () => this.fit()),
    ];
    const help = make("p", { class: "small muted" }, this.label("help"));
    this.host.replaceChildren(make("div", { class: "calibration" }, make("div", { class: "calibration__tools" }, ...this.choices, ...tools), help, this.view));
    this.choose(Math.max(0, this.firstEmpty()));
    if (this.image.complete && this.image.naturalWidth) this.fit();
    else this.image.addEventListener("load", () => this.fit(), { once: true });
  }

  /** The first point that is not set yet, or -1. */
  firstEmpty() {
    return this.inputs.findIndex((_, index) => !this.pointOf(index));
  }

  /** @param {number} index */
  makeChoice(index) {
    return make(
      "button",
      { type: "button", class: "tool", "aria-pressed": "false", click: () => this.choose(index) },
      fill(this.label("point"), { n: index + 1 }),
    );
  }

  /**
   * @param {string} symbol
   * @param {() => void} onClick
   */
  makeTool(symbol, onClick) {
    return make("button", { type: "button", class: "tool", click: onClick }, makeSymbol(symbol), this.label(symbol));
  }

  /** @param {number} index */
  choose(index) {
    this.chosen = index;
    for (const [position, button] of this.choices.entries()) button.setAttribute("aria-pressed", String(position === index));
  }

  /** @returns {{width: number, height: number}} the picture's own size in pixels */
  get size() {
    return {
      width: Number(this.host.getAttribute("width-px")) || this.image.naturalWidth || 1,
      height: Number(this.host.getAttribute("height-px")) || this.image.naturalHeight || 1,
    };
  }

  fit() {
    const { width, height } = this.size;
    this.zoomTo(Math.min((this.view.clientWidth - 2) / width, (this.view.clientHeight - 2) / height));
  }

  /** @param {number} zoom screen pixels for one of the picture */
  zoomTo(zoom) {
    const { width, height } = this.size;
    const least = Math.min(this.view.clientWidth / width, this.view.clientHeight / height, 1) / 2;
    const before = { zoom: this.zoom, x: this.view.scrollLeft + this.view.clientWidth / 2, y: this.view.scrollTop + this.view.clientHeight / 2 };
    this.zoom = Math.min(MAX_ZOOM, Math.max(least, zoom));
    this.image.style.width = `${width * this.zoom}px`;
    this.image.style.height = `${height * this.zoom}px`;
    this.view.scrollLeft = (before.x * this.zoom) / before.zoom - this.view.clientWidth / 2;
    this.view.scrollTop = (before.y * this.zoom) / before.zoom - this.view.clientHeight / 2;
    this.showMarks();
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    if (event.target instanceof Element && event.target.closest(".calibration__mark")) return;
    const frame = this.image.getBoundingClientRect();
    const zoom = this.zoom;
    const chosen = this.chosen;
    this.setPoint(chosen, { x: (event.clientX - frame.left) / zoom, y: (event.clientY - frame.top) / zoom });
    const next = this.firstEmpty();
    this.choose(next >= 0 ? next : chosen);
  }

  /**
   * @param {number} index
   * @returns {Pixel | null}
   */
  pointOf(index) {
    const [x, y] = (this.inputs[index] ?? []).map((input) =>
      input instanceof HTMLInputElement && input.value !== "" ? Number(input.value.replace(",", ".")) : Number.NaN,
    );
    return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
  }

  /**
   * Write a point, kept on the picture and to a tenth of a pixel.
   * @param {number} index
   * @param {Pixel} point
   */
  setPoint(index, point) {
    const { width, height } = this.size;
    const values = [Math.min(width, Math.max(0, point.x)), Math.min(height, Math.max(0, point.y))];
    for (const [axis, value] of values.entries()) {
      const input = this.inputs[index]?.[axis];
      if (!(input instanceof HTMLInputElement)) continue;
      input.value = String(Math.round(value * 10) / 10);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.showMarks();
  }

  showMarks() {
    for (const [index, mark] of this.marks.entries()) {
      const point = this.pointOf(index);
      mark.hidden = !point;
      if (!point) continue;
      mark.style.left = `${point.x * this.zoom}px`;
      mark.style.top = `${point.y * this.zoom}px`;
    }
  }

  /** @param {number} index */
  makeMark(index) {
    const name = fill(this.label("point"), { n: index + 1 });
    const mark = make(
      "button",
      { type: "button", class: "calibration__mark", "aria-label": name },
      makeSymbol("control-point", "mark"),
      make("span", { "aria-hidden": "true" }, String(index + 1)),
    );
    mark.addEventListener("focus", () => this.choose(index));
    mark.addEventListener("keydown", (event) => this.onMarkKey(event, index));
    mark.addEventListener("pointerdown", (event) => this.onMarkDrag(event, mark, index));
    return mark;
  }

  /**
   * Arrows move by one pixel of the picture, with shift by ten.
   * @param {KeyboardEvent} event
   * @param {number} index
   */
  onMarkKey(event, index) {
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[event.key];
    const point = this.pointOf(index);
    if (!arrow || !point) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 : 1;
    this.setPoint(index, { x: point.x + arrow[0] * step, y: point.y + arrow[1] * step });
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement} mark
   * @param {number} index
   */
  onMarkDrag(event, mark, index) {
    const { image } = this;
    mark.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ drag) => {
      const frame = image.getBoundingClientRect();
      const zoom = this.zoom;
      this.setPoint(index, { x: (drag.clientX - frame.left) / zoom, y: (drag.clientY - frame.top) / zoom });
    };
    mark.addEventListener("pointermove", move);
    mark.addEventListener("lostpointercapture", () => mark.removeEventListener("pointermove", move), { once: true });
  }
}

class PlanCalibration extends HTMLElement {
  connectedCallback() {
    this.calibration = new Calibration(this);
  }
}

customElements.define("plan-calibration", PlanCalibration);
