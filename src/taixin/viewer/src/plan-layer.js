/** Entry for plan layers and surveys on ordinary folium maps: the atlas's symbols, a hover name, the card as a popup. */
import "./css/plan-layer.css";
import { drawn, isDrawn } from "./draw/draw.js";
import { planLayer, surveyLayer } from "./standalone.js";

window.taixin = Object.assign(window.taixin || {}, { planLayer, surveyLayer, drawn, isDrawn });
