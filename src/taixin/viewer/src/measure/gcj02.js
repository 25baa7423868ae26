/**
 * GCJ-02, the shifted coordinates of Chinese web maps, and the way back to WGS 84. The forward formula is the one
 * that became public as eviltransform (googollee and contributors, MIT licence); the same as taixin.intake.gcj02.
 */

// Krasovsky 1940, on which the formula was written.
const SEMI_MAJOR = 6378245.0;
const ECCENTRICITY2 = 0.00669342162296594323;

function waves(value, terms) {
  let total = 0;
  for (const [height, frequency] of terms) total += height * Math.sin(value * frequency * Math.PI);
  return (total * 2) / 3;
}

function shiftM(x, y) {
  const root = Math.sqrt(Math.abs(x));
  const short = waves(x, [[20, 6], [20, 2]]);
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + short +
    waves(y, [[20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]]);
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + short +
    waves(x, [[20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]]);
  return [east, north];
}

/** @returns {number[]} lon, lat; what lies outside China is left where it is */
export function toGcj02(lon, lat) {
  if (!(lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271)) return [lon, lat];
  const [east, north] = shiftM(lon - 105, lat - 35);
  const radians = (lat * Math.PI) / 180;
  const bulge = 1 - ECCENTRICITY2 * Math.sin(radians) ** 2;
  const meridian = (SEMI_MAJOR * (1 - ECCENTRICITY2)) / (bulge * Math.sqrt(bulge));
  const parallel = (SEMI_MAJOR / Math.sqrt(bulge)) * Math.cos(radians);
  return [lon + ((east / parallel) * 180) / Math.PI, lat + ((north / meridian) * 180) / Math.PI];
}

/** The formula has no closed inverse: iterate until it gives the input again. */
export function fromGcj02(lon, lat) {
  let [x, y] = [lon, lat];
  for (let i = 0; i < 30; i++) {
    const [u, v] = toGcj02(x, y);
    x += lon - u;
    y += lat - v;
    if (Math.max(Math.abs(lon - u), Math.abs(lat - v)) < 1e-11) break;
  }
  return [x, y];
}
