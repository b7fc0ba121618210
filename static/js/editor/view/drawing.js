// The two tools that make something new by clicks: placing an access point, drawing walls.

import { polyline } from "leaflet";
import { distance, MIN_WALL_M } from "../geometry.js";
import { toLatLng, toPoint } from "./map.js";

/** @typedef {import("../contract.d.ts").PointM} PointM */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {import("./map.js").PlanMap} PlanMap */
/** @typedef {"select" | "place" | "wall"} Tool */

export class Drawing {
  /**
   * @param {PlanMap} sheet
   * @param {FloorModel} model
   * @param {{onPlace: (point: PointM) => void, onWall: (from: PointM, to: PointM) => void, onNothing: () => void}} actions
   */
  constructor(sheet, model, actions) {
    this.sheet = sheet;
    this.model = model;
    this.actions = actions;
    /** @type {Tool} */
    this.tool = "select";
    /** @type {PointM | null} */
    this.from = null;
    this.draft = polyline([], { className: "wall--draft", weight: 3, interactive: false }).addTo(sheet.leaflet);
    // The second click of a double click places nothing more.
    sheet.leaflet.on("click", (event) => event.originalEvent.detail < 2 && this.onClick(toPoint(event.latlng)));
    sheet.leaflet.on("mousemove", (event) => this.onMove(toPoint(event.latlng)));
    sheet.leaflet.on("dblclick", () => this.endWall());
  }

  /** @param {Tool} tool */
  use(tool) {
    this.tool = tool;
    this.endWall();
    this.sheet.leaflet.getContainer().classList.toggle("is-drawing", tool !== "select");
    if (tool !== "select") this.sheet.leaflet.doubleClickZoom.disable();
    else this.sheet.leaflet.doubleClickZoom.enable();
  }

  /**
   * @param {PointM} point
   * @returns {PointM}
   */
  snap(point) {
    return this.model.snapWallPoint(point, { from: this.from, tolerance_m: this.sheet.tolerance_m });
  }

  /** @param {PointM} point */
  onClick(point) {
    if (this.tool === "place") this.actions.onPlace(point);
    else if (this.tool === "wall") this.addCorner(this.snap(point));
    else this.actions.onNothing();
  }

  /** @param {PointM} corner */
  addCorner(corner) {
    const { from } = this;
    if (from && distance(from, corner) < MIN_WALL_M) return;
    if (from) this.actions.onWall(from, corner);
    this.from = corner;
    this.draft.setLatLngs([]);
  }

  /** @param {PointM} point */
  onMove(point) {
    if (this.tool === "wall" && this.from) this.draft.setLatLngs([toLatLng(this.from), toLatLng(this.snap(point))]);
  }

  /** End the wall being drawn; false if there was none. */
  endWall() {
    const wasDrawing = this.from !== null;
    this.from = null;
    this.draft.setLatLngs([]);
    return wasDrawing;
  }
}
