/** An SVG that lies on the map, follows pan and zoom animation, and asks to be repainted when the view settles. */
import L from "leaflet";
import { svg } from "../dom.js";

/**
 * @typedef {{ scale: number, ox: number, oy: number, box: number[], zoom: number }} View world units to layer pixels
 */
export const Sheet = L.Renderer.extend({
  /** @param {{ pane: string, padding: number, className: string, paint: (view: View) => void }} options */
  initialize(options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.root = svg("svg", { class: options.className, "pointer-events": "none", "aria-hidden": "true" });
  },

  _initContainer() {
    this._container = this.root;
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
    delete this._container;
  },

  // Leaflet calls this when the view has settled; the base class works out the padded pixel bounds.
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    this.root.setAttribute("width", size.x);
    this.root.setAttribute("height", size.y);
    this.root.setAttribute("viewBox", [min.x, min.y, size.x, size.y].join(" "));
    L.DomUtil.setPosition(this.root, min);
    this.repaint();
  },

  /** @returns {View} */
  view() {
    const zoom = this._map.getZoom();
    const origin = this._map.getPixelOrigin();
    const { min, max } = this._bounds;
    // A margin hides the edge that clipping cuts into outlines.
    const box = [min.x - 24, min.y - 24, max.x + 24, max.y + 24];
    return { scale: 256 * 2 ** zoom, ox: origin.x, oy: origin.y, box, zoom };
  },

  repaint() {
    if (this._map && this._bounds) this.options.paint(this.view());
  },
});
