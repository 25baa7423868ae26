/** Numbers, distances and coordinates in words, in the language of the page. */

const formatters = new Map();

/** A whole number with a comma every three digits, as both languages write it. */
function grouped(value) {
  const whole = Math.round(Math.abs(value));
  return (value < 0 && whole ? "-" : "") + String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** @param {number} value @param {"zh" | "en"} lang @param {number} [digits] at most this many decimals */
export function number(value, lang, digits = 2) {
  // The first formatter of a page costs 20 ms: the scale and the position, which are written first, do without.
  if (Math.abs(value) < 1e15 && (digits === 0 || Number.isInteger(value))) return grouped(value);
  const key = `${lang}${digits}`;
  // Making a formatter costs milliseconds; the read-out needs one at every move of the mouse.
  if (!formatters.has(key)) {
    const locale = lang === "zh" ? "zh-CN" : "en-GB";
    formatters.set(key, new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  }
  return formatters.get(key).format(value);
}

/** @param {number} metres @param {"zh" | "en"} lang */
export function distance(metres, lang) {
  return metres >= 1000 ? `${number(metres / 1000, lang, 1)} km` : `${number(metres, lang, 0)} m`;
}

/**
 * How a geometry came about and how far it may be off: "示意，位置误差约 3 km".
 * @param {import("./model.js").Feature["props"]} props
 */
export function accuracyInWords(props, manifest, lang) {
  const basis = manifest.basis[props.basis];
  const words = basis ? basis[lang] || basis.zh : props.basis || "";
  if (!props.accuracy_m) return words;
  const far = distance(props.accuracy_m, lang);
  const off = lang === "zh" ? `位置误差约 ${far}` : `position within about ${far}`;
  return [words, off].filter(Boolean).join(lang === "zh" ? "，" : ", ");
}

/** @param {string | null} iso date, year or month @param {"zh" | "en"} lang */
export function date(iso, lang) {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(iso || "");
  if (!match || lang !== "zh") return iso || "";
  const [, year, month, day] = match;
  return `${year}年${month ? `${Number(month)}月` : ""}${day ? `${Number(day)}日` : ""}`;
}
