// Corners of an outline as a form's text holds them, one "x; y" a line in building metres. Decides how
// they are read, written and where a new one goes; refuses to know how they are shown.

import { readNumber } from "./plan-points.js";

/** @typedef {{x: number, y: number}} Corner */

/**
 * The corners of a text; null when it is something else, such as WKT.
 * @param {string} text
 * @returns {Corner[] | null}
 */
export function readCorners(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const corners = lines.map((line) => {
    const parts = line.replaceAll(";", " ").trim().split(/\s+/);
    return { x: readNumber(parts[0] ?? ""), y: readNumber(parts[1] ?? ""), count: parts.length };
  });
  const isPlain = corners.every(({ x, y, count }) => count === 2 && Number.isFinite(x) && Number.isFinite(y));
  return isPlain ? corners.map(({ x, y }) => ({ x, y })) : null;
}

/**
 * @param {Corner[]} corners
 * @param {boolean} hasComma
 */
export function writeCorners(corners, hasComma) {
  const write = (/** @type {number} */ value) => {
    const text = String(Math.round(value * 100) / 100);
    return hasComma ? text.replace(".", ",") : text;
  };
  return corners.map(({ x, y }) => `${write(x)}; ${write(y)}`).join("\n");
}

/**
 * How far a place is from the line between two corners.
 * @param {Corner} place
 * @param {Corner} from
 * @param {Corner} to
 */
export function distanceToEdge(place, from, to) {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((place.x - from.x) * dx + (place.y - from.y) * dy) / length));
  return Math.hypot(place.x - from.x - along * dx, place.y - from.y - along * dy);
}

/**
 * Where a new corner goes: into the edge it lies on, else after the last one.
 * @param {Corner[]} corners
 * @param {Corner} place
 * @param {number} tolerance_m
 */
export function placeOfNew(corners, place, tolerance_m) {
  if (corners.length < 3) return corners.length;
  let best = corners.length;
  let least = tolerance_m;
  for (const [index, corner] of corners.entries()) {
    const next = corners[(index + 1) % corners.length] ?? corner;
    const distance_m = distanceToEdge(place, corner, next);
    if (distance_m <= least) {
      least = distance_m;
      best = index + 1;
    }
  }
  return best;
}
