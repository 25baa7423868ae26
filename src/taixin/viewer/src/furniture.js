/** Entry of all that stands around the map: run once the map is painted. Modules of the page's own script are those. */
import { furnish } from "./furnish.js";

Object.assign(window.taixin, { furnish });
