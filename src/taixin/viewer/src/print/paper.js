/** Paper, scales and the division of a sheet. Lengths are CSS pixels: 96 to the inch, on paper exactly. */

export const MM = 96 / 25.4;
/** Ground metres per CSS pixel at 1:1. */
export const PIXEL_M = 0.0254 / 96;

const SIZES = { A4: [210, 297], A3: [297, 420] };
export const PAPERS = Object.keys(SIZES);
export const TURNS = ["landscape", "portrait"];
export const SCALES = [50000, 100000, 150000, 200000, 250000, 300000, 400000, 500000, 600000, 750000, 1000000, 1250000, 1500000, 2000000, 2500000, 3000000];
export const SCALE_LIMITS = [10000, 10000000];

const MARGIN = 9 * MM;
const GAP = 3 * MM;

/** Width and height in millimetres. */
export function paperSize(paper, turn) {
  const [short, long] = SIZES[paper];
  return turn === "landscape" ? [long, short] : [short, long];
}

/** Symbols and lettering are a little finer on paper, which is held closer and printed sharper. */
export const symbolScale = (paper) => (paper === "A3" ? 0.95 : 0.78);

/** The smallest denominator of the list at which a stretch of ground fits into a frame. */
export function scaleToFit(width, height, frame) {
  const needed = Math.max(width / frame.w, height / frame.h) / PIXEL_M;
  return SCALES.find((scale) => scale >= needed * 0.98) || SCALES[SCALES.length - 1];
}

/**
 * Boxes of a sheet: head, map, legend (null when it goes to pages of its own), foot.
 * @param {{ paper: string, turn: string, foot: number, legend: "beside" | "below" | "apart", legendSize: number }} options
 */
export function divide({ paper, turn, foot, legend, legendSize }) {
  const [wmm, hmm] = paperSize(paper, turn);
  const [width, height] = [wmm * MM, hmm * MM];
  const inner = { x: MARGIN, y: MARGIN, w: width - 2 * MARGIN, h: height - 2 * MARGIN };
  const head = { x: inner.x, y: inner.y, w: inner.w, h: (paper === "A3" ? 17 : 13) * MM };
  const bottom = { x: inner.x, y: inner.y + inner.h - foot, w: inner.w, h: foot };
  const map = { x: inner.x, y: head.y + head.h, w: inner.w, h: bottom.y - GAP - head.y - head.h };
  let box = null;
  if (legend === "beside") {
    map.w -= legendSize + GAP;
    box = { x: map.x + map.w + GAP, y: map.y, w: legendSize, h: map.h };
  } else if (legend === "below") {
    map.h -= legendSize + GAP;
    box = { x: map.x, y: map.y + map.h + GAP, w: map.w, h: legendSize };
  }
  return { width, height, inner, head, map, legend: box, foot: bottom };
}
