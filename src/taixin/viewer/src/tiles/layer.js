/** One file of tiles as a Leaflet layer: how it looks, and what it has at a point. */
import { LineSymbolizer, CircleSymbolizer, PolygonSymbolizer, leafletLayer } from "protomaps-leaflet";
import { PMTiles } from "pmtiles";

/** Fill and line; calm beside the plans that lie above. */
const COLOURS = [
  ["#9c8552", "#6b5a33"],
  ["#6f8f8a", "#46625e"],
  ["#8d7aa0", "#5d4d70"],
  ["#a2766a", "#70493f"],
];
const POINT = 1;
const LINE = 2;
const AREA = 3;

const is = (type) => (_zoom, { geomType }) => geomType === type;
/** What has columns is large enough to be pointed at, and has an outline. */
function isWhole(_zoom, { geomType, props }) {
  // Asked a hundred thousand times a tile: no list of keys is made.
  for (const _ in props) return geomType === AREA;
  return false;
}

/** Whether an area is one square along the axes, however it is walked. */
function isSquare([ring, ...others]) {
  if (others.length || ring.length !== 5) return false;
  const [a, b, c, d] = ring;
  return (a.x === b.x && b.y === c.y && c.x === d.x && d.y === a.y) || (a.y === b.y && b.x === c.x && c.y === d.y && d.x === a.x);
}

/** Areas; the squares that stand for what is smaller than them need no path, and there are a hundred thousand of them. */
class AreaSymbolizer extends PolygonSymbolizer {
  draw(context, rings, zoom, feature) {
    const [{ x, y }, , opposite] = rings[0];
    if (isSquare(rings)) context.fillRect(x, y, opposite.x - x, opposite.y - y);
    else super.draw(context, rings, zoom, feature);
  }
}

function rulesOf(dataLayer, [fill, line]) {
  return [
    { dataLayer, symbolizer: new AreaSymbolizer({ fill, opacity: 0.4 }), filter: is(AREA) },
    { dataLayer, symbolizer: new LineSymbolizer({ color: line, width: 0.6, opacity: 0.8 }), filter: isWhole },
    { dataLayer, symbolizer: new LineSymbolizer({ color: line, width: 1.2 }), filter: is(LINE) },
    { dataLayer, symbolizer: new CircleSymbolizer({ fill, stroke: line, width: 0.8, radius: 3 }), filter: is(POINT) },
  ];
}

/** @param {any} tiles entry in the manifest @param {number} number its place there @param {string} pane */
export function tileLayer(tiles, number, pane) {
  const archive = new PMTiles(new URL(tiles.href, document.baseURI).href);
  const [west, south, east, north] = tiles.bounds;
  const layer = leafletLayer({
    url: archive,
    pane,
    attribution: "",
    maxDataZoom: tiles.max_zoom,
    bounds: [[south, west], [north, east]],
    maxZoom: 20,
    zIndex: number + 1,
    paintRules: tiles.layers.flatMap((name) => rulesOf(name, COLOURS[number % COLOURS.length])),
    labelRules: [],
  });
  /** Columns of everything at a point that is on the map, topmost last; without columns: texture. */
  const at = (lon, lat) => [...layer.queryTileFeaturesDebug(lon, lat, 6).values()].flatMap((found) => found.map(({ feature }) => feature.props));
  return { layer, at, check: () => archive.getHeader() };
}
