// What the server sends to the floor plan editor, and what the editor makes of it.

export type Kind = "wall" | "access_point" | "cable_route";
export type PointM = { x: number; y: number };
/** x0, y0, x1, y1 in building metres. */
export type BoundsM = [number, number, number, number];

interface Saved {
  /** Stable for this page, also before the server has given an id. */
  key: string;
  id: string | null;
  version: number;
  href?: string;
  /** Asked for a record that was deleted there. */
  restore_href?: string;
}

export interface Wall extends Saved {
  x1_m: number;
  y1_m: number;
  x2_m: number;
  y2_m: number;
  material: string;
  bottom_m: number;
  top_m: number | null;
}

export interface AccessPoint extends Saved {
  code: string;
  x_m: number;
  y_m: number;
  height_m: number;
  model: string;
  state: string;
  mount: string;
  azimuth_deg: number;
  downtilt_deg: number;
  editable: boolean;
  /** Not once somebody has worked on it: then its state tells that it is removed. */
  is_deletable?: boolean;
  /** Where it really hangs, once somebody has measured it; set on the record's page. */
  installed_x_m?: number | null;
  installed_y_m?: number | null;
  /** What the server finds odd about it, in words. */
  warnings?: string[];
  url?: string;
}

/** A tray, conduit or duct on this floor, or a riser that begins here or passes. */
export interface CableRoute extends Saved {
  code: string;
  kind: string;
  /** Corners in building metres, "x y, x y"; a riser has one. */
  course: string;
  /** Code of the floor from which it leads. */
  floor: string;
  /** Where a riser ends; empty for the others. */
  upper_floor: string;
  /** How many cables fit, if anybody knows. */
  capacity: number | null;
  editable: boolean;
  url?: string;
}

export type PlanRecord = Wall | AccessPoint | CableRoute;
export type Value = string | number | boolean | string[] | null | undefined;
export type Fields = { [field: string]: Value };

export interface Choice {
  key: string;
  label: string;
}

export interface Material {
  id: string;
  code: string;
  name: string;
  loss_db: number[];
}

export interface HeatMap {
  url: string;
  bands: Choice[];
  counts: Choice[];
  legend: { colour: string; from_dbm: number | null; to_dbm: number | null; label: string }[];
}

export interface FloorData {
  floor: { id: string; code: string; name: string; height_m: number; can_edit_walls: boolean; can_edit_access_points: boolean; can_edit_cable_routes: boolean };
  bounds_m: BoundsM;
  plan: { url: string; bounds_m: BoundsM; name: string; number: number } | null;
  materials: Material[];
  models: { id: string; code: string; name: string }[];
  states: { key: string; label: string; mark: string }[];
  mounts: Choice[];
  walls: Omit<Wall, "key">[];
  access_points: Omit<AccessPoint, "key">[];
  cable_routes: Omit<CableRoute, "key">[];
  /** Where cables begin; shown, but changed on pages of their own. */
  distributors: { code: string; x_m: number; y_m: number }[];
  route_kinds: Choice[];
  /** Floors to which a riser from here may lead, from below. */
  upper_floors: Choice[];
  rooms: { id: string; number: string; name: string; rings: [number, number][][] }[];
  heat_map: HeatMap | null;
  heat_map_reason: string | null;
  urls: { walls: string; access_points: string; cable_routes: string; token: string };
  words: Record<string, string>;
}

/** One request to the server, tied to the record by its key. */
export interface Operation {
  method: "POST" | "PATCH" | "DELETE";
  kind: Kind;
  key: string;
  fields: Fields;
  /** What was sent; the server may have taken it, so it stays as it is until there is an answer. */
  sent?: { url: string; method: string; body: string; key: string };
}

export interface Command {
  /** Key of words.json that names the step. */
  word: string;
  kind: Kind;
  key: string;
  do(model: import("./model.js").FloorModel): Operation;
  undo(model: import("./model.js").FloorModel): Operation;
  /** Join a later step of the same gesture; false when it is a step of its own. */
  absorb?(next: Command): boolean;
}

export interface Problem {
  field: string | null;
  message: string;
}

export type SyncState =
  | { name: "saved" }
  | { name: "saving" }
  | { name: "failed"; message: string; isOffline: boolean; loginUrl?: string; isTokenStale?: boolean; operation: Operation }
  | { name: "refused"; message: string; problems: Problem[]; operation: Operation }
  | { name: "conflict"; message: string; changedBy: string | null; current: Fields | null; operation: Operation };
