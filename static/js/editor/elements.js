// Builds page elements without markup in strings, so that no value can become markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | ((event: Event) => void)>} [attributes] functions listen to the event of that name
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * A symbol of the sprite.
 * @param {string} name
 * @param {string} className icon | mark
 */
export function makeSymbol(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${new URL("../../img/icons.svg", import.meta.url).pathname}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * A line as it is drawn on the plan, or a filled patch.
 * @param {string} className
 * @param {string} [colour]
 */
export function makeSwatch(className, colour) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", colour ? "legend__swatch" : "wall-swatch");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, colour ? "rect" : "line");
  const values = colour
    ? { width: "100%", height: "100%", fill: colour }
    : { x1: "0", y1: "50%", x2: "100%", y2: "50%", "stroke-width": "4", class: className };
  for (const [name, value] of Object.entries(values)) shape.setAttribute(name, value);
  svg.append(shape);
  return svg;
}
