/** Leaflet from its ES modules, which are read once and not twice as its older form; open for what folium adds to it. */
import * as modules from "leaflet/dist/leaflet-src.esm.js";

export default { ...modules };
