/** Coordinates of the pointer, or of the middle of the map: WGS 84 and CGCS2000 3° Gauss-Kruger. */
import { el, fill } from "../dom.js";
import { number } from "../format.js";
import { gaussKruger } from "../gauss-kruger.js";

const degrees = (value, positive, negative) => `${Math.abs(value).toFixed(5)}°${value >= 0 ? positive : negative}`;

/** @param {any} page */
export function createReadout(page) {
  const { map, lang, store } = page;
  const node = el("div", { class: "readout", data: { role: "readout", covers: "" } });
  const geographic = el("span", { class: "readout-line", data: { role: "readout-geographic" } });
  const plane = el("span", { class: "readout-line", data: { role: "readout-plane" } });
  const zone = el("span", { class: "readout-zone", data: { role: "readout-zone" } });
  fill(node, geographic, plane, zone);
  let last = { latlng: map.getCenter(), pointer: false };

  function show(latlng, pointer) {
    last = { latlng, pointer };
    const { lng, lat } = latlng;
    const where = lang.t(pointer ? "cursor" : "centre");
    geographic.textContent = `${where}  WGS 84  ${degrees(lng, "E", "W")}  ${degrees(lat, "N", "S")}`;
    // Outside China's zones the grid has no name, so none is claimed.
    const known = lng >= 73.5 && lng <= 136.5;
    plane.hidden = zone.hidden = !known;
    if (!known) return;
    const { x, y, meridian, epsg } = gaussKruger(lng, lat);
    plane.textContent = `X ${number(x, lang.lang(), 0)} m  Y ${number(y, lang.lang(), 0)} m`;
    zone.textContent = `CGCS2000 / ${lang.t("zone", { cm: meridian })} (EPSG:${epsg})`;
  }
  let pending = 0;
  map.on("mousemove", ({ latlng }) => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => show(latlng, true));
  });
  map.on("mouseout", () => {
    cancelAnimationFrame(pending);
    show(map.getCenter(), false);
  });
  map.on("moveend", () => !last.pointer && show(map.getCenter(), false));
  store.on(["lang"], () => show(last.latlng, last.pointer));
  show(map.getCenter(), false);
  return node;
}
