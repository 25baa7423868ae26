/** On large, fine screens symbols and names grow with the page's type, as on a larger printed sheet. */

const REFERENCE = 14;
const LENGTHS = ["width", "casing_width", "size", "soft"];

/** Factor by which pixel sizes of kinds.toml are multiplied: 1 on ordinary windows, up to 1.7 at 4K. */
export function sheetScale() {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) || REFERENCE;
  return Math.max(1, Math.min(1.7, size / REFERENCE));
}

/** A symbol with every length multiplied. */
export function scaled(symbol, k) {
  if (k === 1 || !symbol) return symbol;
  const out = { ...symbol };
  for (const key of LENGTHS) if (out[key]) out[key] *= k;
  if (out.dash) out.dash = out.dash.map((length) => length * k);
  return out;
}
