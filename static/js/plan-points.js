// Points on a plan's picture as a form holds them: in number fields, or one a line in a text. Decides how
// they are read and written; refuses to know how they are shown.

/** @typedef {{x: number, y: number}} Pixel */
/** @typedef {{value: string, type?: string}} Field an input or a textarea */
/**
 * @typedef {object} Points
 * @property {() => (Pixel | null)[]} all
 * @property {(index: number, point: Pixel) => void} set index may be the next after the last
 */

/**
 * A number with decimal comma or point; NaN when it is none.
 * @param {string} text
 */
export function readNumber(text) {
  const plain = text.includes(",") ? text.replaceAll(".", "").replace(",", ".") : text;
  return plain.trim() === "" ? Number.NaN : Number(plain);
}

/**
 * To a tenth of a pixel, as the field takes it.
 * @param {number} value
 * @param {boolean} hasComma
 */
export function writeNumber(value, hasComma) {
  const text = String(Math.round(value * 10) / 10);
  return hasComma ? text.replace(".", ",") : text;
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {Pixel | null}
 */
const toPixel = (x, y) => (Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null);

/**
 * One pair of fields a point.
 * @param {[Field, Field][]} pairs
 * @param {{hasComma: boolean, onWrite: (field: Field) => void}} options
 * @returns {Points}
 */
export function fieldPoints(pairs, { hasComma, onWrite }) {
  return {
    all: () => pairs.map(([x, y]) => toPixel(readNumber(x.value), readNumber(y.value))),
    set: (index, point) => {
      for (const [axis, field] of (pairs[index] ?? []).entries()) {
        field.value = writeNumber(axis === 0 ? point.x : point.y, hasComma && field.type !== "number");
        onWrite(field);
      }
    },
  };
}

/**
 * One line a point: pixel x, pixel y, and whatever follows, which stays as it is.
 * @param {Field} field
 * @param {{hasComma: boolean, onWrite: (field: Field) => void}} options
 * @returns {Points}
 */
export function linePoints(field, { hasComma, onWrite }) {
  const lines = () => field.value.split(/\r?\n/).filter((line) => line.trim() !== "");
  const parts = (/** @type {string} */ line) => line.replaceAll(";", " ").trim().split(/\s+/);
  return {
    all: () => lines().map((line) => toPixel(readNumber(parts(line)[0] ?? ""), readNumber(parts(line)[1] ?? ""))),
    set: (index, point) => {
      const all = lines();
      const rest = parts(all[index] ?? "").slice(2);
      const words = [writeNumber(point.x, hasComma), writeNumber(point.y, hasComma), ...rest];
      all[Math.min(index, all.length)] = `${words.join(" ")}${rest.length > 0 ? "" : " "}`;
      field.value = all.join("\n");
      onWrite(field);
    },
  };
}
