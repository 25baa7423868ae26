/** Paints layers onto a piece of the map: pass by pass, so that what a layer's symbol puts below lies below all its features. */
import { metresToWorld } from "../geometry.js";
import { GRID } from "../shapes/arcs.js";
import { ringsOf, rowsIn } from "../shapes/geometries.js";
import { hatchFill, inOrder } from "./look.js";
import { MANY, manyPaths, paintMany, parted, stampMany, toneOf } from "./many.js";
import { markerPath } from "./symbols.js";
import { paintTexture } from "./texture.js";
import { gridBox, pixelBox, stretches, trace, tracing } from "./trace.js";

/** Marks of a plan whose accuracy is not told. */
const DEFAULT_ACCURACY_M = 2000;
/** Small scales have narrow bodies: there a soft rim fades over fewer pixels, or nothing would be left. */
const softening = (zoom) => Math.max(0.3, Math.min(1, 2 ** (zoom - 9)));
/** Shadows are cast from this far outside the canvas, so that only they are seen. */
const ASIDE = 20000;

/** Pixels to which a layer's symbol reaches beyond its geometry; circles of accuracy are asked for apart. */
function reachOf(layer, look) {
  const strokes = look.flatMap(({ passes }) => passes.map(({ width, soft }) => (width || 0) / 2 + 3 * (soft || 0)));
  return Math.max(2, (layer.symbol ? layer.symbol.size || 0 : layer.size || 0), ...strokes) + 2;
}

/** The farthest that an uncertain point's circle reaches, in world units. */
function circlesOf(layer, view) {
  if (layer.geometries.type !== "point" || !layer.items) return 0;
  const y = (view.oy + view.box[3] / 2) / view.scale;
  const widest = layer.items.reduce((most, item) => (item.uncertain ? Math.max(most, item.accuracy_m || DEFAULT_ACCURACY_M) : most), 0);
  return widest ? metresToWorld(widest, y) : 0;
}

/** The rows of a layer that come into a piece, in their order. */
const rowsOn = (layer, reach, view) => rowsIn(layer.geometries, gridBox(view, reach + circlesOf(layer, view) * view.scale));

/** @type {WeakMap<import("./canvas.js").View, Map<any, Map<number, Path2D>>>} */
const areaPaths = new WeakMap();

/** Paths of rows on a piece; layers of the same areas, such as the land and its shadow, have them in common. */
function pathsOf({ geometries }, view) {
  if (geometries.type !== "polygon") return new Map();
  if (!areaPaths.has(view)) areaPaths.set(view, new Map());
  const known = areaPaths.get(view);
  if (!known.has(geometries)) known.set(geometries, new Map());
  return known.get(geometries);
}

/** What is drawn of a feature, made once for all passes over it. */
function createShapes(layer, view, reach) {
  const lines = tracing(layer.geometries, view, reach);
  const paths = pathsOf(layer, view);
  const many = new Map();
  return {
    lines,
    many(rows) {
      if (!many.has(rows)) many.set(rows, manyPaths(lines, rows));
      return many.get(rows);
    },
    path(row) {
      let path = paths.get(row);
      if (!path) {
        path = new Path2D();
        trace(lines, path, row);
        paths.set(row, path);
      }
      return path;
    },
    /** Pixel positions of a point feature. */
    spots(row) {
      const { geometries, k, ox, oy } = lines;
      const [first, last] = ringsOf(geometries, row);
      const { boxes } = geometries.arcs;
      const found = [];
      for (let ring = first; ring < last; ring++) {
        const at = (geometries.refs[geometries.ringStart[ring]] >>> 1) * 4;
        found.push([boxes[at] * k - ox, boxes[at + 1] * k - oy]);
      }
      return found;
    },
  };
}

/** Pixels that the rim of a soft body fades over in its small picture: less would show the pixels. */
const SOFT_PX = 2;

/** A soft body is painted small and enlarged: so wide a blur costs a twentieth, and nobody can tell. */
function fillSoft(context, shapes, row, pass, view) {
  const blur = pass.soft * softening(view.zoom);
  const shrink = Math.min(context.getTransform().a, SOFT_PX / blur);
  const seen = pixelBox(shapes.lines, row).map((edge, i) => (i < 2 ? Math.max(edge, view.box[i]) - 3 * blur : Math.min(edge, view.box[i]) + 3 * blur));
  const [left, top, width, height] = [seen[0], seen[1], seen[2] - seen[0], seen[3] - seen[1]];
  // A body whose rim does not come into the piece.
  if (width <= 0 || height <= 0) return;
  const small = document.createElement("canvas");
  Object.assign(small, { width: Math.ceil(width * shrink), height: Math.ceil(height * shrink) });
  const on = small.getContext("2d");
  on.shadowColor = on.fillStyle = pass.fill;
  // A blur of twice the deviation, in the canvas's own pixels; the body itself lies aside.
  on.shadowBlur = 2 * blur * shrink;
  on.shadowOffsetX = ASIDE * shrink;
  on.setTransform(shrink, 0, 0, shrink, -left * shrink, -top * shrink);
  on.translate(-ASIDE, 0);
  on.fill(shapes.path(row), "evenodd");
  context.drawImage(small, left, top, small.width / shrink, small.height / shrink);
}

function strokeRow(context, shapes, row) {
  const parts = stretches(shapes.lines, row);
  if (!parts) context.stroke(shapes.path(row));
  else {
    for (const { path, offset } of parts) {
      context.lineDashOffset = offset;
      context.stroke(path);
    }
    context.lineDashOffset = 0;
  }
}

function pen(context, pass) {
  context.strokeStyle = pass.stroke;
  context.lineWidth = pass.width;
  context.lineJoin = "round";
  context.lineCap = pass.cap;
  context.setLineDash(pass.dash);
}

function paintPath(context, shapes, row, pass, share, view) {
  if (pass.name === "band") {
    context.save();
    context.clip(shapes.path(row), "evenodd");
    context.globalAlpha = pass.strokeOpacity * share;
    strokeRow(context, shapes, row);
    context.restore();
    return;
  }
  if (pass.fill) {
    context.globalAlpha = pass.fillOpacity * share;
    if (pass.soft && !pass.hatch) fillSoft(context, shapes, row, pass, view);
    else {
      context.fillStyle = pass.fill;
      context.fill(shapes.path(row), "evenodd");
    }
  }
  if (pass.stroke && pass.width > 0) {
    context.globalAlpha = pass.strokeOpacity * share;
    strokeRow(context, shapes, row);
  }
}

/** Marker, or circle of accuracy, of a point. */
function paintSpot(context, [x, y], pass, marker, radius, share) {
  const path = radius ? new Path2D() : marker;
  context.save();
  context.translate(x, y);
  if (radius) path.arc(0, 0, radius, 0, 2 * Math.PI);
  if (pass.fill) {
    context.globalAlpha = pass.fillOpacity * pass.opacity * share;
    context.fillStyle = pass.fill;
    context.fill(path);
  }
  if (pass.stroke && pass.width > 0) {
    context.globalAlpha = pass.strokeOpacity * pass.opacity * share;
    context.stroke(path);
  }
  context.restore();
}

/** Pixels across a point of a layer. */
const sizeOf = ({ symbol, size }) => (symbol ? symbol.size || 12 : size || 5);

function radiusOf(item, row, geometries, scale) {
  const y = geometries.boxes[row * 4 + 1] / GRID;
  return metresToWorld(item.accuracy_m || DEFAULT_ACCURACY_M, y) * scale;
}

/** Rows that are drawn alike: as uncertain as each other, and as faint. */
function groupsOf({ items, itemAt }, rows, share) {
  if (!items) return [{ uncertain: false, share: 1, rows }];
  const groups = new Map();
  for (let i = 0; i < rows.length; i++) {
    const item = itemAt(rows[i]);
    const own = item && share ? share(item.id) : 1;
    if (!item || own <= 0) continue;
    const key = `${item.uncertain}|${own}`;
    if (!groups.has(key)) groups.set(key, { uncertain: item.uncertain, share: own, rows: [] });
    groups.get(key).rows.push(rows[i]);
  }
  return [...groups.values()];
}

const hatchLook = ({ symbol }, pass) => ({ kind: pass.hatch, soft: pass.soft > 0, colour: symbol.stroke || symbol.fill });

function paintPoints(context, layer, shapes, pass, group, view, marker) {
  const { rows, share } = group;
  const halo = pass.name === "halo";
  const size = sizeOf(layer);
  if (!halo && rows.length > MANY) {
    stampMany(context, shapes, group, size + 2 * pass.width, (on) => paintSpot(on, [0, 0], pass, marker, 0, share));
    return;
  }
  for (let i = 0; i < rows.length; i++) {
    const radius = halo ? radiusOf(layer.itemAt(rows[i]), rows[i], layer.geometries, view.scale) : 0;
    // A circle that its marker covers is not seen.
    if (halo && radius < size / 2) continue;
    for (const spot of shapes.spots(rows[i])) paintSpot(context, spot, pass, marker, radius, share);
  }
}

function paintGroup(context, layer, shapes, pass, group, view, marker) {
  if (layer.geometries.type === "point") paintPoints(context, layer, shapes, pass, group, view, marker);
  else if (group.rows.length > MANY && !pass.inside) paintMany(context, shapes.many(group.rows), pass, group.share);
  else for (let i = 0; i < group.rows.length; i++) paintPath(context, shapes, group.rows[i], pass, group.share, view);
}

function paintFeatures(context, layer, look, groups, view, reach) {
  const shapes = createShapes(layer, view, reach);
  const marker = layer.geometries.type === "point" ? new Path2D(markerPath(layer.symbol ? layer.symbol.marker : "circle", sizeOf(layer))) : null;
  for (const { uncertain, pass } of inOrder(look)) {
    pen(context, pass);
    const used = pass.hatch ? { ...pass, fill: hatchFill(context, hatchLook(layer, pass), view), fillOpacity: pass.soft ? 0.5 : 1 } : pass;
    for (const group of groups) if (group.uncertain === uncertain) paintGroup(context, layer, shapes, used, group, view, marker);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("./draw.js").DrawLayer} layer @param {any} look
 * @param {import("./canvas.js").View} view
 * @param {((id: string) => number) | null} share opacity of single features
 */
export function paintLayer(context, layer, look, view, share) {
  const reach = reachOf(layer, look);
  const groups = groupsOf(layer, rowsOn(layer, reach, view), share);
  const seen = groups.map((group) => {
    const { large, small, tiny } = parted(layer.geometries, group.rows, view);
    const tone = small.length + tiny.length ? toneOf(look) : null;
    if (tone && tiny.length) paintTexture(context, layer.geometries, { ...group, rows: tiny }, tone, view);
    if (tone && small.length) paintMany(context, manyPaths(tracing(layer.geometries, view, reach), small), tone, group.share);
    return { ...group, rows: large };
  });
  paintFeatures(context, layer, look, seen, view, reach);
}
