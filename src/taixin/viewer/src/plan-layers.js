/** Plan layers on the map: keeps the drawing in step with the store, and asks for the names of what is visible. */
import { pointOf } from "./geometry.js";
import { NO_FILTERS, wanted, wantedOf } from "./filters.js";
import { innerPoint } from "./inner-point.js";
import { listOf } from "./model.js";
import { scaled } from "./draw/scale.js";
import { isUncertain } from "./draw/symbols.js";
import { spineOf } from "./labels/spine.js";

/**
 * A layer as the drawing wants it.
 * @param {import("./model.js").LayerRecord} layer @param {number} [k] symbol scale
 * @param {import("./filters.js").Filters} [filters] @param {number} [order]
 */
export function drawLayerOf(layer, k = 1, filters = NO_FILTERS, order = layer.kind.order) {
  return {
    id: layer.id,
    order,
    symbol: scaled(layer.kind.symbol, k),
    pickable: true,
    geometries: layer.geometries,
    items: wantedOf(layer, filters)
      .filter((feature) => feature.shape)
      .map((feature) => ({
        id: feature.id,
        row: feature.row,
        // Sheets draw shapes in a plane of their own.
        get shape() {
          return feature.shape;
        },
        uncertain: isUncertain(feature.props),
        accuracy_m: feature.props.accuracy_m,
      })),
  };
}

/** Puts visible layers on the drawing and takes hidden ones off, now and whenever the store changes. */
export function followStore(drawing, model, store) {
  let { scale: k, filters: last, palette: look, order: ranks } = store.get();
  const sync = () => {
    const { visible, opacity, scale, filters, palette, order } = store.get();
    const redraw = scale !== k || filters !== last || palette !== look;
    for (const layer of model.layers.values()) {
      const { id } = layer;
      const on = visible.has(id);
      const moved = order[id] !== ranks[id];
      if (on && (redraw || moved || !drawing.has(id))) drawing.add(drawLayerOf(layer, scale, filters, order[id]));
      if (!on && drawing.has(id)) drawing.remove(id);
      if (on) drawing.style(id, { opacity: opacity[id] ?? 1 });
    }
    [k, last, look, ranks] = [scale, filters, palette, order];
  };
  store.on(["visible", "opacity", "scale", "filters", "palette", "order"], sync);
  sync();
}

export const visibleFeatures = (model, visible, filters = NO_FILTERS) =>
  [...model.features.values()].filter((feature) => feature.shape && visible.has(feature.layer.id) && wanted(feature, filters));

/** The placement a name really gets: that of the kind where the geometry allows it. */
function placementOf(feature) {
  const wanted = feature.layer.kind.text.placement;
  if (wanted === "none") return "none";
  return { polygon: "area", line: "line", point: "point" }[feature.shape.type];
}

/**
 * Names in order of placement: areas and axes have few places to go, points come next since a leader line can carry
 * their names away, corridors and roads last since they are long.
 */
const RANK = {
  area: (order) => 880 + order / 25,
  line: (order) => 700 + order / 4,
  point: (order) => 800 + order / 25,
};

function requestOf(feature, text, name) {
  const { shape } = feature;
  const { symbol, order } = feature.layer.kind;
  const type = placementOf(feature);
  const [x, y] = type === "point" ? pointOf(shape) : [0, 0];
  const first = order >= 950;
  const request = {
    id: feature.id,
    type,
    shape,
    x,
    y,
    text: name,
    priority: first ? 1000 : RANK[type](order),
    size: text.size,
    weight: text.weight,
    colour: text.colour,
    font: type === "line" ? "serif" : "sans",
    className: `plan ${type}`,
    marker: symbol.size,
    lineWidth: (symbol.width || 2) + 2 * (symbol.casing_width || 0),
  };
  if (type === "line") return { ...request, fallback: () => ({ ...request, size: request.size * 0.85 }) };
  if (type !== "area") return request;
  return symbol.soft ? ridgeRequest(request) : { ...request, fallback: () => besideRequest(request) };
}

/** An area too small for its name is named from beside, as a point would be. */
function besideRequest(request) {
  const [x, y] = innerPoint(request.shape);
  return { ...request, type: "point", x, y, marker: 2, far: true, limit: 10 };
}

/** A soft body such as a range is named along its spine, or across its middle where it is too short. */
function ridgeRequest(request) {
  const look = { ...request, font: "serif" };
  return { ...look, type: "line", along: () => spineOf(request.shape), centred: true, fallback: () => ({ ...look, need: 0.4 }) };
}

/** Names of visible plan features at a zoom. */
export function planRequests(features, lang, zoom) {
  const requests = [];
  for (const feature of features) {
    const { text } = feature.layer.kind;
    if (zoom < (text.min_zoom || 0) || placementOf(feature) === "none") continue;
    requests.push(requestOf(feature, text, lang.name(feature.props)));
  }
  return requests;
}

/** Counties that visible layers name as members: their names are written more strongly. */
export function involvedCounties(model, features) {
  const inside = new Set();
  for (const feature of features) {
    if (feature.shape.type !== "polygon") continue;
    const names = [feature.props.name, ...listOf(feature.props.members)];
    for (const name of names) {
      const subject = model.resolve(name, feature.layer.plan.id);
      if (subject && subject.type === "county") inside.add(subject.id);
    }
  }
  return inside;
}
