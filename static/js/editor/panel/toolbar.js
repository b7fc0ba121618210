// Buttons and choices above the plan. Decides which can be used; refuses to know what they do.

import { make, makeSwatch, makeSymbol } from "../elements.js";

/** @typedef {import("../contract.d.ts").FloorData} FloorData */
/** @typedef {import("../contract.d.ts").Choice} Choice */
/** @typedef {import("../view/drawing.js").Tool} Tool */

/**
 * @typedef {object} Actions
 * @property {(tool: Tool) => void} onTool
 * @property {() => void} onUndo
 * @property {() => void} onRedo
 * @property {() => void} onDelete
 * @property {() => void} onFit
 * @property {(isOn: boolean) => void} onRoutes
 * @property {(isOn: boolean) => void} onHeat
 * @property {(name: "band" | "counts", value: string) => void} onHeatChoice
 * @property {(opacity: number) => void} onOpacity
 */

export class Toolbar {
  /**
   * @param {FloorData} data
   * @param {Actions} actions
   */
  constructor(data, actions) {
    this.words = data.words;
    this.actions = actions;
    /** @type {Map<Tool, HTMLButtonElement>} */
    this.tools = new Map();
    this.undo = this.button("undo", "undo", actions.onUndo, "Control+Z");
    this.redo = this.button("redo", "redo", actions.onRedo, "Control+Shift+Z");
    this.delete = this.button("delete", "delete", actions.onDelete, "Delete");
    const groups = [
      make("div", { class: "editor__group" }, ...this.toolButtons(data)),
      make("div", { class: "editor__group" }, this.undo, this.redo, this.delete, this.button("fit", "fit", actions.onFit)),
    ];
    if (data.walls.length > 0 || data.floor.can_edit_walls) this.material = this.materialChoice(data);
    if (this.material && data.floor.can_edit_walls) groups.push(make("div", { class: "editor__group" }, this.material));
    if (data.floor.can_edit_cable_routes) groups.push(make("div", { class: "editor__group" }, ...this.routeChoices(data)));
    if (data.cable_routes.length > 0 || data.floor.can_edit_cable_routes) groups.push(make("div", { class: "editor__group" }, this.routesToggle()));
    if (data.heat_map) groups.push(this.heatGroup(data.heat_map));
    else if (data.heat_map_reason) groups.push(make("p", { class: "editor__group editor__group--end small muted" }, data.heat_map_reason));
    this.element = make("div", { class: "editor__toolbar", role: "group", "aria-label": this.words.toolbar ?? "" }, ...groups);
  }

  /** @param {FloorData} data */
  toolButtons({ floor, upper_floors }) {
    /** @type {[Tool, string, boolean][]} */
    const offered = [
      ["select", "select", true],
      ["place", "place", floor.can_edit_access_points],
      ["wall", "wall", floor.can_edit_walls],
      ["route", "route", floor.can_edit_cable_routes],
      ["riser", "riser", floor.can_edit_cable_routes && upper_floors.length > 0],
    ];
    for (const [tool, symbol, isOffered] of offered) {
      if (isOffered)
        this.tools.set(
          tool,
          this.button(`tool_${tool}`, symbol, () => this.actions.onTool(tool)),
        );
    }
    return this.tools.values();
  }

  /**
   * @param {string} word
   * @param {string} symbol
   * @param {() => void} onClick
   * @param {string} [keys]
   */
  button(word, symbol, onClick, keys) {
    const attributes = { type: "button", class: "tool", click: onClick, ...(keys ? { "aria-keyshortcuts": keys } : {}) };
    const name = this.words[word] ?? "";
    return make("button", { ...attributes, title: name }, makeSymbol(symbol), make("span", { class: "editor__name" }, name));
  }

  /**
   * @param {string} word
   * @param {Choice[]} choices
   * @param {(value: string) => void} onChange
   */
  choice(word, choices, onChange) {
    const select = make("select", { change: () => onChange(select.value) }, ...choices.map(({ key, label }) => make("option", { value: key }, label)));
    return { select, label: make("label", { class: "editor__select" }, make("span", { class: "editor__word" }, this.words[word] ?? ""), select) };
  }

  /** @param {FloorData} data */
  materialChoice({ materials }) {
    const choices = materials.map(({ id, name }) => ({ key: id, label: name }));
    const { select, label } = this.choice("new_walls_are", choices, () => {});
    this.materialSelect = select;
    return label;
  }

  /** Material of the next wall. */
  get newMaterial() {
    return this.materialSelect?.value ?? "";
  }

  /** @param {FloorData} data */
  routeChoices({ route_kinds, upper_floors }) {
    const lines = route_kinds.filter(({ key }) => key !== "riser");
    this.routeKind = this.choice("new_routes_are", lines, () => {});
    this.upperFloor = this.choice("riser_leads_to", upper_floors, () => {});
    return [this.routeKind.label, this.upperFloor.label];
  }

  /** Kind of the next route. */
  get newRouteKind() {
    return this.routeKind?.select.value ?? "tray";
  }

  /** Where the next riser leads. */
  get newUpperFloor() {
    return this.upperFloor?.select.value ?? "";
  }

  routesToggle() {
    const toggle = make("button", { type: "button", class: "tool", "aria-pressed": "true" }, makeSymbol("cabling"), this.words.cable_routes ?? "");
    toggle.addEventListener("click", () => this.pressRoutes(toggle.getAttribute("aria-pressed") !== "true"));
    this.routes = toggle;
    return toggle;
  }

  /**
   * Show the routes, or hide them.
   * @param {boolean} [isOn]
   */
  pressRoutes(isOn = true) {
    this.routes?.setAttribute("aria-pressed", String(isOn));
    this.actions.onRoutes(isOn);
  }

  /** @param {import("../contract.d.ts").HeatMap} heatMap */
  heatGroup(heatMap) {
    const band = this.choice("heat_band", heatMap.bands, (value) => this.actions.onHeatChoice("band", value));
    const counts = this.choice("heat_counts", heatMap.counts, (value) => this.actions.onHeatChoice("counts", value));
    const opacity = make("input", {
      type: "range",
      min: "0.2",
      max: "1",
      step: "0.05",
      value: "0.7",
      input: () => this.actions.onOpacity(Number(opacity.value)),
    });
    const details = [band.label, counts.label, make("label", { class: "editor__select" }, this.words.heat_opacity ?? "", opacity)];
    const toggle = make("button", { type: "button", class: "tool", "aria-pressed": "true" }, makeSymbol("access-points"), this.words.heat_map ?? "");
    toggle.addEventListener("click", () => {
      const isOn = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", String(isOn));
      for (const detail of details) detail.hidden = !isOn;
      this.actions.onHeat(isOn);
    });
    return make("div", { class: "editor__group editor__group--end" }, toggle, ...details);
  }

  /**
   * @param {{tool: Tool, canUndo: boolean, canRedo: boolean, canDelete: boolean}} state
   */
  show({ tool, canUndo, canRedo, canDelete }) {
    for (const [name, button] of this.tools) button.setAttribute("aria-pressed", String(name === tool));
    this.undo.disabled = !canUndo;
    this.redo.disabled = !canRedo;
    this.delete.disabled = !canDelete;
    if (this.material) this.material.hidden = tool !== "wall";
    if (this.routeKind) this.routeKind.label.hidden = tool !== "route";
    if (this.upperFloor) this.upperFloor.label.hidden = tool !== "riser";
  }
}

/**
 * What the colours of the coverage mean, in dBm and in words.
 * @param {FloorData} data
 */
export function makeLegend({ heat_map, words }) {
  const classes = heat_map?.legend ?? [];
  const items = classes.map(({ colour, label }) => make("li", {}, makeSwatch("", colour), label));
  return make("div", { class: "legend editor__legend" }, make("p", { class: "legend__title" }, words.heat_legend ?? ""), make("ul", {}, ...items));
}
