// Points and lines on the plan, in building metres. Pure; knows neither records nor pixels.

/** @typedef {import("./contract.d.ts").PointM} PointM */
/** @typedef {import("./contract.d.ts").BoundsM} BoundsM */

/** Shorter walls are slips of the hand. */
export const MIN_WALL_M = 0.05;

/**
 * Round to the centimetre, the precision of everything that is drawn.
 * @param {number} value_m
 */
export function toCentimetre(value_m) {
  return Math.round(value_m * 100) / 100 + 0;
}

/**
 * @param {PointM} point
 * @returns {PointM}
 */
export const roundPoint = (point) => ({ x: toCentimetre(point.x), y: toCentimetre(point.y) });

/**
 * @param {PointM} a
 * @param {PointM} b
 */
export const distance = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);

/**
 * The nearest candidate within the tolerance, or null.
 * @param {PointM} point
 * @param {Iterable<PointM>} candidates
 * @param {number} tolerance_m
 * @returns {PointM | null}
 */
export function nearestPoint(point, candidates, tolerance_m) {
  let best = null;
  let best_m = tolerance_m;
  for (const candidate of candidates) {
    const apart_m = distance(point, candidate);
    if (apart_m <= best_m) {
      best = candidate;
      best_m = apart_m;
    }
  }
  return best;
}

/**
 * The nearest place on some lines within the tolerance, or null.
 * @param {PointM} point
 * @param {PointM[][]} lines
 * @param {number} tolerance_m
 * @returns {PointM | null}
 */
export function nearestOnLines(point, lines, tolerance_m) {
  const feet = lines.flatMap((line) => line.slice(1).map((end, index) => footOf(point, /** @type {PointM} */ (line[index]), end)));
  return nearestPoint(point, feet, tolerance_m);
}

/**
 * The place on a segment nearest to a point.
 * @param {PointM} point
 * @param {PointM} from
 * @param {PointM} to
 * @returns {PointM}
 */
function footOf(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - from.x) * dx + (point.y - from.y) * dy) / square));
  return { x: from.x + share * dx, y: from.y + share * dy };
}

const CORNER = /^([+-]?\d+(?:\.\d+)?)\s+([+-]?\d+(?:\.\d+)?)$/;

/**
 * The corners of a course such as "1 5, 12.5 5"; null when it is none.
 * @param {string} course
 * @returns {PointM[] | null}
 */
export function readCourse(course) {
  const found = course.split(",").map((corner) => CORNER.exec(corner.trim()));
  if (found.some((match) => match === null)) return null;
  return found.map((match) => ({ x: Number(match?.[1]), y: Number(match?.[2]) }));
}

/**
 * Corners as a course, to the centimetre; what repeats the corner before is left out.
 * @param {PointM[]} points
 */
export function writeCourse(points) {
  const corners = points.map(roundPoint).map(({ x, y }) => `${x} ${y}`);
  return corners.filter((corner, index) => corner !== corners[index - 1]).join(", ");
}

/** @param {PointM[]} points */
export const lengthOf = (points) => points.slice(1).reduce((sum, point, index) => sum + distance(/** @type {PointM} */ (points[index]), point), 0);

/**
 * Turn the end of a line onto the nearest multiple of 45 degrees if it is almost there.
 * @param {PointM} from
 * @param {PointM} to
 * @param {number} [tolerance_deg]
 * @returns {PointM}
 */
export function straighten(from, to, tolerance_deg = 8) {
  const length_m = distance(from, to);
  if (length_m === 0) return to;
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const nearest = Math.round(angle / (Math.PI / 4)) * (Math.PI / 4);
  if (Math.abs(angle - nearest) > (tolerance_deg * Math.PI) / 180) return to;
  const along_m = length_m * Math.cos(angle - nearest);
  return { x: from.x + along_m * Math.cos(nearest), y: from.y + along_m * Math.sin(nearest) };
}

/**
 * Where the hand meant: an existing end point first, then a place on a line, else a straight line, else the point itself.
 * @param {PointM} point
 * @param {{from?: PointM | null, candidates?: Iterable<PointM>, lines?: PointM[][], tolerance_m: number}} options
 * @returns {PointM}
 */
export function snapPoint(point, { from = null, candidates = [], lines = [], tolerance_m }) {
  const end = nearestPoint(point, candidates, tolerance_m) ?? nearestOnLines(point, lines, tolerance_m);
  if (end) return roundPoint(end);
  return roundPoint(from ? straighten(from, point) : point);
}

/**
 * Centre of a ring by area, where its label stands.
 * @param {[number, number][]} ring
 * @returns {PointM}
 */
export function ringCentre(ring) {
  let area = 0;
  let x = 0;
  let y = 0;
  const [x0, y0] = ring[0] ?? [0, 0];
  for (let index = 0; index < ring.length; index += 1) {
    const [ax, ay] = /** @type {[number, number]} */ (ring[index]);
    const [bx, by] = /** @type {[number, number]} */ (ring[(index + 1) % ring.length]);
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    area += cross;
    x += cross * (ax + bx - 2 * x0);
    y += cross * (ay + by - 2 * y0);
  }
  if (Math.abs(area) < 1e-9) return { x: x0, y: y0 };
  return { x: x0 + x / (3 * area), y: y0 + y / (3 * area) };
}

/**
 * Parse "x0,y0,x1,y1" as the server sends it; null if it is anything else.
 * @param {string | null} text
 * @returns {BoundsM | null}
 */
export function parseBounds(text) {
  const numbers = (text ?? "").split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [x0, y0, x1, y1] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return null;
  return x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : null;
}
