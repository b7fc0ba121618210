// The sheet: plan picture, coverage picture and rooms in building metres (x right, y up).

import { CRS, control, divIcon, imageOverlay, latLng, latLngBounds, layerGroup, map, marker, polygon, svg } from "leaflet";
import { ringCentre } from "../geometry.js";

/** @typedef {import("../contract.d.ts").BoundsM} BoundsM */
/** @typedef {import("../contract.d.ts").FloorData} FloorData */
/** @typedef {import("../contract.d.ts").PointM} PointM */

const SNAP_PX = 12;

/** @param {PointM} point */
export const toLatLng = (point) => latLng(point.y, point.x);

/**
 * @param {import("leaflet").LatLng} place
 * @returns {PointM}
 */
export const toPoint = (place) => ({ x: place.lng, y: place.lat });

/** @param {BoundsM} bounds_m */
const toBounds = ([x0, y0, x1, y1]) => latLngBounds([y0, x0], [y1, x1]);

export class PlanMap {
  /**
   * @param {HTMLElement} container
   * @param {FloorData} data
   */
  constructor(container, data) {
    const { words } = data;
    this.bounds = toBounds(data.bounds_m);
    this.leaflet = map(container, {
      crs: CRS.Simple,
      renderer: svg({ padding: 0.5 }),
      minZoom: -3,
      maxZoom: 8,
      zoomSnap: 0.25,
      zoomDelta: 0.5,
      wheelPxPerZoomLevel: 120,
      attributionControl: false,
      zoomControl: false,
      maxBounds: this.bounds.pad(1),
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(this.leaflet);
    control.scale({ imperial: false }).addTo(this.leaflet);
    this.leaflet.createPane("plan").style.zIndex = "200";
    const heatPane = this.leaflet.createPane("heat");
    heatPane.style.zIndex = "250";
    heatPane.classList.add("heat-map");
    this.leaflet.createPane("rooms").style.zIndex = "350";
    /** @type {import("leaflet").ImageOverlay | null} */
    this.heat = null;
    this.heatUrl = "";
    this.heatOpacity = 0.7;
    this.isFitted = true;
    this.isFitting = false;
    this.showPlan(data);
    this.showRooms(data);
    this.fit();
    // The rail beside it opens and closes; a sheet that shows all goes on showing all.
    this.leaflet.on("dragstart zoomstart", () => {
      this.isFitted = this.isFitting;
    });
    this.resizing = new ResizeObserver(() => {
      this.leaflet.invalidateSize({ pan: false });
      if (this.isFitted) this.fit();
    });
    this.resizing.observe(container);
  }

  /** @param {FloorData} data */
  showPlan(data) {
    if (!data.plan) return;
    const alt = `${data.plan.name} (${data.plan.number})`;
    imageOverlay(data.plan.url, toBounds(data.plan.bounds_m), { pane: "plan", alt }).addTo(this.leaflet);
  }

  /** @param {FloorData} data */
  showRooms(data) {
    const labels = layerGroup();
    for (const room of data.rooms) {
      const rings = room.rings.map((ring) => ring.map(([x, y]) => toLatLng({ x, y })));
      polygon(rings, { pane: "rooms", className: "room-shape", interactive: false }).addTo(this.leaflet);
      const ring = room.rings[0];
      if (!ring) continue;
      const label = document.createElement("span");
      label.textContent = room.name || room.number;
      const icon = divIcon({ className: "room-label", html: label, iconSize: [0, 0] });
      marker(toLatLng(ringCentre(ring)), { icon, interactive: false, keyboard: false, pane: "rooms" }).addTo(labels);
    }
    // Names only where there is room for them.
    const show = () => (this.leaflet.getZoom() >= 3 ? labels.addTo(this.leaflet) : labels.remove());
    this.leaflet.on("zoomend", show);
    this.leaflet.whenReady(show);
  }

  fit() {
    this.isFitting = true;
    this.leaflet.fitBounds(this.bounds, { padding: [24, 24], animate: false });
    this.isFitting = false;
    this.isFitted = true;
  }

  /** How far off a click may be, in metres at this zoom. */
  get tolerance_m() {
    return SNAP_PX / this.leaflet.getZoomScale(this.leaflet.getZoom(), 0);
  }

  /** @param {{blob: Blob, bounds_m: BoundsM}} picture */
  showHeat({ blob, bounds_m }) {
    const url = URL.createObjectURL(blob);
    const old = this.heatUrl;
    this.heatUrl = url;
    if (this.heat) this.heat.setUrl(url).setBounds(toBounds(bounds_m));
    else this.heat = imageOverlay(url, toBounds(bounds_m), { pane: "heat", opacity: this.heatOpacity, alt: "" }).addTo(this.leaflet);
    // The old picture may still be on screen until the new one is decoded.
    if (old) this.heat.once("load", () => URL.revokeObjectURL(old));
  }

  hideHeat() {
    this.heat?.remove();
    this.heat = null;
    if (this.heatUrl) URL.revokeObjectURL(this.heatUrl);
    this.heatUrl = "";
  }

  /** @param {number} opacity 0..1 */
  setHeatOpacity(opacity) {
    this.heatOpacity = opacity;
    this.heat?.setOpacity(opacity);
  }

  remove() {
    this.resizing.disconnect();
    this.hideHeat();
    this.leaflet.remove();
  }
}
