/** Placed labels as SVG text. */
import { svg } from "../dom.js";
import { FONTS, units, widthOf } from "./text.js";

const px = (n) => n.toFixed(1);
const degrees = (angle) => ((angle * 180) / Math.PI).toFixed(1);

function face(request) {
  return {
    class: `label ${request.className}`,
    fill: request.colour || null,
    "font-size": request.size,
    "font-weight": request.weight,
    "font-family": FONTS[request.font],
    "dominant-baseline": "central",
    data: { label: request.id },
  };
}

/** One <text> whose characters each have their own place, so the name stays whole for reader and search. */
function scattered(request, glyphs) {
  const xs = [];
  const ys = [];
  const turns = [];
  for (const glyph of glyphs) {
    let x = glyph.x - (glyph.w / 2) * Math.cos(glyph.angle);
    let y = glyph.y - (glyph.w / 2) * Math.sin(glyph.angle);
    for (const character of glyph.text) {
      xs.push(px(x));
      ys.push(px(y));
      turns.push(degrees(glyph.angle));
      x += widthOf(character, request) * Math.cos(glyph.angle);
      y += widthOf(character, request) * Math.sin(glyph.angle);
    }
  }
  const turned = turns.some((turn) => turn !== "0.0");
  const props = { ...face(request), x: xs.join(" "), y: ys.join(" "), rotate: turned ? turns.join(" ") : null };
  return svg("text", { ...props, text: glyphs.map((glyph) => glyph.text).join("") });
}

function spaced(placed) {
  const { request, lines, gap, cx, cy } = placed;
  const parts = units(lines[0]);
  const total = parts.reduce((sum, part) => sum + widthOf(part, request) + gap, -gap);
  let x = cx - total / 2;
  const glyphs = parts.map((text) => {
    const w = widthOf(text, request);
    const glyph = { text, x: x + w / 2, y: cy, w, angle: 0 };
    x += w + gap;
    return glyph;
  });
  return scattered(request, glyphs);
}

function block({ request, lines, cx, cy }) {
  const leading = request.size * 1.16;
  const top = cy - ((lines.length - 1) * leading) / 2;
  return svg(
    "text",
    { ...face(request), "text-anchor": "middle" },
    lines.map((text, i) => svg("tspan", { x: px(cx), y: px(top + i * leading), text })),
  );
}

/** @returns {{ leader: SVGElement | null, text: SVGElement }} */
export function write(placed) {
  const text = placed.glyphs ? scattered(placed.request, placed.glyphs) : placed.gap ? spaced(placed) : block(placed);
  const l = placed.leader;
  const leader = l && svg("line", {
    class: `leader ${placed.request.className}`,
    stroke: placed.request.colour || null,
    x1: px(l[0]), y1: px(l[1]), x2: px(l[2]), y2: px(l[3]),
  });
  return { leader, text };
}
