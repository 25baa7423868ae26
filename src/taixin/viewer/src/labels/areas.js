/** The name of an area: at the pole of inaccessibility of its visible part, spread where there is room. */
import polylabel from "polylabel";
import { clipRing, toPixels } from "../draw/clip.js";
import { ringArea2 } from "../geometry.js";
import { box } from "./space.js";
import { units, widthOf, wrap, isChinese } from "./text.js";

const GRID = 7;

/** The largest visible outer ring in pixels, clipped to the frame; null when too little is seen. */
function visibleRing(shape, frame, view) {
  const limits = [frame.minX, frame.minY, frame.maxX, frame.maxY];
  let best = null;
  let size = 0;
  for (const [outer] of shape.parts) {
    const ring = clipRing(toPixels(outer, view, 2.5), limits);
    const area = Math.abs(ringArea2(ring)) / 2;
    if (area > size) [best, size] = [ring, area];
  }
  return size > 300 ? best : null;
}

function insideRing(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i + 1] > y !== ring[j + 1] > y) {
      const cross = ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i];
      if (x < cross) inside = !inside;
    }
  }
  return inside;
}

/** Share of eight rim points of a box that lie inside the ring. */
function fit(ring, b) {
  const mx = (b.minX + b.maxX) / 2;
  const my = (b.minY + b.maxY) / 2;
  const rim = [
    [b.minX, b.minY], [mx, b.minY], [b.maxX, b.minY], [b.minX, my],
    [b.maxX, my], [b.minX, b.maxY], [mx, b.maxY], [b.maxX, b.maxY],
  ];
  return rim.filter(([x, y]) => insideRing(ring, x, y)).length / 8;
}

/** Places to try: the pole first, then a grid over the visible part, nearer to the pole first. */
function spots(ring) {
  const pairs = [];
  const b = box(Infinity, Infinity, -Infinity, -Infinity);
  for (let i = 0; i < ring.length; i += 2) {
    pairs.push([ring[i], ring[i + 1]]);
    b.minX = Math.min(b.minX, ring[i]);
    b.maxX = Math.max(b.maxX, ring[i]);
    b.minY = Math.min(b.minY, ring[i + 1]);
    b.maxY = Math.max(b.maxY, ring[i + 1]);
  }
  const pole = polylabel([pairs], 3);
  const list = [];
  const span = Math.max(b.maxX - b.minX, b.maxY - b.minY);
  for (let i = 1; i < GRID; i++) {
    for (let j = 1; j < GRID; j++) {
      const x = b.minX + ((b.maxX - b.minX) * i) / GRID;
      const y = b.minY + ((b.maxY - b.minY) * j) / GRID;
      if (insideRing(ring, x, y)) list.push([x, y, (Math.hypot(x - pole[0], y - pole[1]) / span) * 8 + 0.5]);
    }
  }
  list.sort((p, q) => p[2] - q[2]);
  return [[pole[0], pole[1], 0], ...list];
}

/** Settings to try: letter-spaced on one line from wide to tight, or wrapped. */
function settings(request) {
  const lines = wrap(request.text, request.wrap || 8);
  const natural = Math.max(...lines.map((line) => widthOf(line, request)));
  const height = lines.length * request.size * 1.2;
  const plain = { lines, gap: 0, w: natural, h: height, cost: 0, need: request.need ?? 0.75 };
  if (!request.spread || lines.length > 1 || !isChinese(request.text)) return [plain];
  const gaps = units(request.text).length - 1;
  const wide = [1.1, 0.5].map((k, i) => {
    const gap = k * request.size;
    return { lines, gap, w: natural + gap * gaps, h: height, cost: i * 0.6, need: 1 };
  });
  return [...wide, { ...plain, cost: 1.5 }];
}

export function placeArea(request, space, view) {
  const ring = visibleRing(request.shape, space.frame, view);
  if (!ring) return null;
  const places = spots(ring);
  let best = null;
  for (const setting of settings(request)) {
    for (const [x, y, far] of places) {
      const cost = setting.cost + far;
      if (best && cost >= best.total) break;
      const area = box(x - setting.w / 2 - 4, y - setting.h / 2 - 1, x + setting.w / 2 + 4, y + setting.h / 2 + 1);
      if (!space.free([area]) || fit(ring, area) < setting.need) continue;
      const total = cost + space.cost([area]);
      if (!best || total < best.total) best = { cx: x, cy: y, boxes: [area], total, setting };
    }
  }
  return best && { request, total: best.total, lines: best.setting.lines, gap: best.setting.gap, cx: best.cx, cy: best.cy, boxes: best.boxes };
}
