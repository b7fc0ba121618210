// One small floor for the tests: two rooms' worth of walls, one access point.

import { FloorModel } from "../../static/js/editor/model.js";

/** @param {object} [changes] */
export function makeData(changes = {}) {
  return {
    floor: { id: "f1", code: "RH-MP-3", name: "3. OG", height_m: 3.2, can_edit_walls: true, can_edit_access_points: true, can_edit_cable_routes: true },
    bounds_m: [0, 0, 20, 10],
    plan: null,
    materials: [
      { id: "m-brick", code: "brick", name: "Brick", loss_db: [6, 8, 10] },
      { id: "m-glass", code: "glass", name: "Glass", loss_db: [2, 3, 4] },
    ],
    models: [{ id: "d-1", code: "ap-1", name: "Ceiling model" }],
    states: [{ key: "planned", label: "planned", mark: "planned" }],
    mounts: [{ key: "ceiling", label: "Ceiling" }],
    walls: [
      {
        id: "w1",
        version: 1,
        href: "/walls/w1",
        restore_href: "/walls/w1/restore",
        x1_m: 0,
        y1_m: 0,
        x2_m: 10,
        y2_m: 0,
        material: "m-brick",
        bottom_m: 0,
        top_m: null,
      },
    ],
    access_points: [makeAccessPoint()],
    cable_routes: [makeRoute()],
    distributors: [{ code: "RH-EV3.1", x_m: 2, y_m: 8 }],
    route_kinds: [
      { key: "tray", label: "cable tray" },
      { key: "riser", label: "riser" },
    ],
    upper_floors: [{ key: "RH-MP-4", label: "4. OG" }],
    rooms: [],
    heat_map: null,
    heat_map_reason: null,
    urls: { walls: "/walls", access_points: "/access-points", cable_routes: "/cable-routes", token: "/session/token" },
    words: {},
    ...changes,
  };
}

export function makeRoute() {
  return {
    id: "r1",
    version: 1,
    href: "/cable-routes/r1",
    restore_href: "/cable-routes/r1/restore",
    code: "RH-3-T01",
    kind: "tray",
    course: "0 5, 10 5",
    floor: "RH-MP-3",
    upper_floor: "",
    capacity: null,
    editable: true,
  };
}

export function makeAccessPoint() {
  return {
    id: "a1",
    version: 3,
    href: "/access-points/a1",
    restore_href: "/access-points/a1/restore",
    code: "RH-MP-3-AP-07",
    x_m: 5,
    y_m: 4,
    height_m: 2.8,
    model: "d-1",
    state: "planned",
    mount: "ceiling",
    azimuth_deg: 0,
    downtilt_deg: 0,
    editable: true,
  };
}

export const makeModel = (changes = {}) => new FloorModel(/** @type {any} */ (makeData(changes)));
