/** CGCS2000 three-degree Gauss-Kruger coordinates, with the zone's name and EPSG code. */
import proj4 from "proj4";

/** Central meridian of the 3° zone that holds a longitude. */
export const meridianOf = (lon) => Math.round(lon / 3) * 3;

/** EPSG codes run from 4534 (75°E) upwards, three degrees a step: 111°E is 4546, 114°E is 4547. */
export const epsgOf = (meridian) => 4534 + (meridian - 75) / 3;

const projections = new Map();

function projectionOf(meridian) {
  if (!projections.has(meridian)) {
    // WGS 84 and CGCS2000 coincide far below any accuracy shown here, so no datum step is made.
    const definition = `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs`;
    projections.set(meridian, proj4(definition));
  }
  return projections.get(meridian);
}

/** @returns {{ x: number, y: number, meridian: number, epsg: number }} x north, y east, as Chinese surveyors write */
export function gaussKruger(lon, lat) {
  const meridian = meridianOf(lon);
  const [east, north] = projectionOf(meridian).forward([lon, lat]);
  return { x: north, y: east, meridian, epsg: epsgOf(meridian) };
}
