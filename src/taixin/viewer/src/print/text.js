/** Set text in SVG: lines broken to a width, with the page's own fonts. */
import { svg } from "../dom.js";
import { FONTS, widthOf } from "../labels/text.js";

// A line does not begin with these, nor end with those.
const NOT_FIRST = /^[，。、；：！？）》」』”’,.;:!?)\]%]/;
const NOT_LAST = /[（《「『“‘(\[]$/;
const PIECES = /[A-Za-z0-9\u00c0-\u024f'’.,:;/()&%@+-]+\s*|\s+|[\s\S]/g;

const face = (size, weight = 400, font = "sans") => ({ size, weight, font });

/** A piece wider than a whole line is cut, or it would stick out of the sheet. */
function cut(piece, look, width) {
  if (widthOf(piece.trimEnd(), look) <= width) return [piece];
  return [...piece];
}

/** @returns {string[]} */
export function breakLines(text, width, { size, weight, font }) {
  const look = face(size, weight, font);
  const pieces = (String(text).match(PIECES) || []).flatMap((piece) => cut(piece, look, width));
  const lines = [];
  let line = "";
  for (const piece of pieces) {
    const full = widthOf((line + piece).trimEnd(), look) > width;
    if (full && line && !NOT_FIRST.test(piece)) {
      const carry = NOT_LAST.exec(line);
      lines.push((carry ? line.slice(0, -1) : line).trimEnd());
      line = (carry ? carry[0] : "") + piece.trimStart();
    } else line += piece;
  }
  if (line.trim()) lines.push(line.trimEnd());
  return lines;
}

/**
 * @param {string[]} lines @param {{ x: number, y: number, size: number, weight?: number, font?: "sans" | "serif",
 *   leading?: number, anchor?: string, colour?: string, role?: string }} options y is the top of the first line
 */
export function setLines(lines, { x, y, size, weight = 400, font = "sans", leading = 1.4, anchor = "start", colour = "#2b2721", role }) {
  return svg(
    "text",
    { "font-family": FONTS[font], "font-size": size.toFixed(2), "font-weight": weight, "text-anchor": anchor, fill: colour, data: role ? { role } : {} },
    lines.map((text, i) => svg("tspan", { x: x.toFixed(2), y: (y + size * 0.95 + i * size * leading).toFixed(2), text })),
  );
}
