/**
 * A canvas that lies on the map and is painted piece by piece: a drag moves the picture and paints only what comes into
 * view; a picture that takes long is painted in bands over several frames. One canvas of the window's size instead of
 * tiles, which would have to be painted well beyond its edges.
 */
import L from "leaflet";
import { el } from "../dom.js";

/** Painted around the window, as a share of its size, so that a drag has something to show at once. */
const PADDING = 0.03;
/** How long painting may hold up a frame, in ms. A picture that took longer is parted into bands. */
const BUDGET = 40;
const MOST_BANDS = 48;

/**
 * @typedef {{ scale: number, ox: number, oy: number, zoom: number, box: number[] }} View world units to pixels of the
 *   canvas; box: the piece that is painted
 */

/** The parts of one box that another does not cover. */
function uncovered([x0, y0, x1, y1], [a0, b0, a1, b1]) {
  const [left, top, right, bottom] = [Math.max(x0, a0), Math.max(y0, b0), Math.min(x1, a1), Math.min(y1, b1)];
  if (left >= right || top >= bottom) return [[x0, y0, x1, y1]];
  const pieces = [[x0, y0, x1, top], [x0, bottom, x1, y1], [x0, top, left, bottom], [right, top, x1, bottom]];
  return pieces.filter(([p0, q0, p1, q1]) => p1 > p0 && q1 > q0);
}

function bands([x0, y0, x1, y1], count) {
  const step = Math.ceil((y1 - y0) / count);
  const found = [];
  for (let y = y0; y < y1; y += step) found.push([x0, y, x1, Math.min(y + step, y1)]);
  return found;
}

export const Canvas = L.Renderer.extend({
  /** @param {{ pane: string, paint: (context: CanvasRenderingContext2D, view: View) => void }} options */
  initialize(options) {
    L.Renderer.prototype.initialize.call(this, { padding: PADDING, ...options });
    this.root = el("canvas", { class: "tx-canvas", "aria-hidden": "true" });
    this._pieces = [];
    // What the last picture cost, in ms a pixel.
    this._cost = 0;
  },

  getEvents() {
    return { ...L.Renderer.prototype.getEvents.call(this), move: this._follow };
  },

  _initContainer() {
    this._container = this.root;
  },

  _destroyContainer() {
    cancelAnimationFrame(this._frame);
    this._frame = 0;
    L.DomUtil.remove(this._container);
    delete this._container;
  },

  // A drag beyond what is painted is followed while it lasts.
  _follow() {
    if (!this._bounds || this._map._animatingZoom || this._zoom !== this._map.getZoom()) return;
    const corner = this._map.containerPointToLayerPoint([0, 0]);
    if (!this._bounds.contains(L.bounds(corner, corner.add(this._map.getSize())))) this._update();
  },

  // Leaflet calls this when the view has settled; the base class works out the padded pixel bounds.
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const before = this._view;
    const origin = this._map.getPixelOrigin();
    const { min } = this._bounds;
    const { x: width, y: height } = this._bounds.getSize();
    const zoom = this._map.getZoom();
    const ratio = window.devicePixelRatio || 1;
    this._view = { scale: 256 * 2 ** zoom, ox: origin.x + min.x, oy: origin.y + min.y, zoom, width, height, ratio };
    L.DomUtil.setPosition(this.root, min);
    if (before && this._isSameSheet(before)) this._move(this._view.ox - before.ox, this._view.oy - before.oy);
    else this._restart();
    // A new view is painted within this frame. The first is not: layers are still to be added.
    if (before && this._frame) this._work();
  },

  _isSameSheet(before) {
    const { zoom, width, height, ratio, ox, oy } = this._view;
    const whole = (value) => Math.abs(value - Math.round(value)) < 1e-6;
    const same = before.zoom === zoom && before.width === width && before.height === height && before.ratio === ratio;
    // A picture moved by a fraction of a pixel would be blurred.
    return same && whole((ox - before.ox) * ratio) && whole((oy - before.oy) * ratio);
  },

  _restart() {
    const { width, height, ratio } = this._view;
    Object.assign(this.root.style, { width: `${width}px`, height: `${height}px`, pointerEvents: "none" });
    const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    // To be given a size, even its own, costs a canvas a new picture.
    if (this.root.width !== size.width || this.root.height !== size.height) Object.assign(this.root, size);
    this.repaint();
  },

  /** Shifts the picture and paints what has come in. */
  _move(dx, dy) {
    if (!dx && !dy) return;
    const { width, height, ratio } = this._view;
    const context = this.root.getContext("2d");
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "copy";
    context.drawImage(this.root, -dx * ratio, -dy * ratio);
    context.restore();
    const whole = [0, 0, width, height];
    const moved = this._pieces.map(([x0, y0, x1, y1]) => [x0 - dx, y0 - dy, x1 - dx, y1 - dy]);
    this._pieces = [...moved, ...uncovered(whole, [-dx, -dy, width - dx, height - dy])];
    this._wait();
  },

  /** Paints everything anew, at the next frame; many calls cost one. */
  repaint() {
    if (!this._view) return;
    const { width, height } = this._view;
    const count = Math.ceil((this._cost * width * height) / BUDGET);
    this._pieces = bands([0, 0, width, height], Math.min(MOST_BANDS, Math.max(1, count)));
    this._wait();
  },

  isSettled() {
    return Boolean(this._view) && !this._pieces.length;
  },

  _wait() {
    if (!this._frame && this._pieces.length) this._frame = requestAnimationFrame(() => this._work());
  },

  _work() {
    cancelAnimationFrame(this._frame);
    this._frame = 0;
    const end = performance.now() + BUDGET;
    while (this._pieces.length && performance.now() < end) this._paint(this._pieces.shift());
    this._wait();
  },

  _paint(piece) {
    const begun = performance.now();
    const { ratio } = this._view;
    // Whole pixels of the screen, or a seam would show between two pieces.
    const box = piece.map((edge, i) => (i < 2 ? Math.floor : Math.ceil)(edge * ratio) / ratio);
    const [x0, y0, x1, y1] = box;
    const context = this.root.getContext("2d");
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.beginPath();
    context.rect(x0, y0, x1 - x0, y1 - y0);
    context.clip();
    context.clearRect(x0, y0, x1 - x0, y1 - y0);
    this.options.paint(context, { ...this._view, box });
    context.restore();
    const area = (x1 - x0) * (y1 - y0);
    if (area > 40000) this._cost = (performance.now() - begun) / area;
  },
});
