/**
 * Names along lines. Chinese the classical way: characters upright, spaced along the line, read from left to right
 * or from top to bottom. Latin names turn with the line.
 */
import { clipLine, toPixels } from "../draw/clip.js";
import { box } from "./space.js";
import { isChinese, units, widthOf } from "./text.js";

const FRACTIONS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9];

/** Longest visible stretch with running length, lightly smoothed so that letters do not jump at every bend. */
function visibleLine(shape, frame, view, step) {
  const limits = [frame.minX, frame.minY, frame.maxX, frame.maxY];
  let best = null;
  for (const [world] of shape.parts) {
    for (const part of clipLine(toPixels(world, view, 1.5), limits)) {
      const line = measured(part);
      if (!best || line.length > best.length) best = line;
    }
  }
  return best && best.length > 30 ? smoothed(best, step) : best;
}

function measured(points) {
  const at = [0];
  for (let i = 2; i < points.length; i += 2) {
    at.push(at[at.length - 1] + Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]));
  }
  return { points, at, length: at[at.length - 1] };
}

/** @returns {[number, number]} position at a running length */
function along(line, s) {
  let lo = 0;
  let hi = line.at.length - 1;
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (line.at[mid] <= s) lo = mid;
    else hi = mid;
  }
  const span = line.at[hi] - line.at[lo] || 1;
  const t = Math.max(0, Math.min(1, (s - line.at[lo]) / span));
  const p = line.points;
  return [p[2 * lo] + t * (p[2 * hi] - p[2 * lo]), p[2 * lo + 1] + t * (p[2 * hi + 1] - p[2 * lo + 1])];
}

function smoothed(line, step) {
  const n = Math.max(2, Math.ceil(line.length / step));
  const raw = Array.from({ length: n + 1 }, (_, i) => along(line, (i * line.length) / n));
  const out = [];
  for (let i = 0; i <= n; i++) {
    const near = raw.slice(Math.max(0, i - 2), i + 3);
    out.push(near.reduce((sum, p) => sum + p[0], 0) / near.length, near.reduce((sum, p) => sum + p[1], 0) / near.length);
  }
  return measured(out);
}

/** Letters of a name at given running lengths, moved sideways by `offset`. */
function glyphs(line, parts, start, direction, offset, size, turn) {
  const out = [];
  let s = start;
  for (const part of parts) {
    const mid = s + (direction * part.advance) / 2;
    if (mid < 0 || mid > line.length) return null;
    const [x, y] = along(line, mid);
    const [ax, ay] = along(line, Math.max(0, mid - size * 0.9));
    const [bx, by] = along(line, Math.min(line.length, mid + size * 0.9));
    const angle = Math.atan2(direction * (by - ay), direction * (bx - ax));
    out.push({
      text: part.text,
      x: x - Math.sin(angle) * offset,
      y: y + Math.cos(angle) * offset,
      angle: turn ? angle : 0,
      tangent: angle,
      w: part.width,
    });
    s += direction * part.advance;
  }
  return out;
}

/** Refuses letters that bunch up or turn sharply from one to the next. */
function legible(list, size, turn) {
  for (let i = 1; i < list.length; i++) {
    const [a, b] = [list[i - 1], list[i]];
    const bend = Math.abs(((b.tangent - a.tangent + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);
    if (bend > (turn ? 0.24 : 1)) return false;
    if (!turn && Math.hypot(b.x - a.x, b.y - a.y) < (a.w + b.w) * 0.5 + size * 0.05) return false;
  }
  return true;
}

/** Reading runs left to right, or top to bottom on steep lines. */
function readingDirection(line, from, to) {
  const [ax, ay] = along(line, from);
  const [bx, by] = along(line, to);
  const steep = Math.abs(by - ay) > Math.abs(bx - ax) * 1.1;
  return (steep ? by - ay : bx - ax) >= 0 ? 1 : -1;
}

const boxesOf = (list, size) =>
  list.map((g) => {
    const half = Math.max(size, g.w * Math.abs(Math.cos(g.angle))) / 2 + 1;
    return box(g.x - half, g.y - size * 0.56, g.x + half, g.y + size * 0.56);
  });

// Wide spacing first, as on a wall map; tight where the line is short or crowded.
const SPACINGS = [0.5, 0.28, 0];

function partsOf(request, room, chinese, share) {
  const texts = chinese ? units(request.text) : [...request.text];
  const natural = texts.map((text) => widthOf(text, request));
  const total = natural.reduce((a, b) => a + b, 0);
  const gap = chinese
    ? Math.max(request.size * 0.18, Math.min(request.size * 2.2, (room * share - total) / texts.length))
    : 0.6;
  return texts.map((text, i) => ({ text, width: natural[i], advance: natural[i] + gap }));
}

/** The best of the places that one letter spacing allows. */
function tryParts(request, line, parts, space, chinese) {
  const length = parts.reduce((sum, part) => sum + part.advance, 0);
  if (length > line.length * 0.96) return null;
  const side = (request.lineWidth || 2) / 2 + request.size * 0.62 + 1;
  let best = null;
  for (const [i, fraction] of FRACTIONS.entries()) {
    const from = Math.max(0, Math.min(line.length - length, line.length * fraction - length / 2));
    const direction = readingDirection(line, from, from + length);
    const start = direction > 0 ? from : from + length;
    for (const [offset, price] of request.centred ? [[0, 0]] : [[-side, 0], [side, 0.4]]) {
      const cost = i * 0.5 + price;
      if (best && cost >= best.total) continue;
      const list = glyphs(line, parts, start, direction, offset, request.size, !chinese);
      if (!list || !legible(list, request.size, !chinese)) continue;
      const boxes = boxesOf(list, request.size);
      if (!space.free(boxes)) continue;
      const total = cost + space.cost(boxes);
      if (!best || total < best.total) best = { request, glyphs: list, boxes, total };
    }
  }
  return best;
}

export function placeLine(request, space, view) {
  const chinese = isChinese(request.text);
  // Turned letters need a calmer line than upright ones.
  const line = visibleLine(request.along ? request.along() : request.shape, space.frame, view, request.size * (chinese ? 0.8 : 1.8));
  if (!line) return null;
  let best = null;
  for (const [i, share] of (chinese ? SPACINGS : [0]).entries()) {
    const found = tryParts(request, line, partsOf(request, line.length, chinese, share), space, chinese);
    if (found) found.total += i * 1.2;
    if (found && (!best || found.total < best.total)) best = found;
    if (best && best.total < 1) break;
  }
  return best;
}
