/** Paints layers onto a piece of the map: pass by pass, so that what a layer's symbol puts below lies below all its features. */
import { metresToWorld } from "../geometry.js";
import { GRID } from "../shapes/arcs.js";
import { ringsOf, rowsIn } from "../shapes/geometries.js";
import { hatchFill, inOrder } from "./look.js";
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

/** What is drawn of a feature, made once for all passes over it. */
function createShapes(layer, view, reach) {
  const lines = tracing(layer.geometries, view, reach);
  const paths = new Map();
  return {
    lines,
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
      const { geometries, arcs, k, ox, oy } = lines;
      const [first, last] = ringsOf(geometries, row);
      const found = [];
      for (let ring = first; ring < last; ring++) {
        const i = arcs.start[geometries.refs[geometries.ringStart[ring]] >>> 1];
        found.push([arcs.x[i] * k - ox, arcs.y[i] * k - oy]);
      }
      return found;
    },
  };
}

function fillSoft(context, path, pass, view) {
  const ratio = context.getTransform().a;
  context.save();
  context.shadowColor = pass.fill;
  // A blur of twice the deviation, in the canvas's own pixels.
  context.shadowBlur = 2 * pass.soft * softening(view.zoom) * ratio;
  context.shadowOffsetX = ASIDE * ratio;
  context.translate(-ASIDE, 0);
  context.fillStyle = pass.fill;
  context.fill(path, "evenodd");
  context.restore();
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
    if (pass.soft && !pass.hatch) fillSoft(context, shapes.path(row), pass, view);
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

function radiusOf(item, row, geometries, scale) {
  const y = geometries.boxes[row * 4 + 1] / GRID;
  return metresToWorld(item.accuracy_m || DEFAULT_ACCURACY_M, y) * scale;
}

/** Opacity of a row, 0 where its feature is filtered out. */
function shareOf({ items, itemAt }, row, share) {
  if (!items) return 1;
  const item = itemAt(row);
  if (!item) return 0;
  return share ? share(item.id) : 1;
}

/** The features of a piece with all that differs between them. */
function featuresOn(layer, rows, share) {
  const features = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const own = shareOf(layer, row, share);
    const item = layer.items ? layer.itemAt(row) : null;
    if (own > 0) features.push({ row, item, uncertain: Boolean(item && item.uncertain), share: own });
  }
  return features;
}

function paintFeatures(context, layer, look, features, view, reach) {
  const { geometries } = layer;
  const shapes = createShapes(layer, view, reach);
  const points = geometries.type === "point";
  const marker = points ? new Path2D(layer.symbol ? markerPath(layer.symbol.marker, layer.symbol.size || 12) : markerPath("circle", layer.size || 5)) : null;
  for (const { uncertain, pass } of inOrder(look)) {
    const own = features.filter((feature) => feature.uncertain === uncertain);
    if (!own.length) continue;
    pen(context, pass);
    const used = pass.hatch ? { ...pass, fill: hatchFill(context, hatchLook(layer, pass), view), fillOpacity: pass.soft ? 0.5 : 1 } : pass;
    for (const { row, item, share } of own) {
      if (!points) paintPath(context, shapes, row, used, share, view);
      else {
        const radius = pass.name === "halo" ? radiusOf(item, row, geometries, view.scale) : 0;
        for (const spot of shapes.spots(row)) paintSpot(context, spot, used, marker, radius, share);
      }
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

const hatchLook = ({ symbol }, pass) => ({ kind: pass.hatch, soft: pass.soft > 0, colour: symbol.stroke || symbol.fill });

/** Features too small to be seen singly become one texture. */
const TINY_PX = 1.6;
const MANY = 2000;

function parted(layer, rows, view) {
  if (rows.length < MANY || layer.geometries.type !== "polygon") return [rows, []];
  const lines = tracing(layer.geometries, view, 0);
  const [large, tiny] = [[], []];
  for (let i = 0; i < rows.length; i++) {
    const [x0, y0, x1, y1] = pixelBox(lines, rows[i]);
    (x1 - x0 < TINY_PX && y1 - y0 < TINY_PX ? tiny : large).push(rows[i]);
  }
  return [large, tiny];
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("./draw.js").DrawLayer} layer @param {any} look
 * @param {import("./canvas.js").View} view
 * @param {((id: string) => number) | null} share opacity of single features
 */
export function paintLayer(context, layer, look, view, share) {
  const reach = reachOf(layer, look);
  const [rows, tiny] = parted(layer, rowsOn(layer, reach, view), view);
  if (tiny.length) paintTexture(context, layer, tiny, look, view, (row) => shareOf(layer, row, share));
  if (rows.length) paintFeatures(context, layer, look, featuresOn(layer, rows, share), view, reach);
}
