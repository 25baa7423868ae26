/** Entry of the tiles: put into a page only where it has some, after the page's own script. */
import { openTiles } from "./tiles/tiles.js";

window.taixin = Object.assign(window.taixin || {}, { openTiles });
