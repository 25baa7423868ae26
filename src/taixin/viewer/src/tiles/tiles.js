/** Layers too big for the page: tiles beside it, read piece by piece from wherever the page is served. */
import "../css/tiles.css";
import { tilesCard } from "./card.js";
import { tileLayer } from "./layer.js";
import { tileRows } from "./rows.js";
import { word } from "./words.js";

const PANE = "taixin-tiles";

/** One file of tiles: shown or not, and why not. A page opened as a file cannot read pieces of another. */
function entryOf(page, tiles, number, changed) {
  const isBarred = window.location.protocol === "file:";
  const { layer, at, check } = tileLayer(tiles, number, PANE);
  let opacity = 1;
  let failure = "";
  const entry = {
    tiles,
    isBarred,
    isShown: () => page.map.hasLayer(layer),
    problem: () => (isBarred ? word(page, "from_file") : failure && word(page, failure, { href: tiles.href })),
    opacity: () => opacity,
    at: (lon, lat) => (entry.isShown() ? at(lon, lat) : []),
    fade(value) {
      opacity = value;
      layer.setOpacity(value);
    },
    show(present) {
      if (!present || isBarred) layer.remove();
      else {
        failure = "";
        check().then(
          () => layer.addTo(page.map),
          () => {
            failure = "failed";
          },
        ).then(changed);
      }
    },
  };
  return entry;
}

/** @param {any} page the page, once all else is in place */
export function openTiles(page) {
  const { map, manifest, store } = page;
  // Over the land, which lies in the plans' picture, and so over the plans: hence the thin colours.
  map.createPane(PANE).style.zIndex = "352";
  let rows = null;
  const entries = manifest.tiles.map((tiles, number) => entryOf(page, tiles, number, () => rows.write()));
  rows = tileRows(page, entries);
  document.querySelector("[data-role=tree] .panel-body").appendChild(rows.node);
  page.tiles = {
    card() {
      const { asked } = store.get();
      if (!asked) return null;
      return tilesCard(page, entries.map((entry) => ({ tiles: entry.tiles, found: entry.at(...asked) })).filter(({ found }) => found.length));
    },
  };
  for (const entry of entries) entry.show(true);
}
