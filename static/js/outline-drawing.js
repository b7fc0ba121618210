// <outline-drawing>: an outline drawn on a floor's sheet (an SVG from the server), by click, by keyboard or
// by typing its corners into the form, which works without this.
//
// Attributes: field (name of the textarea with the corners); label; hint, hint-text. Words: label-corner
// ("Corner {n}"), label-remove, label-clear, label-zoom-in, label-zoom-out, label-fit.

import { make, makeSymbol } from "./editor/elements.js";
import { fill } from "./editor/words.js";
import { placeOfNew, readCorners, writeCorners } from "./outline-corners.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM_STEP = 1.5;
const MAX_ZOOM = 12;
const NEAR_PX = 8;
const STEP_M = 0.1;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {import("./outline-corners.js").Corner} Corner */

class Outline {
  /**
   * @param {HTMLElement} host
   * @param {SVGSVGElement} sheet
   * @param {HTMLTextAreaElement} field
   */
  constructor(host, sheet, field) {
    this.host = host;
    this.sheet = sheet;
    this.field = field;
    this.box = sheet.viewBox.baseVal;
    this.zoom = 1;
    this.chosen = -1;
    this.hasComma = document.documentElement.lang.startsWith("de");
    this.shape = document.createElementNS(SVG, "path");
    this.shape.setAttribute("class", "sheet__draft");
    sheet.append(this.shape);
    /** @type {HTMLElement[]} */
    this.marks = [];
    this.paper = make("div", { class: "outline__paper" });
    this.view = make("div", { class: "outline__view paper", tabindex: "0", role: "group", "aria-label": this.word("label") }, this.paper);
    this.hint = make("p", { class: "muted", role: "status" });
    const tools = make(
      "div",
      { class: "calibration__tools" },
      this.makeTool("remove", "delete", () => this.remove()),
      this.makeTool("clear", "undo", () => this.write([])),
      this.makeTool("zoom-in", "zoom-in", () => this.zoomTo(this.zoom * ZOOM_STEP)),
      this.makeTool("zoom-out", "zoom-out", () => this.zoomTo(this.zoom / ZOOM_STEP)),
      this.makeTool("fit", "fit", () => this.zoomTo(1)),
    );
    host.replaceChildren(make("div", { class: "outline" }, tools, this.hint, this.view));
    this.paper.append(sheet);
    sheet.addEventListener("click", (event) => this.onClick(event));
    field.addEventListener("input", () => this.show());
    new ResizeObserver(() => this.show()).observe(this.view);
    this.show();
  }

  /** @param {string} name */
  word(name) {
    return this.host.getAttribute(name) ?? "";
  }

  /**
   * @param {string} name
   * @param {string} symbol
   * @param {() => void} click
   */
  makeTool(name, symbol, click) {
    return make("button", { type: "button", class: "tool", click }, makeSymbol(symbol), this.word(`label-${name}`));
  }

  /** @returns {Corner[] | null} */
  get corners() {
    return readCorners(this.field.value);
  }

  /** Screen pixels for one metre. */
  get scale() {
    return this.sheet.clientWidth / this.box.width || 1;
  }

  /** @param {Corner[]} corners */
  write(corners) {
    this.field.value = writeCorners(corners, this.hasComma);
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
  }

  /** @param {number} zoom */
  zoomTo(zoom) {
    const { view } = this;
    const x = (view.scrollLeft + view.clientWidth / 2) / this.zoom;
    const y = (view.scrollTop + view.clientHeight / 2) / this.zoom;
    this.zoom = Math.min(MAX_ZOOM, Math.max(1, zoom));
    this.paper.style.width = `${this.zoom * 100}%`;
    view.scrollLeft = x * this.zoom - view.clientWidth / 2;
    view.scrollTop = y * this.zoom - view.clientHeight / 2;
    this.show();
  }

  /**
   * @param {MouseEvent} event
   * @returns {Corner}
   */
  placeOf(event) {
    const frame = this.sheet.getBoundingClientRect();
    return { x: this.box.x + (event.clientX - frame.left) / this.scale, y: -(this.box.y + (event.clientY - frame.top) / this.scale) };
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const { corners } = this;
    if (!corners) return;
    const place = this.placeOf(event);
    const index = placeOfNew(corners, place, NEAR_PX / this.scale);
    this.chosen = index;
    this.write([...corners.slice(0, index), place, ...corners.slice(index)]);
  }

  remove() {
    const { corners } = this;
    if (!corners || corners.length === 0) return;
    const index = this.chosen in corners ? this.chosen : corners.length - 1;
    this.chosen = Math.max(0, index - 1);
    this.write(corners.filter((_corner, place) => place !== index));
    this.marks[this.chosen]?.focus();
  }

  /**
   * @param {number} index
   * @param {Corner} corner
   */
  move(index, corner) {
    /** @type {Corner[]} */
    const corners = this.corners ?? [];
    if (index in corners) this.write(corners.with(index, corner));
  }

  show() {
    const { corners } = this;
    this.hint.textContent = this.word(corners ? "hint" : "hint-text");
    const all = corners ?? [];
    const path = all.map(({ x, y }) => `${x} ${-y}`).join("L");
    this.shape.setAttribute("d", path ? `M${path}Z` : "");
    while (this.marks.length > all.length) this.marks.pop()?.remove();
    while (this.marks.length < all.length) this.marks.push(this.makeMark(this.marks.length));
    for (const [index, mark] of this.marks.entries()) {
      const corner = all[index];
      if (!corner) continue;
      mark.style.left = `${(corner.x - this.box.x) * this.scale}px`;
      mark.style.top = `${(-corner.y - this.box.y) * this.scale}px`;
    }
  }

  /** @param {number} index */
  makeMark(index) {
    const mark = make("button", {
      type: "button",
      class: "outline__corner",
      "aria-label": fill(this.word("label-corner"), { n: index + 1 }),
      focus: () => {
        this.chosen = index;
      },
    });
    mark.addEventListener("keydown", (event) => this.onKey(event, index));
    mark.addEventListener("pointerdown", (event) => this.onDrag(event, mark, index));
    this.paper.append(mark);
    return mark;
  }

  /**
   * Arrows move by 10 cm, with shift by a metre; Delete takes the corner out.
   * @param {KeyboardEvent} event
   * @param {number} index
   */
  onKey(event, index) {
    const corner = this.corners?.[index];
    const arrow = ARROWS[event.key];
    if (!corner || !(arrow || event.key === "Delete" || event.key === "Backspace")) return;
    event.preventDefault();
    this.chosen = index;
    if (!arrow) this.remove();
    else {
      const step_m = event.shiftKey ? 1 : STEP_M;
      this.move(index, { x: corner.x + arrow[0] * step_m, y: corner.y + arrow[1] * step_m });
    }
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement} mark
   * @param {number} index
   */
  onDrag(event, mark, index) {
    mark.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ drag) => this.move(index, this.placeOf(drag));
    mark.addEventListener("pointermove", move);
    mark.addEventListener("lostpointercapture", () => mark.removeEventListener("pointermove", move), { once: true });
  }
}

class OutlineDrawing extends HTMLElement {
  connectedCallback() {
    const sheet = this.querySelector("svg");
    const field = this.closest("form")?.elements.namedItem(this.getAttribute("field") ?? "");
    if (sheet && field instanceof HTMLTextAreaElement) this.outline = new Outline(this, sheet, field);
  }
}

customElements.define("outline-drawing", OutlineDrawing);
