/** Entry for plan layers on ordinary folium maps: the atlas's symbols, a hover name, the card as a popup. */
import "./css/plan-layer.css";
import { drawn, isDrawn } from "./draw/draw.js";
import { planLayer } from "./standalone.js";

window.taixin = Object.assign(window.taixin || {}, { planLayer, drawn, isDrawn });
