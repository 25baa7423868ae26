/**
 * The equal-area plane of taixin.plane: Albers on the ellipsoid of CGCS2000 (Snyder 1987, 14-1 to 14-21), written out
 * because it is all the page needs of it, to a micrometre.
 */
const A = 6378137;
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RAD = Math.PI / 180;
const [LAT1, LAT2, LAT0, LON0] = [35.5, 39.8, 37.6, 112.7].map((angle) => angle * RAD);

/** The authalic measure of a latitude. */
function q(lat) {
  const s = Math.sin(lat);
  return (1 - E2) * (s / (1 - E2 * s * s) - Math.log((1 - E * s) / (1 + E * s)) / (2 * E));
}

const m = (lat) => Math.cos(lat) / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
const N = (m(LAT1) ** 2 - m(LAT2) ** 2) / (q(LAT2) - q(LAT1));
const C = m(LAT1) ** 2 + N * q(LAT1);
const radius = (value) => (A * Math.sqrt(C - N * value)) / N;
const RHO0 = radius(q(LAT0));

/** @param {number} lon degrees @param {number} lat degrees @returns {number[]} metres east, north */
export function project(lon, lat) {
  const rho = radius(q(lat * RAD));
  const theta = N * (lon * RAD - LON0);
  return [rho * Math.sin(theta), RHO0 - rho * Math.cos(theta)];
}

/** @param {number} x metres @param {number} y metres @returns {number[]} lon, lat in degrees */
export function unproject(x, y) {
  const north = RHO0 - y;
  const rho = Math.hypot(x, north);
  const wanted = (C - (rho * N) ** 2 / A ** 2) / N;
  let lat = Math.asin(wanted / 2);
  for (let i = 0; i < 12; i++) {
    const s = Math.sin(lat);
    const bulge = 1 - E2 * s * s;
    const step = (bulge ** 2 / (2 * Math.cos(lat))) * ((wanted - q(lat)) / (1 - E2));
    lat += step;
    if (Math.abs(step) < 1e-14) break;
  }
  return [(LON0 + Math.atan2(x, north) / N) / RAD, lat / RAD];
}
