// Fills the server's words. The English texts stand in words.json, which the server translates.

/**
 * @param {string} text with {name} placeholders
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => String(values[name] ?? placeholder));
}

/**
 * A number in the page's language, to the centimetre or coarser.
 * @param {number} value
 */
export function formatNumber(value) {
  return new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 2 }).format(value);
}
