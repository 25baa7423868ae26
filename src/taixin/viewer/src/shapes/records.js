/**
 * GeoJSON of packed geometries, made on demand: for downloads, for measuring, for whoever reads a file.
 *
 * @typedef {import("./geometries.js").Geometries} Geometries
 */
import { boundsOf, geojsonAt, shapeAt } from "./shape-at.js";

/** A GeoJSON feature whose geometry is made when somebody asks for it. */
export class GeoRecord {
  /** @param {string} id @param {any} properties @param {{ geometries: Geometries }} holder @param {number} row */
  constructor(id, properties, holder, row) {
    this.id = id;
    this.properties = properties;
    this.holder = holder;
    this.row = row;
    this.made = undefined;
    this.light = undefined;
  }

  get geometry() {
    if (this.made === undefined) this.made = geojsonAt(this.holder.geometries, this.row);
    return this.made;
  }

  get bbox() {
    return this.geometry ? boundsOf(this.geometry.coordinates) : undefined;
  }

  get shape() {
    if (this.light === undefined) this.light = shapeAt(this.holder.geometries, this.row);
    return this.light;
  }

  /** As the files of the layers have it: what is located tells its bounds first. */
  toJSON() {
    const { id, bbox, geometry, properties } = this;
    return bbox ? { type: "Feature", id, bbox, geometry, properties } : { type: "Feature", id, geometry, properties };
  }
}

/**
 * @param {Record<string, any>} members what the collection says of itself @param {GeoRecord[]} features
 * @returns {any} a FeatureCollection; its bounds, too, are made on demand
 */
export const collectionOf = (members, features) => ({
  type: "FeatureCollection",
  ...members,
  get bbox() {
    const boxes = features.filter(({ geometry }) => geometry).map(({ bbox }) => [[bbox[0], bbox[1]], [bbox[2], bbox[3]]]);
    return boxes.length ? boundsOf(boxes) : undefined;
  },
  features,
});
