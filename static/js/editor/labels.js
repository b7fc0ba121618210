// Short labels of marks on the plan, and the names that are spoken for them.

/**
 * Wing and number of a code such as RH-MP-3-AP-07: numbers repeat from wing to wing.
 * @param {string} code
 */
export function shorten(code) {
  const [, wing, number] = /(?:^[^-]+-([^-]+)-[^-]+-AP-)?(\d+)\D*$/.exec(code) ?? [];
  return [wing, number].filter(Boolean).join(" ");
}

/**
 * A name in which the label stands as it is seen, so that whoever speaks it to the browser is
 * understood (WCAG 2.5.3).
 * @param {string} label
 * @param {string} name
 */
export function putInName(label, name) {
  return name.includes(label) ? name : `${label}, ${name}`;
}
