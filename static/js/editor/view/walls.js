// Walls as lines coloured by material; a wide unseen line takes the pointer.

import { DomEvent, divIcon, layerGroup, marker, polyline } from "leaflet";
import { distance } from "../geometry.js";
import { fill, formatNumber } from "../words.js";
import { toLatLng, toPoint } from "./map.js";

/** @typedef {import("../contract.d.ts").Wall} Wall */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {import("./map.js").PlanMap} PlanMap */
/** @typedef {{line: import("leaflet").Polyline, hit: import("leaflet").Polyline}} Drawn */

/** @param {Wall} wall */
const endsOf = (wall) =>
  /** @type {const} */ ([
    { x: wall.x1_m, y: wall.y1_m },
    { x: wall.x2_m, y: wall.y2_m },
  ]);

export class WallLayer {
  /**
   * @param {PlanMap} sheet
   * @param {FloorModel} model
   * @param {{onSelect: (key: string) => boolean, onReshape: (wall: Wall, fields: Record<string, number>) => void}} actions
   */
  constructor(sheet, model, actions) {
    this.sheet = sheet;
    this.model = model;
    this.actions = actions;
    this.group = layerGroup().addTo(sheet.leaflet);
    this.handles = layerGroup().addTo(sheet.leaflet);
    /** Whether the selected wall's ends can be taken; not while others are drawn. */
    this.hasHandles = true;
    /** @type {Map<string, Drawn>} */
    this.drawn = new Map();
    for (const key of model.walls.keys()) this.draw(key);
  }

  /** @param {string} key */
  draw(key) {
    const wall = this.model.walls.get(key);
    const old = this.drawn.get(key);
    old?.line.remove();
    old?.hit.remove();
    this.drawn.delete(key);
    if (!wall) return;
    const ends = endsOf(wall).map(toLatLng);
    const material = this.model.data.materials.find((other) => other.id === wall.material);
    const loss_db = material?.loss_db[1] ?? material?.loss_db[0] ?? 6;
    const weight = 2.5 + Math.min(4, Math.max(0, loss_db) / 5);
    const line = polyline(ends, { className: this.model.wallClass(wall.material), weight, interactive: false }).addTo(this.group);
    const hit = polyline(ends, { className: "wall-hit", weight: 14, opacity: 0 }).addTo(this.group);
    const name = document.createElement("span");
    name.textContent = this.nameOf(wall);
    hit.bindTooltip(name, { sticky: true });
    hit.on("mouseover", () => line.getElement()?.classList.add("is-hovered"));
    hit.on("mouseout", () => line.getElement()?.classList.remove("is-hovered"));
    hit.on("click", (event) => {
      if (this.actions.onSelect(key)) DomEvent.stopPropagation(event);
    });
    this.drawn.set(key, { line, hit });
    if (this.model.isSelected("wall", key)) this.showSelection();
  }

  /** @param {Wall} wall */
  nameOf(wall) {
    const [from, to] = endsOf(wall);
    const material = this.model.data.materials.find((other) => other.id === wall.material)?.name ?? "";
    return fill(this.model.data.words.wall_name ?? "", { material, length: formatNumber(distance(from, to)) });
  }

  showSelection() {
    this.handles.clearLayers();
    for (const [key, { line }] of this.drawn) line.getElement()?.classList.toggle("is-selected", this.model.isSelected("wall", key));
    const selection = this.model.selection;
    const wall = selection?.kind === "wall" ? this.model.walls.get(selection.key) : undefined;
    if (wall && this.hasHandles && this.model.canEdit("wall", wall.key)) {
      this.addHandle(wall, 0);
      this.addHandle(wall, 1);
    }
  }

  /**
   * @param {Wall} wall
   * @param {0 | 1} index
   */
  addHandle(wall, index) {
    const ends = endsOf(wall);
    const other = ends[index === 0 ? 1 : 0];
    const words = this.model.data.words;
    const icon = divIcon({ className: "wall-handle", iconSize: [18, 18] });
    const handle = marker(toLatLng(ends[index]), { icon, draggable: true, keyboard: false, title: words[index === 0 ? "wall_start" : "wall_end"] ?? "" });
    const snapped = () => this.model.snapWallPoint(toPoint(handle.getLatLng()), { from: other, tolerance_m: this.sheet.tolerance_m, exceptKey: wall.key });
    handle.on("drag", () => {
      const place = toLatLng(snapped());
      const drawn = this.drawn.get(wall.key);
      drawn?.line.setLatLngs(index === 0 ? [place, toLatLng(other)] : [toLatLng(other), place]);
    });
    handle.on("dragend", () => {
      const { x, y } = snapped();
      this.actions.onReshape(wall, index === 0 ? { x1_m: x, y1_m: y } : { x2_m: x, y2_m: y });
    });
    handle.addTo(this.handles);
  }
}
