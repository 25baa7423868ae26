/** Positions for the name of a point: eight beside the symbol, then farther ones with a leader line. */
import { box, keyOf } from "./space.js";
import { widthOf, wrap } from "./text.js";

// Right first, as the eye reads; then left, above, below; corners last.
const NEAR = [
  [1, 0, 0], [-1, 0, 0.8], [0, -1, 1.2], [0, 1, 1.4],
  [0.75, -0.75, 0.5], [0.75, 0.75, 0.7], [-0.75, -0.75, 1.5], [-0.75, 0.75, 1.6],
];
const REACHES = [16, 26, 38, 54, 74];
const ANGLES = Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 6);

/** A text block centred so that its near edge starts at the anchor, on the side of (dx, dy). */
function blockAt(x, y, dx, dy, size) {
  return { cx: x + (dx * size.w) / 2, cy: y + (dy * size.h) / 2 };
}

function leaderEnd(block, size, x, y) {
  const cx = Math.max(block.cx - size.w / 2, Math.min(x, block.cx + size.w / 2));
  const cy = Math.max(block.cy - size.h / 2, Math.min(y, block.cy + size.h / 2));
  return [cx, cy];
}

/** Small boxes along a leader line, so that no name lies across it. */
function leaderBoxes(leader) {
  if (!leader) return [];
  const [x0, y0, x1, y1] = leader;
  const n = Math.floor(Math.hypot(x1 - x0, y1 - y0) / 6);
  return Array.from({ length: Math.max(0, n - 1) }, (_, i) => {
    const t = (i + 1) / n;
    const [x, y] = [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
    return box(x - 1, y - 1, x + 1, y + 1);
  });
}

/** @returns {Generator<{ cost: number, cx: number, cy: number, leader: number[] | null }>} */
function* positions(x, y, size, gap) {
  for (const [dx, dy, cost] of NEAR) {
    yield { cost, leader: null, ...blockAt(x + dx * gap, y + dy * gap, Math.sign(dx), Math.sign(dy) * (dx ? 0.9 : 1), size) };
  }
  for (const [ring, reach] of REACHES.entries()) {
    for (const angle of ANGLES) {
      const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
      const block = blockAt(x + dx * (gap + reach), y + dy * (gap + reach), dx, dy, size);
      const start = [x + dx * (gap - 3), y + dy * (gap - 3)];
      yield { cost: 4 + ring * 2.2, ...block, leader: [...start, ...leaderEnd(block, size, x, y)] };
    }
  }
}

/**
 * @param {any} request @param {ReturnType<import("./space.js").createSpace>} space
 * @param {{ scale: number, ox: number, oy: number }} view
 */
export function placePoint(request, space, view) {
  const x = request.x * view.scale - view.ox;
  const y = request.y * view.scale - view.oy;
  const { frame } = space;
  const own = keyOf(x, y);
  if (x < frame.minX || x > frame.maxX || y < frame.minY || y > frame.maxY) return null;
  const lines = wrap(request.text, request.wrap || 9);
  const w = Math.max(...lines.map((line) => widthOf(line, request)));
  const size = { w: w + 4, h: lines.length * request.size * 1.16 + 2 };
  let best = null;
  for (const spot of positions(x, y, size, (request.marker || 6) / 2 + 3)) {
    if (best && spot.cost >= best.total) continue;
    if (spot.leader && request.near) break;
    if (!spot.leader && request.far) continue;
    const area = [box(spot.cx - size.w / 2, spot.cy - size.h / 2, spot.cx + size.w / 2, spot.cy + size.h / 2)];
    const boxes = [...area, ...leaderBoxes(spot.leader)];
    if (!space.free(boxes)) continue;
    // A leader that runs over an axis misleads more than a name beside one.
    const total = spot.cost + space.cost(boxes, own);
    if (!best || total < best.total) best = { ...spot, total, boxes };
  }
  return best && { request, total: best.total, lines, cx: best.cx, cy: best.cy, leader: best.leader, boxes: best.boxes };
}
