// <plan-calibration>: points on a plan's picture, by click, by keyboard or by typing their pixels into the
// form, which works without this.
//
// Attributes: src; width and height (the picture's own pixels); x1, y1, x2, y2 (names of the form's
// inputs); points (name of a textarea with control points, used while the form's field "method" says
// "control"); alt. Words: label-point ("Point {n}"), label-zoom-in, label-zoom-out, label-fit; a tool
// without a word is left out.

import { make, makeSymbol } from "./editor/elements.js";
import { fill } from "./editor/words.js";
import { fieldPoints, linePoints } from "./plan-points.js";

const ZOOM_STEP = 1.5;
const MAX_ZOOM = 8;
const MAX_MARKS = 20;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {import("./plan-points.js").Pixel} Pixel */
/** @typedef {import("./plan-points.js").Points} Points */

/**
 * A field of the form by the name that an attribute gives.
 * @param {HTMLElement} host
 * @param {string} attribute
 */
function fieldOf(host, attribute) {
  const name = host.getAttribute(attribute);
  const field = name ? host.closest("form")?.elements.namedItem(name) : null;
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null;
}

class Calibration {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.zoom = 1;
    /** Which point the next click sets. @type {number} */
    this.chosen = 0;
    const options = {
      hasComma: document.documentElement.lang.startsWith("de"),
      onWrite: (/** @type {unknown} */ field) => field instanceof HTMLElement && field.dispatchEvent(new Event("change", { bubbles: true })),
    };
    const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => fieldOf(host, name));
    const lines = fieldOf(host, "points");
    /** @type {Points | null} */
    this.pair =
      x1 && y1 && x2 && y2
        ? fieldPoints(
            [
              [x1, y1],
              [x2, y2],
            ],
            options,
          )
        : null;
    /** @type {Points | null} */
    this.lines = lines ? linePoints(lines, options) : null;
    this.image = make("img", { src: host.getAttribute("src") ?? "", alt: "", draggable: "false" });
    this.sheet = make("div", { class: "calibration__sheet", click: (event) => this.onClick(/** @type {MouseEvent} */ (event)) }, this.image);
    this.view = make("div", { class: "calibration__view paper", tabindex: "0", role: "group", "aria-label": host.getAttribute("alt") ?? "" }, this.sheet);
    this.choices = make("div", { class: "calibration__tools" });
    /** @type {HTMLElement[]} */
    this.marks = [];
    const tools = ["zoom-in", "zoom-out", "fit"].flatMap((name) => this.makeTool(name) ?? []);
    host.replaceChildren(make("div", { class: "calibration" }, make("div", { class: "calibration__tools" }, this.choices, ...tools), this.view));
    for (const type of ["input", "change"]) host.closest("form")?.addEventListener(type, () => this.show());
    this.chosen = this.nextPoint();
    if (this.image.complete && this.image.naturalWidth) this.fit();
    else this.image.addEventListener("load", () => this.fit(), { once: true });
  }

  /** How the form says points: as control points while that way is chosen, else as two points. */
  get isByLines() {
    const form = this.host.closest("form");
    const method = form ? new FormData(form).get("method") : null;
    return this.lines !== null && (this.pair === null || method === "control");
  }

  /** @returns {Points | null} */
  get points() {
    return this.isByLines ? this.lines : this.pair;
  }

  /** @param {number} index */
  nameOf(index) {
    return fill(this.host.getAttribute("label-point") || "{n}", { n: index + 1 });
  }

  /** @param {string} name */
  makeTool(name) {
    const words = this.host.getAttribute(`label-${name}`);
    const actions = { "zoom-in": () => this.zoomTo(this.zoom * ZOOM_STEP), "zoom-out": () => this.zoomTo(this.zoom / ZOOM_STEP), fit: () => this.fit() };
    const click = actions[/** @type {keyof typeof actions} */ (name)];
    return words ? make("button", { type: "button", class: "tool", click }, makeSymbol(name), words) : null;
  }

  /**
   * The first point that is not set; of control points the one after the last; else the one set last.
   * @returns {number}
   */
  nextPoint() {
    const all = this.points?.all() ?? [];
    const empty = all.indexOf(null);
    if (empty >= 0) return empty;
    return this.isByLines ? Math.min(all.length, MAX_MARKS - 1) : this.chosen;
  }

  /** @returns {{width: number, height: number}} the picture's own size in pixels */
  get size() {
    return {
      width: Number(this.host.getAttribute("width")) || this.image.naturalWidth || 1,
      height: Number(this.host.getAttribute("height")) || this.image.naturalHeight || 1,
    };
  }

  fit() {
    const { width, height } = this.size;
    this.zoomTo(Math.min((this.view.clientWidth - 2) / width, (this.view.clientHeight - 2) / height));
  }

  /** @param {number} zoom screen pixels for one of the picture */
  zoomTo(zoom) {
    const { width, height } = this.size;
    const { view } = this;
    const least = Math.min(view.clientWidth / width, view.clientHeight / height, 1) / 2;
    const x = (view.scrollLeft + view.clientWidth / 2) / this.zoom;
    const y = (view.scrollTop + view.clientHeight / 2) / this.zoom;
    this.zoom = Math.min(MAX_ZOOM, Math.max(least, zoom));
    this.image.style.width = `${width * this.zoom}px`;
    this.image.style.height = `${height * this.zoom}px`;
    view.scrollLeft = x * this.zoom - view.clientWidth / 2;
    view.scrollTop = y * this.zoom - view.clientHeight / 2;
    this.show();
  }

  /**
   * @param {MouseEvent} event
   * @returns {Pixel}
   */
  pixelAt(event) {
    const frame = this.image.getBoundingClientRect();
    return { x: (event.clientX - frame.left) / this.zoom, y: (event.clientY - frame.top) / this.zoom };
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    if (event.target instanceof Element && event.target.closest(".calibration__mark")) return;
    this.set(this.chosen, this.pixelAt(event));
    this.chosen = this.nextPoint();
    this.show();
  }

  /**
   * Write a point, kept on the picture.
   * @param {number} index
   * @param {Pixel} point
   */
  set(index, point) {
    const { width, height } = this.size;
    this.points?.set(index, { x: Math.min(width, Math.max(0, point.x)), y: Math.min(height, Math.max(0, point.y)) });
    this.show();
  }

  show() {
    const all = this.points?.all().slice(0, MAX_MARKS) ?? [];
    while (this.marks.length < all.length) this.sheet.append(this.makeMark(this.marks.length));
    for (const [index, mark] of this.marks.entries()) {
      const point = all[index];
      mark.hidden = !point;
      if (!point) continue;
      mark.style.left = `${point.x * this.zoom}px`;
      mark.style.top = `${point.y * this.zoom}px`;
    }
    this.showChoices(this.isByLines ? all.length + 1 : all.length);
  }

  /**
   * One button a point; the pressed one is set by the next click.
   * @param {number} count
   */
  showChoices(count) {
    const wanted = Math.min(count, MAX_MARKS);
    this.chosen = Math.min(this.chosen, Math.max(0, wanted - 1));
    while (this.choices.children.length > wanted) this.choices.lastElementChild?.remove();
    while (this.choices.children.length < wanted) {
      const index = this.choices.children.length;
      this.choices.append(make("button", { type: "button", class: "tool", click: () => this.choose(index) }, this.nameOf(index)));
    }
    for (const [index, button] of [...this.choices.children].entries()) button.setAttribute("aria-pressed", String(index === this.chosen));
  }

  /** @param {number} index */
  choose(index) {
    this.chosen = index;
    this.show();
  }

  /** @param {number} index */
  makeMark(index) {
    const mark = make(
      "button",
      { type: "button", class: "calibration__mark", "aria-label": this.nameOf(index), focus: () => this.choose(index) },
      makeSymbol("control-point", "mark"),
      make("span", { "aria-hidden": "true" }, String(index + 1)),
    );
    mark.addEventListener("keydown", (event) => this.onMarkKey(event, index));
    mark.addEventListener("pointerdown", (event) => this.onMarkDrag(event, mark, index));
    this.marks.push(mark);
    return mark;
  }

  /**
   * Arrows move by one pixel of the picture, with shift by ten.
   * @param {KeyboardEvent} event
   * @param {number} index
   */
  onMarkKey(event, index) {
    const arrow = ARROWS[event.key];
    const point = this.points?.all()[index];
    if (!arrow || !point) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 : 1;
    this.set(index, { x: point.x + arrow[0] * step, y: point.y + arrow[1] * step });
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement} mark
   * @param {number} index
   */
  onMarkDrag(event, mark, index) {
    mark.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ drag) => this.set(index, this.pixelAt(drag));
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
