/** The lettering of the map: gathers what is to be named, lays it out whenever the view settles, writes it. */
import { svg } from "../dom.js";
import { Sheet } from "../draw/sheet.js";
import { layoutSteps } from "./engine.js";
import { inSlices } from "./slices.js";
import { box } from "./space.js";
import { write } from "./write.js";

const MARGIN = 4;
const LENGTHS = ["size", "marker", "lineWidth"];

/** A request for a larger sheet. */
export function enlarged(request, k) {
  const out = { ...request };
  for (const key of LENGTHS) if (out[key]) out[key] *= k;
  if (request.fallback) out.fallback = () => enlarged(request.fallback(), k);
  return out;
}

/** Boxes, in layer pixels, of page furniture over the map. */
function blockedBoxes(map, covers) {
  const origin = map.getContainer().getBoundingClientRect();
  const corner = map.containerPointToLayerPoint([0, 0]);
  return covers()
    .map((node) => node.getBoundingClientRect())
    .filter((rect) => rect.width > 0 && rect.height > 0)
    .map((rect) => {
      const x = rect.left - origin.left + corner.x;
      const y = rect.top - origin.top + corner.y;
      return box(x - 3, y - 3, x + rect.width + 3, y + rect.height + 3);
    });
}

/** The visible part of the sheet, a little inside the window's edge; a comparison has only a share of its width. */
function frameOf(map, [from, to]) {
  const { x, y } = map.containerPointToLayerPoint([0, 0]);
  const size = map.getSize();
  return box(x + from * size.x + MARGIN, y + MARGIN, x + to * size.x - MARGIN, y + size.y - MARGIN);
}

/** Sheets whose names are not written yet. The page says so for whoever waits for them. */
const unwritten = new Set();

function tell(sheet, written) {
  if (written) unwritten.delete(sheet);
  else unwritten.add(sheet);
  document.documentElement.dataset.lettered = String(unwritten.size === 0);
}

/** Lays out and writes. @returns {Generator<void, any[], void>} placed names, each with its nodes */
function* letter(requests, view, scene) {
  const placed = yield* layoutSteps(requests, view, scene);
  for (const name of placed) {
    // A name that kept its place keeps its nodes.
    name.written = name.written || write(name);
    yield;
  }
  return placed;
}

/** Brings the children of a node into an order; those that stay are not touched, so nothing is laid out anew for them. */
function arrange(parent, children) {
  const wanted = new Set(children);
  for (const node of [...parent.childNodes]) if (!wanted.has(node)) parent.removeChild(node);
  let at = parent.firstChild;
  for (const node of children) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

const samePixels = (a, b) => Boolean(a && b) && a.scale === b.scale && a.ox === b.ox && a.oy === b.oy;

/**
 * @param {import("leaflet").Map} map
 * @param {{ pane: string, zIndex: number, gather: (zoom: number) => { requests: any[], markers: any[], lines: any[] }, covers: () => Element[], scale: () => number, painted?: () => void, part?: () => [number, number] }} options
 *   covers: page furniture that lies over the map, under which no name should be placed; painted: told after each writing
 */
export function createLabels(map, { pane, zIndex, gather, covers, scale, painted = () => {}, part = () => [0, 1] }) {
  const paneNode = map.getPane(pane) || map.createPane(pane);
  paneNode.style.zIndex = String(zIndex);
  paneNode.classList.add("tx-label-pane");
  const leaders = svg("g", { class: "leaders" });
  const names = svg("g", { class: "names" });
  let stop = () => {};
  let requests = null;
  let scene = null;
  let before = { view: null, placed: [] };

  function put(view, placed) {
    arrange(leaders, placed.map(({ written }) => written.leader).filter(Boolean));
    // Written in reverse, so that the most important name is painted last.
    arrange(names, placed.map(({ written }) => written.text).reverse());
    before = { view, placed };
  }

  function* work(view) {
    // A drag changes neither what there is to name nor where in the sheet it stands.
    const dragged = requests && samePixels(before.view, view);
    if (!dragged) {
      const k = scale();
      scene = gather(view.zoom);
      yield;
      requests = k === 1 ? scene.requests : scene.requests.map((request) => enlarged(request, k));
    }
    const kept = dragged ? new Map(before.placed.map((name) => [name.asked, name])) : null;
    return yield* letter(requests, view, { ...scene, kept, frame: frameOf(map, part()), blocked: blockedBoxes(map, covers) });
  }

  function paint(view) {
    stop();
    tell(names, false);
    // After a zoom the names stand in other places; while the map is dragged they move with it.
    if (before.view && !samePixels(before.view, view)) put(null, []);
    stop = inSlices(work(view), (placed) => {
      put(view, placed);
      paneNode.classList.remove("is-zooming");
      tell(names, true);
      painted();
    });
  }

  const sheet = new Sheet({ pane, padding: 0.02, className: "tx-labels", paint });
  sheet.root.appendChild(leaders);
  sheet.root.appendChild(names);
  sheet.addTo(map);
  // Names do not grow with the zoom animation; they fade and come back where they belong.
  const fade = () => paneNode.classList.add("is-zooming");
  const leave = () => {
    stop();
    tell(names, false);
  };
  map.on("zoomstart", fade);
  map.on("movestart", leave);

  return {
    /** Lays out anew after the next frame; many calls cost one. */
    refresh() {
      requests = null;
      sheet.repaint();
    },
    root: sheet.root,
    destroy() {
      stop();
      map.off("zoomstart", fade);
      map.off("movestart", leave);
      sheet.remove();
      tell(names, true);
    },
  };
}
