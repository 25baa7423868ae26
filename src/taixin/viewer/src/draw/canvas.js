/**
 * The same door as draw.js for layers of many features: painted as one picture, since thousands of SVG nodes would
 * make every move of the map stall.
 */
import { el } from "../dom.js";
import { boxesMeet } from "../geometry.js";
import { pathData } from "./clip.js";
import { pickFrom } from "./draw.js";
import { Sheet } from "./sheet.js";
import { markerPath, passesOf } from "./symbols.js";

/** A sheet whose root is a canvas, in the screen's own pixels. */
const CanvasSheet = Sheet.extend({
  initialize(options) {
    Sheet.prototype.initialize.call(this, options);
    this.root = el("canvas", { class: options.className, "aria-hidden": "true", data: { drawn: 0 } });
  },

  repaint() {
    if (!this._map || !this._bounds) return;
    const { min } = this._bounds;
    const { x, y } = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this.root, { width: Math.round(x * ratio), height: Math.round(y * ratio) });
    Object.assign(this.root.style, { width: `${x}px`, height: `${y}px`, pointerEvents: "none" });
    this.root.getContext("2d").setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    this.options.paint(this.view());
  },
});

function brush(context, attributes) {
  const { fill, stroke } = attributes;
  const filled = fill && fill !== "none";
  const ruled = stroke && stroke !== "none";
  return (path) => {
    if (filled) {
      context.fillStyle = fill;
      context.globalAlpha = attributes["fill-opacity"] ?? 1;
      context.fill(path, "evenodd");
    }
    if (!ruled) return;
    context.strokeStyle = stroke;
    context.lineWidth = attributes["stroke-width"] ?? 1;
    context.lineJoin = "round";
    context.globalAlpha = attributes["stroke-opacity"] ?? 1;
    context.stroke(path);
  };
}

/** Paints what lies in the view and tells how many features that are. */
function paintLayer(context, { symbol, items }, view) {
  const world = [view.ox + view.box[0], view.oy + view.box[1], view.ox + view.box[2], view.oy + view.box[3]].map((px) => px / view.scale);
  const seen = items.filter(({ shape }) => boxesMeet(shape.bbox, world));
  const marker = new Path2D(markerPath(symbol.marker, symbol.size || 12));
  for (const type of ["polygon", "line", "point"]) {
    const own = seen.filter(({ shape }) => shape.type === type);
    for (const pass of passesOf(symbol, type, false)) {
      const paint = brush(context, pass.attrs);
      for (const { shape } of own) {
        if (type !== "point") paint(new Path2D(pathData(shape, view)));
        else {
          const [x, y] = shape.parts[0][0];
          const [px, py] = [x * view.scale - view.ox, y * view.scale - view.oy];
          context.translate(px, py);
          paint(marker);
          context.translate(-px, -py);
        }
      }
    }
  }
  context.globalAlpha = 1;
  return seen.length;
}

/**
 * @param {import("leaflet").Map} map
 * @param {{ pane: string, zIndex: number }} options
 */
export function createCanvasDrawing(map, { pane, zIndex }) {
  if (!map.getPane(pane)) map.createPane(pane).style.zIndex = String(zIndex);
  /** @type {Map<string, { layer: import("./draw.js").DrawLayer }>} */
  const layers = new Map();
  const sheet = new CanvasSheet({
    pane,
    padding: 0.15,
    className: "tx-canvas",
    paint(view) {
      const context = sheet.root.getContext("2d");
      let drawn = 0;
      for (const { layer } of layers.values()) drawn += paintLayer(context, layer, view);
      sheet.root.dataset.drawn = String(drawn);
    },
  });
  sheet.addTo(map);
  return {
    /** @param {import("./draw.js").DrawLayer} layer */
    add(layer) {
      layers.set(layer.id, { layer });
      sheet.repaint();
    },
    remove: (id) => layers.delete(id) && sheet.repaint(),
    pick: (x, y, tolerance) => pickFrom(layers, x, y, tolerance, 256 * 2 ** map.getZoom()),
  };
}
