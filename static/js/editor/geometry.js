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
 * Where the hand meant: an existing end point first, else a straight line, else the point itself.
 * @param {PointM} point
 * @param {{from?: PointM | null, candidates?: Iterable<PointM>, tolerance_m: number}} options
 * @returns {PointM}
 */
export function snapPoint(point, { from = null, candidates = [], tolerance_m }) {
  const end = nearestPoint(point, candidates, tolerance_m);
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
