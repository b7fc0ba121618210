// Each edit as a command with its way back. Decides what changes and what the server is asked;
// refuses to know when it is sent.

import { roundPoint, toCentimetre, writeCourse } from "./geometry.js";

/** @typedef {import("./contract.d.ts").Command} Command */
/** @typedef {import("./contract.d.ts").Kind} Kind */
/** @typedef {import("./contract.d.ts").Fields} Fields */
/** @typedef {import("./contract.d.ts").PointM} PointM */
/** @typedef {import("./contract.d.ts").PlanRecord} PlanRecord */
/** @typedef {import("./contract.d.ts").AccessPoint} AccessPoint */
/** @typedef {import("./contract.d.ts").Wall} Wall */
/** @typedef {import("./contract.d.ts").CableRoute} CableRoute */
/** @typedef {import("./model.js").FloorModel} FloorModel */

/** @type {Record<Kind, string[]>} */
const SENT_FIELDS = {
  wall: ["x1_m", "y1_m", "x2_m", "y2_m", "material", "bottom_m", "top_m"],
  access_point: ["x_m", "y_m", "height_m", "model", "mount", "azimuth_deg", "downtilt_deg"],
  cable_route: ["kind", "course", "upper_floor", "capacity"],
};

/**
 * The fields the server takes, of a whole record.
 * @param {Kind} kind
 * @param {PlanRecord} record
 * @returns {Fields}
 */
export function sentFields(kind, record) {
  const values = /** @type {Fields} */ (/** @type {unknown} */ (record));
  return Object.fromEntries(SENT_FIELDS[kind].filter((field) => values[field] !== undefined).map((field) => [field, values[field]]));
}

/**
 * Put a record there. The server is asked for its old id when it had one.
 * @param {FloorModel} model
 * @param {Kind} kind
 * @param {PlanRecord} record
 * @returns {import("./contract.d.ts").Operation}
 */
function insert(model, kind, record) {
  model.put(kind, { ...record });
  model.select({ kind, key: record.key });
  return { method: "POST", kind, key: record.key, fields: sentFields(kind, record) };
}

/**
 * @param {FloorModel} model
 * @param {Kind} kind
 * @param {string} key
 * @returns {import("./contract.d.ts").Operation}
 */
function take(model, kind, key) {
  model.remove(kind, key);
  return { method: "DELETE", kind, key, fields: {} };
}

/**
 * @param {string} word
 * @param {Kind} kind
 * @param {PlanRecord} record
 * @returns {Command}
 */
function createRecord(word, kind, record) {
  let latest = record;
  return {
    word,
    kind,
    key: record.key,
    do: (model) => insert(model, kind, latest),
    undo: (model) => {
      latest = model.find(kind, record.key) ?? latest;
      return take(model, kind, record.key);
    },
  };
}

/**
 * @param {string} word
 * @param {Kind} kind
 * @param {PlanRecord} record
 * @returns {Command}
 */
function deleteRecord(word, kind, record) {
  let latest = record;
  return {
    word,
    kind,
    key: record.key,
    do: (model) => {
      latest = model.find(kind, record.key) ?? latest;
      return take(model, kind, record.key);
    },
    undo: (model) => insert(model, kind, latest),
  };
}

/**
 * @param {string} word
 * @param {Kind} kind
 * @param {PlanRecord} record as it is
 * @param {Fields} fields as they shall be
 * @param {boolean} [isGesture] later steps of the same kind may join
 * @returns {Command}
 */
function changeRecord(word, kind, record, fields, isGesture = false) {
  const values = /** @type {Fields} */ (/** @type {unknown} */ (record));
  const before = Object.fromEntries(Object.keys(fields).map((field) => [field, values[field]]));
  const after = { ...fields };
  /** @type {(model: FloorModel, to: Fields) => import("./contract.d.ts").Operation} */
  const set = (model, to) => {
    model.change(kind, record.key, to);
    return { method: "PATCH", kind, key: record.key, fields: { ...to } };
  };
  /** @type {Command & {after: Fields}} */
  const command = {
    word,
    kind,
    key: record.key,
    after,
    do: (model) => set(model, after),
    undo: (model) => set(model, before),
  };
  if (isGesture) {
    command.absorb = (next) => {
      if (next.word !== word || next.key !== record.key || !("after" in next)) return false;
      Object.assign(after, next.after);
      return true;
    };
  }
  return command;
}

/**
 * @param {FloorModel} model
 * @param {PointM} point
 * @param {{model: string, mount: string, height_m: number, state: string}} defaults
 */
export function placeAccessPoint(model, point, defaults) {
  const { x, y } = roundPoint(point);
  return createRecord("step_place_access_point", "access_point", {
    ...defaults,
    key: model.newKey(),
    id: null,
    version: 0,
    code: "",
    x_m: x,
    y_m: y,
    azimuth_deg: 0,
    downtilt_deg: 0,
    editable: true,
  });
}

/**
 * @param {AccessPoint} accessPoint
 * @param {PointM} point
 * @param {{isGesture?: boolean}} [options]
 */
export function moveAccessPoint(accessPoint, point, { isGesture = false } = {}) {
  const { x, y } = roundPoint(point);
  return changeRecord("step_move_access_point", "access_point", accessPoint, { x_m: x, y_m: y }, isGesture);
}

/**
 * @param {AccessPoint} accessPoint
 * @param {Fields} fields
 */
export const editAccessPoint = (accessPoint, fields) => changeRecord("step_edit_access_point", "access_point", accessPoint, roundMetres(fields));

/** @param {AccessPoint} accessPoint */
export const deleteAccessPoint = (accessPoint) => deleteRecord("step_delete_access_point", "access_point", accessPoint);

/**
 * @param {FloorModel} model
 * @param {PointM} from
 * @param {PointM} to
 * @param {string} material
 */
export function drawWall(model, from, to, material) {
  const start = roundPoint(from);
  const end = roundPoint(to);
  return createRecord("step_draw_wall", "wall", {
    key: model.newKey(),
    id: null,
    version: 0,
    x1_m: start.x,
    y1_m: start.y,
    x2_m: end.x,
    y2_m: end.y,
    material,
    bottom_m: 0,
    top_m: null,
  });
}

/**
 * @param {Wall} wall
 * @param {Fields} fields
 */
export const editWall = (wall, fields) => changeRecord("step_edit_wall", "wall", wall, roundMetres(fields));

/** @param {Wall} wall */
export const deleteWall = (wall) => deleteRecord("step_delete_wall", "wall", wall);

/**
 * @param {FloorModel} model
 * @param {PointM[]} points
 * @param {{kind: string, upper_floor?: string}} values
 */
export function drawRoute(model, points, { kind, upper_floor = "" }) {
  return createRecord(kind === "riser" ? "step_draw_riser" : "step_draw_route", "cable_route", {
    key: model.newKey(),
    id: null,
    version: 0,
    code: "",
    kind,
    course: writeCourse(points),
    floor: model.data.floor.code,
    upper_floor,
    capacity: null,
    editable: true,
  });
}

/**
 * @param {CableRoute} route
 * @param {Fields} fields
 */
export const editRoute = (route, fields) => changeRecord("step_edit_route", "cable_route", route, fields);

/**
 * @param {CableRoute} route
 * @param {PointM[]} points
 * @param {{isGesture?: boolean}} [options]
 */
export const reshapeRoute = (route, points, { isGesture = false } = {}) =>
  changeRecord("step_move_route", "cable_route", route, { course: writeCourse(points) }, isGesture);

/** @param {CableRoute} route */
export const deleteRoute = (route) => deleteRecord("step_delete_route", "cable_route", route);

/**
 * @param {Fields} fields
 * @returns {Fields}
 */
function roundMetres(fields) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, field.endsWith("_m") && typeof value === "number" ? toCentimetre(value) : value]),
  );
}
