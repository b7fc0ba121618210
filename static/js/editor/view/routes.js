// Trays and ducts as lines, risers as marks, distributors where cables begin. The corners of the
// selected route can be dragged, and moved by the keyboard.

import { DomEvent, divIcon, layerGroup, marker, polyline } from "leaflet";
import { make, makeSymbol } from "../elements.js";
import { lengthOf, toCentimetre } from "../geometry.js";
import { cornersOf } from "../model.js";
import { fill, formatNumber } from "../words.js";
import { toLatLng, toPoint } from "./map.js";

/** @typedef {import("../contract.d.ts").CableRoute} CableRoute */
/** @typedef {import("../contract.d.ts").PointM} PointM */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {import("./map.js").PlanMap} PlanMap */

const STEP_M = 0.1;
const BIG_STEP_M = 1;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class RouteLayer {
  /**
   * @param {PlanMap} sheet
   * @param {FloorModel} model
   * @param {{
   *   onSelect: (key: string) => boolean,
   *   onReshape: (route: CableRoute, points: PointM[], isGesture: boolean) => void,
   *   onDelete: (route: CableRoute) => void,
   * }} actions
   */
  constructor(sheet, model, actions) {
    this.sheet = sheet;
    this.model = model;
    this.actions = actions;
    this.group = layerGroup().addTo(sheet.leaflet);
    this.handles = layerGroup().addTo(sheet.leaflet);
    /** Whether the selected route's corners can be taken; not while others are drawn. */
    this.hasHandles = true;
    this.isShown = true;
    /** @type {Map<string, {casing: import("leaflet").Polyline, line: import("leaflet").Polyline, hit: import("leaflet").Polyline}>} */
    this.lines = new Map();
    /** @type {Map<string, import("leaflet").Marker>} */
    this.risers = new Map();
    for (const distributor of model.data.distributors) this.addDistributor(distributor);
    for (const key of model.cableRoutes.keys()) this.draw(key);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.isShown = isShown;
    for (const group of [this.group, this.handles]) {
      if (isShown) group.addTo(this.sheet.leaflet);
      else group.remove();
    }
    if (isShown) this.showSelection();
  }

  /** @param {{code: string, x_m: number, y_m: number}} distributor */
  addDistributor({ code, x_m, y_m }) {
    const icon = divIcon({ className: "distributor-marker", html: make("span", {}, makeSymbol("cabling")), iconSize: [22, 22] });
    const name = fill(this.model.data.words.distributor_name ?? "", { code });
    marker(toLatLng({ x: x_m, y: y_m }), { icon, keyboard: false, alt: name })
      .bindTooltip(asText(name))
      .addTo(this.group);
  }

  /** @param {string} key */
  draw(key) {
    const route = this.model.cableRoutes.get(key);
    const corners = route ? cornersOf(route) : [];
    const [first] = corners;
    if (route?.kind === "riser" && first) this.drawRiser(route, first);
    else {
      for (const line of Object.values(this.lines.get(key) ?? {})) line.remove();
      this.lines.delete(key);
      this.risers.get(key)?.remove();
      this.risers.delete(key);
      if (route && first) this.lines.set(key, this.addLine(route, corners));
    }
    if (this.model.isSelected("cable_route", key)) this.showSelection();
  }

  /**
   * @param {CableRoute} route
   * @param {PointM[]} corners
   */
  addLine(route, corners) {
    const places = corners.map(toLatLng);
    const casing = polyline(places, { className: "cable-route-casing", weight: 9, interactive: false }).addTo(this.group);
    const line = polyline(places, { className: `cable-route cable-route--${route.kind}`, weight: 5, interactive: false }).addTo(this.group);
    const hit = polyline(places, { className: "wall-hit", weight: 16, opacity: 0 }).addTo(this.group);
    hit.bindTooltip(asText(this.nameOf(route)), { sticky: true });
    hit.on("mouseover", () => line.getElement()?.classList.add("is-hovered"));
    hit.on("mouseout", () => line.getElement()?.classList.remove("is-hovered"));
    hit.on("click", (event) => {
      if (this.actions.onSelect(route.key)) DomEvent.stopPropagation(event);
    });
    return { casing, line, hit };
  }

  /**
   * @param {CableRoute} route
   * @param {PointM} place
   */
  drawRiser(route, place) {
    // A mark that is there already is moved, so that it keeps the focus.
    const drawn = this.risers.get(route.key)?.setLatLng(toLatLng(place)) ?? this.addRiser(route, place);
    this.risers.set(route.key, drawn);
    drawn.setTooltipContent(asText(this.nameOf(route)));
    drawn.getElement()?.setAttribute("aria-label", this.nameOf(route));
  }

  /**
   * @param {CableRoute} route
   * @param {PointM} place
   */
  addRiser(route, place) {
    const canEdit = this.model.canEdit("cable_route", route.key);
    const icon = divIcon({ className: `riser-marker${canEdit ? "" : " is-fixed"}`, html: make("span", {}, makeSymbol("riser")), iconSize: [26, 26] });
    const drawn = marker(toLatLng(place), { icon, draggable: canEdit, autoPan: true }).addTo(this.group);
    const latest = () => this.model.cableRoutes.get(route.key);
    const select = () => this.actions.onSelect(route.key);
    drawn.bindTooltip("");
    drawn.on("click", (event) => {
      if (select()) DomEvent.stopPropagation(event);
    });
    drawn.on("dragstart", select);
    drawn.on("dragend", () => {
      const current = latest();
      const snapped = this.model.snapRoutePoint(toPoint(drawn.getLatLng()), { tolerance_m: this.sheet.tolerance_m, exceptKey: route.key });
      if (current) this.actions.onReshape(current, [snapped], false);
    });
    const element = drawn.getElement();
    element?.addEventListener("focus", select);
    element?.addEventListener("keydown", (event) => this.onKey(event, route.key, 0));
    return drawn;
  }

  /** @param {CableRoute} route */
  nameOf(route) {
    const { words, route_kinds, upper_floors } = this.model.data;
    const kind = route_kinds.find(({ key }) => key === route.kind)?.label ?? "";
    const values = { code: route.code || (words.route_new ?? ""), kind, length: formatNumber(lengthOf(cornersOf(route))) };
    if (route.kind !== "riser") return fill(words.route_name ?? "", values);
    const upper = upper_floors.find(({ key }) => key === route.upper_floor)?.label ?? route.upper_floor;
    return fill(words.riser_name ?? "", { ...values, upper });
  }

  showSelection() {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.corner : undefined;
    this.handles.clearLayers();
    for (const [key, { line }] of this.lines) line.getElement()?.classList.toggle("is-selected", this.model.isSelected("cable_route", key));
    for (const [key, drawn] of this.risers) drawn.getElement()?.classList.toggle("is-selected", this.model.isSelected("cable_route", key));
    const selection = this.model.selection;
    const route = selection?.kind === "cable_route" ? this.model.cableRoutes.get(selection.key) : undefined;
    if (!route || route.kind === "riser" || !this.isShown || !this.hasHandles || !this.model.canEdit("cable_route", route.key)) return;
    const corners = cornersOf(route);
    for (const index of corners.keys()) this.addHandle(route, corners, index, focused === String(index));
  }

  /**
   * @param {CableRoute} route
   * @param {PointM[]} corners
   * @param {number} index
   * @param {boolean} isFocused
   */
  addHandle(route, corners, index, isFocused) {
    const corner = /** @type {PointM} */ (corners[index]);
    const icon = divIcon({ className: "wall-handle", iconSize: [18, 18] });
    const handle = marker(toLatLng(corner), { icon, draggable: true }).addTo(this.handles);
    const element = handle.getElement();
    const values = { number: String(index + 1), x: formatNumber(corner.x), y: formatNumber(corner.y) };
    element?.setAttribute("aria-label", fill(this.model.data.words.route_corner ?? "", values));
    if (element) element.dataset.corner = String(index);
    element?.addEventListener("keydown", (event) => this.onKey(event, route.key, index));
    if (isFocused) element?.focus();
    const moved = () => {
      const from = corners[index - 1] ?? corners[index + 1] ?? null;
      const snapped = this.model.snapRoutePoint(toPoint(handle.getLatLng()), { from, tolerance_m: this.sheet.tolerance_m, exceptKey: route.key });
      return corners.with(index, snapped);
    };
    handle.on("drag", () => {
      this.lines.get(route.key)?.line.setLatLngs(moved().map(toLatLng));
    });
    handle.on("dragend", () => this.actions.onReshape(route, moved(), false));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} key
   * @param {number} index
   */
  onKey(event, key, index) {
    const route = this.model.cableRoutes.get(key);
    if (!route || event.ctrlKey || event.metaKey || event.altKey || !this.model.canEdit("cable_route", key)) return;
    const corners = cornersOf(route);
    const corner = corners[index];
    const arrow = ARROWS[event.key];
    if (arrow && corner) {
      const step_m = event.shiftKey ? BIG_STEP_M : STEP_M;
      const moved = { x: toCentimetre(corner.x + arrow[0] * step_m), y: toCentimetre(corner.y + arrow[1] * step_m) };
      this.actions.onReshape(route, corners.with(index, moved), true);
    } else if (event.key === "Delete") {
      if (corners.length > 2) this.actions.onReshape(route, corners.toSpliced(index, 1), false);
      else this.actions.onDelete(route);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {string} text */
function asText(text) {
  return make("span", {}, text);
}
