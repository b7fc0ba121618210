// Numbers as people write and read them. Decides that comma and point both mark decimals, so that
// nobody's 2,5 becomes 25; refuses to know fields and units.

const WRITTEN = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;

/**
 * The number a text holds; null when it holds none. Thousands are not separated.
 * @param {string} text
 */
export function readNumber(text) {
  const trimmed = text.trim().replace("\u2212", "-");
  return WRITTEN.test(trimmed) ? Number(trimmed.replace(",", ".")) : null;
}

/**
 * A number as it stands in a field of the page's language: every digit, no thousands.
 * @param {number} value
 * @param {string} [language]
 */
export function writeNumber(value, language = document.documentElement.lang || undefined) {
  return new Intl.NumberFormat(language, { useGrouping: false, maximumFractionDigits: 6 }).format(value);
}
