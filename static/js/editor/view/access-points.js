// Access points as marks that can be dragged, and moved by the keyboard.

import { divIcon, layerGroup, marker, polyline } from "leaflet";
import { make, makeSymbol } from "../elements.js";
import { toCentimetre } from "../geometry.js";
import { putInName, shorten } from "../labels.js";
import { fill, formatNumber } from "../words.js";
import { toLatLng, toPoint } from "./map.js";

/** @typedef {import("../contract.d.ts").AccessPoint} AccessPoint */
/** @typedef {import("../contract.d.ts").PointM} PointM */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {import("./map.js").PlanMap} PlanMap */
/** @typedef {{group: import("leaflet").LayerGroup, line: import("leaflet").Polyline, mark: import("leaflet").Marker}} Hung */

const STEP_M = 0.1;
const BIG_STEP_M = 1;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class AccessPointLayer {
  /**
   * @param {PlanMap} sheet
   * @param {FloorModel} model
   * @param {{
   *   onSelect: (key: string) => void,
   *   onDrag: (accessPoint: AccessPoint, point: PointM) => void,
   *   onMove: (accessPoint: AccessPoint, point: PointM, isGesture: boolean) => void,
   *   onDelete: (accessPoint: AccessPoint) => void,
   * }} actions
   */
  constructor(sheet, model, actions) {
    this.sheet = sheet;
    this.model = model;
    this.actions = actions;
    /** @type {Map<string, import("leaflet").Marker>} */
    this.markers = new Map();
    /** Where access points really hang, and the line from where they were planned. @type {Map<string, Hung>} */
    this.hung = new Map();
    for (const key of model.accessPoints.keys()) this.draw(key);
  }

  /** @param {string} key */
  draw(key) {
    const accessPoint = this.model.accessPoints.get(key);
    const old = this.markers.get(key);
    if (!accessPoint) {
      old?.remove();
      this.markers.delete(key);
      this.drawHung(key, null);
      return;
    }
    const place = toLatLng({ x: accessPoint.x_m, y: accessPoint.y_m });
    if (old) {
      old.setLatLng(place);
      this.dress(old, accessPoint);
    } else this.markers.set(key, this.add(accessPoint, place));
    this.drawHung(key, accessPoint);
  }

  /**
   * The mark where an access point hangs, joined by a line with the outline where it was planned.
   * @param {string} key
   * @param {AccessPoint | null} accessPoint
   */
  drawHung(key, accessPoint) {
    const installed = accessPoint && this.model.installedPlace(accessPoint);
    if (!installed) {
      this.hung.get(key)?.group.remove();
      this.hung.delete(key);
      return;
    }
    const ends = [toLatLng({ x: accessPoint.x_m, y: accessPoint.y_m }), toLatLng(installed)];
    const known = this.hung.get(key) ?? this.addHung(key, ends);
    known.line.setLatLngs(ends);
    this.dressHung(known.mark, accessPoint);
  }

  /**
   * @param {string} key
   * @param {import("leaflet").LatLng[]} ends
   * @returns {Hung}
   */
  addHung(key, ends) {
    const icon = divIcon({ className: "ap-marker is-fixed", html: make("span"), iconSize: [30, 30] });
    // The planned mark has the name, the focus and the keys of both.
    const mark = marker(/** @type {import("leaflet").LatLng} */ (ends[1]), { icon, keyboard: false, zIndexOffset: -500 });
    mark.on("click", () => this.actions.onSelect(key));
    const line = polyline(ends, { className: "ap-offset", interactive: false });
    const group = layerGroup([line, mark]).addTo(this.sheet.leaflet);
    mark.getElement()?.setAttribute("aria-hidden", "true");
    this.hung.set(key, { group, line, mark });
    return { group, line, mark };
  }

  /**
   * @param {import("leaflet").Marker} mark
   * @param {AccessPoint} accessPoint
   */
  dressHung(mark, accessPoint) {
    const element = mark.getElement();
    if (element) this.dressAs(element, accessPoint, `state-${this.shapeOf(accessPoint)}`, shorten(accessPoint.code));
  }

  /** @param {AccessPoint} accessPoint */
  shapeOf({ state }) {
    return this.model.data.states.find(({ key }) => key === state)?.mark ?? "planned";
  }

  /**
   * @param {AccessPoint} accessPoint
   * @param {import("leaflet").LatLng} place
   */
  add(accessPoint, place) {
    const { key } = accessPoint;
    const canEdit = this.model.canEdit("access_point", key);
    const icon = divIcon({ className: `ap-marker${canEdit ? "" : " is-fixed"}`, html: make("span"), iconSize: [30, 30] });
    const drawn = marker(place, { icon, draggable: canEdit, autoPan: true }).addTo(this.sheet.leaflet);
    const latest = () => this.model.accessPoints.get(key);
    drawn.on("click", () => this.actions.onSelect(key));
    drawn.on("dragstart", () => this.actions.onSelect(key));
    drawn.on("drag", () => {
      const current = latest();
      const hung = this.hung.get(key);
      hung?.line.setLatLngs([drawn.getLatLng(), hung.mark.getLatLng()]);
      if (current) this.actions.onDrag(current, toPoint(drawn.getLatLng()));
    });
    drawn.on("dragend", () => {
      const current = latest();
      if (current) this.actions.onMove(current, toPoint(drawn.getLatLng()), false);
    });
    drawn.getElement()?.addEventListener("focus", () => this.actions.onSelect(key));
    drawn.getElement()?.addEventListener("keydown", (event) => this.onKey(event, key));
    this.dress(drawn, accessPoint);
    return drawn;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} key
   */
  onKey(event, key) {
    const accessPoint = this.model.accessPoints.get(key);
    if (!accessPoint || event.ctrlKey || event.altKey || event.metaKey) return;
    const canEdit = this.model.canEdit("access_point", key);
    const arrow = ARROWS[event.key];
    if (arrow && canEdit) {
      const step_m = event.shiftKey ? BIG_STEP_M : STEP_M;
      const point = { x: toCentimetre(accessPoint.x_m + arrow[0] * step_m), y: toCentimetre(accessPoint.y_m + arrow[1] * step_m) };
      this.actions.onMove(accessPoint, point, true);
    } else if (event.key === "Delete" && canEdit) this.actions.onDelete(accessPoint);
    else if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Shape, number and spoken name follow the record.
   * @param {import("leaflet").Marker} drawn
   * @param {AccessPoint} accessPoint
   */
  dress(drawn, accessPoint) {
    const element = drawn.getElement();
    if (!element) return;
    const state = this.model.data.states.find((other) => other.key === accessPoint.state);
    const isOutline = this.model.installedPlace(accessPoint) !== null;
    element.classList.toggle("is-outline", isOutline);
    const label = isOutline ? "" : shorten(accessPoint.code);
    element.setAttribute("aria-label", putInName(label, this.nameOf(accessPoint, state?.label ?? "")));
    const symbol = isOutline ? "place-planned" : `state-${this.shapeOf(accessPoint)}`;
    this.dressAs(element, accessPoint, symbol, label);
  }

  /**
   * @param {HTMLElement} element
   * @param {AccessPoint} accessPoint
   * @param {string} symbol
   * @param {string} number
   */
  dressAs(element, accessPoint, symbol, number) {
    for (const name of [...element.classList]) if (name.startsWith("state--")) element.classList.remove(name);
    element.classList.add(`state--${this.shapeOf(accessPoint)}`);
    element.classList.toggle("is-selected", this.model.isSelected("access_point", accessPoint.key));
    const label = number ? [make("span", { class: "ap-marker__number", "aria-hidden": "true" }, number)] : [];
    element.replaceChildren(make("span", { class: "ap-marker__disc" }), makeSymbol(symbol, "mark"), ...label);
  }

  /**
   * @param {AccessPoint} accessPoint
   * @param {string} state
   */
  nameOf(accessPoint, state) {
    const { words } = this.model.data;
    const values = { code: accessPoint.code, state, x: formatNumber(accessPoint.x_m), y: formatNumber(accessPoint.y_m) };
    const installed = this.model.installedPlace(accessPoint);
    if (!installed) return fill(words.access_point_name ?? "", values);
    const hung = { installed_x: formatNumber(installed.x), installed_y: formatNumber(installed.y) };
    return fill(words.access_point_name_installed ?? "", { ...values, ...hung });
  }

  showSelection() {
    for (const [key, drawn] of this.markers) {
      const isSelected = this.model.isSelected("access_point", key);
      drawn.getElement()?.classList.toggle("is-selected", isSelected);
      drawn.setZIndexOffset(isSelected ? 1000 : 0);
      this.hung.get(key)?.mark.getElement()?.classList.toggle("is-selected", isSelected);
    }
  }
}
