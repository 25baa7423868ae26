/** Drawing on the map with mouse, finger or keyboard: collects corners, shows them as they come, hands them over. */
import L from "leaflet";
import { ringMeasures, lengthM } from "./geodesy.js";
import { isCalm } from "../window.js";

const LEAST = { point: 1, line: 2, polygon: 3 };
/** Pixels around the first corner in which a click closes the shape. */
const CLOSE = 11;

/** @returns {any} GeoJSON geometry of corners, with the last one where the pointer is while it is drawn */
export function geometryOf(type, corners) {
  if (!corners.length) return null;
  if (type === "point" || corners.length === 1) return { type: "Point", coordinates: corners[0] };
  if (type === "line" || corners.length === 2) return { type: "LineString", coordinates: corners };
  return { type: "Polygon", coordinates: [[...corners, corners[0]]] };
}

/** What is measured so far, the pointer included. */
export function draftMeasures(type, corners) {
  if (type === "polygon" && corners.length > 2) return ringMeasures(corners);
  return corners.length > 1 ? { length: lengthM(corners) } : {};
}

const lonLat = ({ lng, lat }) => [lng, lat];

/** A double click has already set its place twice. */
function withoutDoubles(map, corners) {
  const pixel = ([lon, lat]) => map.latLngToContainerPoint([lat, lon]);
  return corners.filter((corner, i) => i === 0 || pixel(corner).distanceTo(pixel(corners[i - 1])) > 2);
}

/**
 * @param {any} page
 * @param {{ show: (draft: any) => void, done: (type: string, geometry: any, purpose: string) => void }} outlet
 *   show: told about every change, null at the end
 */
export function createDraft(page, { show, done }) {
  const { map } = page;
  const container = map.getContainer();
  /** @type {null | { type: string, purpose: string, corners: number[][], pointer: number[] | null }} */
  let draft = null;
  const tell = () => show(draft && { ...draft, all: draft.pointer ? [...draft.corners, draft.pointer] : draft.corners });

  function stop() {
    if (!draft) return;
    draft = null;
    page.capture = false;
    container.classList.remove("is-drawing");
    map.doubleClickZoom.enable();
    map.off({ click: onClick, mousemove: onMove, dblclick: finish });
    container.removeEventListener("keydown", onKey, true);
    tell();
  }

  function finish() {
    if (!draft) return;
    const { type, purpose } = draft;
    const corners = withoutDoubles(map, draft.corners);
    if (corners.length < LEAST[type]) return;
    stop();
    done(type, geometryOf(type, corners), purpose);
  }

  function put(corner) {
    const { type, corners } = draft;
    draft = { ...draft, corners: [...corners, corner], pointer: null };
    if (type === "point") finish();
    else tell();
  }

  function closes(latlng) {
    if (draft.type !== "polygon" || draft.corners.length < 3) return false;
    const [lon, lat] = draft.corners[0];
    return map.latLngToContainerPoint(latlng).distanceTo(map.latLngToContainerPoint([lat, lon])) < CLOSE;
  }

  function onClick({ latlng }) {
    if (closes(latlng)) finish();
    else put(lonLat(latlng));
  }

  function onMove({ latlng }) {
    draft = { ...draft, pointer: lonLat(latlng) };
    tell();
  }

  function undo() {
    if (!draft) return;
    draft = { ...draft, corners: draft.corners.slice(0, -1) };
    tell();
  }

  function onKey(event) {
    const keys = { Enter: finish, Escape: stop, Backspace: undo, Delete: undo, " ": () => put(lonLat(map.getCenter())) };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  /** @param {"point" | "line" | "polygon"} type @param {string} [purpose] handed back with the result */
  function start(type, purpose = "sketch") {
    stop();
    draft = { type, purpose, corners: [], pointer: null };
    page.capture = true;
    page.hover([], null);
    container.classList.add("is-drawing");
    map.doubleClickZoom.disable();
    map.on({ click: onClick, mousemove: onMove, dblclick: finish });
    container.addEventListener("keydown", onKey, true);
    container.focus({ preventScroll: true });
    tell();
  }

  /** Looks at a typed place and, while a line or area is drawn, makes it a corner. */
  function go(corner) {
    if (draft) put(corner);
    map.setView(L.latLng(corner[1], corner[0]), Math.max(map.getZoom(), 11), { animate: !isCalm() });
  }

  return { start, stop, finish, undo, go, active: () => Boolean(draft) };
}
