/** Entry of the atlas page: gives folium's script its Leaflet, then turns folium's map into the atlas. */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import iconUrl from "leaflet/dist/images/marker-icon.png";
import iconRetinaUrl from "leaflet/dist/images/marker-icon-2x.png";
import shadowUrl from "leaflet/dist/images/marker-shadow.png";
import "./css/atlas.css";
import { drawn, isDrawn } from "./draw/draw.js";
import { openPage } from "./page.js";

// Ordinary folium markers on the page find their pictures in the bundle, not beside a style sheet.
delete L.Icon.Default.prototype._getIconUrl;
L.Icon.Default.mergeOptions({ iconUrl, iconRetinaUrl, shadowUrl });

window.L = L;
window.taixin = Object.assign(window.taixin || {}, { openAtlas: openPage, drawn, isDrawn });
