// The tools that make something new by clicks: access points, walls, and the routes of cables.

import { polyline } from "leaflet";
import { distance, lengthOf, MIN_WALL_M } from "../geometry.js";
import { toLatLng, toPoint } from "./map.js";

/** @typedef {import("../contract.d.ts").PointM} PointM */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {import("./map.js").PlanMap} PlanMap */
/** @typedef {"select" | "place" | "wall" | "route" | "riser"} Tool */

export class Drawing {
  /**
   * @param {PlanMap} sheet
   * @param {FloorModel} model
   * @param {{
   *   onPlace: (point: PointM) => void,
   *   onWall: (from: PointM, to: PointM) => void,
   *   onRoute: (points: PointM[]) => void,
   *   onRiser: (point: PointM) => void,
   *   onNothing: () => void,
   * }} actions
   */
  constructor(sheet, model, actions) {
    this.sheet = sheet;
    this.model = model;
    this.actions = actions;
    /** @type {Tool} */
    this.tool = "select";
    /** @type {PointM | null} */
    this.from = null;
    /** Corners of the route being drawn. @type {PointM[]} */
    this.corners = [];
    this.draft = polyline([], { className: "wall--draft", weight: 3, interactive: false }).addTo(sheet.leaflet);
    // The second click of a double click places nothing more.
    sheet.leaflet.on("click", (event) => event.originalEvent.detail < 2 && this.onClick(toPoint(event.latlng)));
    sheet.leaflet.on("mousemove", (event) => this.onMove(toPoint(event.latlng)));
    sheet.leaflet.on("dblclick", () => this.end());
  }

  /** @param {Tool} tool */
  use(tool) {
    this.end();
    this.tool = tool;
    this.sheet.leaflet.getContainer().classList.toggle("is-drawing", tool !== "select");
    if (tool !== "select") this.sheet.leaflet.doubleClickZoom.disable();
    else this.sheet.leaflet.doubleClickZoom.enable();
  }

  /**
   * @param {PointM} point
   * @returns {PointM}
   */
  snap(point) {
    const options = { from: this.from, tolerance_m: this.sheet.tolerance_m };
    return this.tool === "wall" ? this.model.snapWallPoint(point, options) : this.model.snapRoutePoint(point, options);
  }

  /** @param {PointM} point */
  onClick(point) {
    if (this.tool === "place") this.actions.onPlace(point);
    else if (this.tool === "riser") this.actions.onRiser(this.snap(point));
    else if (this.tool === "wall" || this.tool === "route") this.addCorner(this.snap(point));
    else this.actions.onNothing();
  }

  /** @param {PointM} corner */
  addCorner(corner) {
    const { from } = this;
    if (from && distance(from, corner) < MIN_WALL_M) return;
    if (from && this.tool === "wall") this.actions.onWall(from, corner);
    this.from = corner;
    if (this.tool === "route") this.corners.push(corner);
    this.draft.setLatLngs(this.corners.map(toLatLng));
  }

  /** Take the last corner of the route being drawn back; false if there is none. */
  takeBack() {
    if (this.corners.length === 0) return false;
    this.corners.pop();
    this.from = this.corners.at(-1) ?? null;
    this.draft.setLatLngs(this.corners.map(toLatLng));
    return true;
  }

  /** @param {PointM} point */
  onMove(point) {
    if (!this.from) return;
    const before = this.tool === "route" ? this.corners : [this.from];
    this.draft.setLatLngs([...before, this.snap(point)].map(toLatLng));
  }

  /** End what is being drawn: a route is made of its corners; false if there was nothing. */
  end() {
    const wasDrawing = this.from !== null;
    const { corners } = this;
    this.from = null;
    this.corners = [];
    this.draft.setLatLngs([]);
    if (lengthOf(corners) >= MIN_WALL_M) this.actions.onRoute(corners);
    return wasDrawing;
  }
}
