// The records on the plan and which one is selected. Decides what a record is on this page; refuses
// to know how it is drawn or saved.

import { distance, readCourse, snapPoint } from "./geometry.js";

/** @typedef {import("./contract.d.ts").FloorData} FloorData */
/** @typedef {import("./contract.d.ts").Kind} Kind */
/** @typedef {import("./contract.d.ts").Wall} Wall */
/** @typedef {import("./contract.d.ts").AccessPoint} AccessPoint */
/** @typedef {import("./contract.d.ts").CableRoute} CableRoute */
/** @typedef {import("./contract.d.ts").PlanRecord} PlanRecord */
/** @typedef {import("./contract.d.ts").Fields} Fields */
/** @typedef {import("./contract.d.ts").PointM} PointM */
/** @typedef {{kind: Kind, key: string}} Selection */

/** Nearer than this, planned and installed are the same place on every plan. */
const MIN_OFFSET_M = 0.05;

/** Colours, and dashes, that walls are drawn in. */
const WALL_STYLES = 8;

/**
 * @param {PlanRecord} record
 * @returns {Kind}
 */
export function kindOf(record) {
  if ("course" in record) return "cable_route";
  return "code" in record ? "access_point" : "wall";
}

/** @param {CableRoute} route */
export const cornersOf = (route) => readCourse(route.course) ?? [];

/** Fires "change" (a record) and "select". */
export class FloorModel extends EventTarget {
  /** @param {FloorData} data */
  constructor(data) {
    super();
    this.data = data;
    /** @type {Map<string, Wall>} */
    this.walls = new Map();
    /** @type {Map<string, AccessPoint>} */
    this.accessPoints = new Map();
    /** @type {Map<string, CableRoute>} */
    this.cableRoutes = new Map();
    /** As the server last knew them. @type {Map<string, PlanRecord>} */
    this.saved = new Map();
    /** Known to the server, but deleted there. @type {Set<string>} */
    this.deleted = new Set();
    /** @type {Selection | null} */
    this.selection = null;
    this.newCount = 0;
    for (const wall of data.walls) this.adopt("wall", wall);
    for (const accessPoint of data.access_points) this.adopt("access_point", accessPoint);
    for (const route of data.cable_routes) this.adopt("cable_route", route);
  }

  /**
   * @param {Kind} kind
   * @param {Omit<PlanRecord, "key">} record
   */
  adopt(kind, record) {
    const kept = /** @type {PlanRecord} */ ({ ...record, key: String(record.id) });
    this.recordsOf(kind).set(kept.key, kept);
    this.saved.set(kept.key, { ...kept });
  }

  /**
   * @param {Kind} kind
   * @returns {Map<string, PlanRecord>}
   */
  recordsOf(kind) {
    const records = { wall: this.walls, access_point: this.accessPoints, cable_route: this.cableRoutes }[kind];
    return /** @type {Map<string, PlanRecord>} */ (records);
  }

  /**
   * @param {Kind} kind
   * @param {string} key
   */
  find(kind, key) {
    return this.recordsOf(kind).get(key) ?? null;
  }

  newKey() {
    this.newCount += 1;
    return `new-${this.newCount}`;
  }

  /**
   * Add or replace a record.
   * @param {Kind} kind
   * @param {PlanRecord} record
   */
  put(kind, record) {
    this.recordsOf(kind).set(record.key, record);
    this.announce(kind, record.key);
  }

  /**
   * @param {Kind} kind
   * @param {string} key
   * @param {Fields} fields
   */
  change(kind, key, fields) {
    const record = this.find(kind, key);
    if (record) this.put(kind, { ...record, ...fields });
  }

  /**
   * @param {Kind} kind
   * @param {string} key
   */
  remove(kind, key) {
    this.recordsOf(kind).delete(key);
    if (this.isSelected(kind, key)) this.select(null);
    this.announce(kind, key);
  }

  /**
   * What the server answered: identity and version, and its view of every field not changed since.
   * @param {Kind} kind
   * @param {string} key
   * @param {Fields} answer
   * @param {Fields} [unsent] fields changed here and not sent yet
   */
  acknowledge(kind, key, answer, unsent = {}) {
    const known = this.find(kind, key) ?? this.saved.get(key);
    const record = /** @type {PlanRecord} */ ({ ...known, ...answer, key });
    this.saved.set(key, record);
    if (this.find(kind, key)) this.put(kind, { ...record, ...unsent });
  }

  /**
   * Go back to what the server knows: the record as saved, or none.
   * @param {Kind} kind
   * @param {string} key
   */
  revert(kind, key) {
    const record = this.saved.get(key);
    if (record && !this.deleted.has(key)) this.put(kind, { ...record });
    else this.remove(kind, key);
  }

  /** @param {string} key */
  isOnServer(key) {
    return this.saved.has(key) && !this.deleted.has(key);
  }

  /**
   * @param {Kind} kind
   * @param {string} key
   */
  announce(kind, key) {
    this.dispatchEvent(new CustomEvent("change", { detail: { kind, key } }));
  }

  /** @param {Selection | null} selection */
  select(selection) {
    if (selection?.key === this.selection?.key && selection?.kind === this.selection?.kind) return;
    this.selection = selection;
    this.dispatchEvent(new Event("select"));
  }

  /**
   * @param {Kind} kind
   * @param {string} key
   */
  isSelected(kind, key) {
    return this.selection?.kind === kind && this.selection.key === key;
  }

  selectedRecord() {
    return this.selection ? this.find(this.selection.kind, this.selection.key) : null;
  }

  /**
   * Whether this person may change the record.
   * @param {Kind} kind
   * @param {string} key
   */
  canEdit(kind, key) {
    if (kind === "wall") return this.data.floor.can_edit_walls;
    if (kind === "cable_route") return this.data.floor.can_edit_cable_routes && (this.cableRoutes.get(key)?.editable ?? false);
    return this.data.floor.can_edit_access_points && (this.accessPoints.get(key)?.editable ?? false);
  }

  /**
   * Whether this person may delete the record, as far as is known here.
   * @param {Kind} kind
   * @param {string} key
   */
  canDelete(kind, key) {
    if (!this.canEdit(kind, key)) return false;
    return kind !== "access_point" || this.accessPoints.get(key)?.is_deletable !== false;
  }

  /**
   * @param {string} [exceptKey] a wall whose own ends do not count
   * @returns {PointM[]}
   */
  wallEnds(exceptKey) {
    return [...this.walls.values()]
      .filter((wall) => wall.key !== exceptKey)
      .flatMap((wall) => [
        { x: wall.x1_m, y: wall.y1_m },
        { x: wall.x2_m, y: wall.y2_m },
      ]);
  }

  /**
   * @param {PointM} point
   * @param {{from?: PointM | null, tolerance_m: number, exceptKey?: string}} options
   */
  snapWallPoint(point, { from = null, tolerance_m, exceptKey }) {
    return snapPoint(point, { from, candidates: this.wallEnds(exceptKey), tolerance_m });
  }

  /**
   * Where the hand meant on a route: a corner of another one or a distributor, else a place on one.
   * @param {PointM} point
   * @param {{from?: PointM | null, tolerance_m: number, exceptKey?: string}} options
   */
  snapRoutePoint(point, { from = null, tolerance_m, exceptKey }) {
    const lines = [...this.cableRoutes.values()].filter((route) => route.key !== exceptKey).map(cornersOf);
    const distributors = this.data.distributors.map(({ x_m, y_m }) => ({ x: x_m, y: y_m }));
    return snapPoint(point, { from, candidates: [...lines.flat(), ...distributors], lines, tolerance_m });
  }

  /**
   * Where an access point really hangs, if that is known and not just where it was planned.
   * @param {AccessPoint} accessPoint
   * @returns {PointM | null}
   */
  installedPlace({ x_m, y_m, installed_x_m, installed_y_m }) {
    if (typeof installed_x_m !== "number" || typeof installed_y_m !== "number") return null;
    const place = { x: installed_x_m, y: installed_y_m };
    return distance(place, { x: x_m, y: y_m }) < MIN_OFFSET_M ? null : place;
  }

  /**
   * How a material's walls are drawn: eight colours and eight dashes, so paired that none of the
   * first 64 materials has another's pair, and neighbours in the list share neither.
   * @param {string} id
   */
  wallClass(id) {
    const index = Math.max(
      0,
      this.data.materials.findIndex((material) => material.id === id),
    );
    const dash = (index + Math.floor(index / WALL_STYLES)) % WALL_STYLES;
    return `wall wall--${(index % WALL_STYLES) + 1} wall-dash--${dash + 1}`;
  }
}
