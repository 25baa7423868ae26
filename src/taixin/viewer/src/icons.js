/** The page's own icons, drawn on a 16 px grid with the current text colour. */
import { svg } from "./dom.js";

const PATHS = {
  tools: "M2.5 11.5L11.5 2.5L13.5 4.5L4.5 13.5ZM5 9L6.2 10.2M7 7L8.8 8.8M9 5L10.2 6.2",
  draw_line: "M3 12.5L7 6L10 9.5L13 3.5",
  draw_polygon: "M3 6L8.5 2.5L13.5 7L11 13H4.5Z",
  draw_point: "M8 14C5 10 4 8.4 4 6.4A4 4 0 0 1 12 6.4C12 8.4 11 10 8 14M8 5.2A1.2 1.2 0 1 0 8 7.6A1.2 1.2 0 1 0 8 5.2",
  close: "M4 4L12 12M12 4L4 12",
  back: "M10 3L5 8L10 13",
  forward: "M6 3L11 8L6 13",
  down: "M4 6L8 10.5L12 6",
  download: "M8 2V10M4.5 7L8 10.5L11.5 7M3 13.5H13",
  list: "M3 4H4M6.5 4H13M3 8H4M6.5 8H13M3 12H4M6.5 12H13",
  sliders: "M3 5H7M10 5H13M3 11H5M8 11H13M8.5 3.5V6.5M6.5 9.5V12.5",
  plus: "M8 3V13M3 8H13",
  minus: "M3 8H13",
  whole: "M3 6V3H6M10 3H13V6M13 10V13H10M6 13H3V10",
  target: "M8 2V5M8 11V14M2 8H5M11 8H14M8 6.2A1.8 1.8 0 1 0 8 9.8A1.8 1.8 0 1 0 8 6.2",
  layers: "M8 2.5L14 5.8L8 9L2 5.8ZM2.6 9L8 12L13.4 9",
  legend: "M3 3.5H6V6.5H3ZM3 9.5H6V12.5H3ZM8.5 5H13M8.5 11H13",
  info: "M8 2A6 6 0 1 0 8 14A6 6 0 1 0 8 2M8 7.2V11M8 4.8V5",
  check: "M3 8.5L6.5 12L13 4.5",
  differs: "M3 6H13M3 10H13M10.5 3L5.5 13",
  unknown: "M5.6 6A2.4 2.4 0 1 1 8 8.4V9.8M8 12.4V12.6",
  conflict: "M2.5 5.5H11M8.5 3L11 5.5L8.5 8M13.5 10.5H5M7.5 8L5 10.5L7.5 13",
  search: "M7 3A4 4 0 1 0 7 11A4 4 0 1 0 7 3M10 10L13.5 13.5",
  table: "M2.5 3.5H13.5V12.5H2.5ZM2.5 6.5H13.5M2.5 9.5H13.5M6.5 3.5V12.5",
  up: "M8 13V3.5M4 7L8 3L12 7",
  fall: "M8 3V12.5M4 9L8 13L12 9",
  reset: "M3.5 8A4.5 4.5 0 1 0 5.2 4.5M3 2.5V5.5H6",
  filter: "M2.5 3.5H13.5L9.5 8.5V13L6.5 11.5V8.5Z",
  share: "M11.2 5A1.8 1.8 0 1 0 11.2 1.4A1.8 1.8 0 1 0 11.2 5M4.8 9.8A1.8 1.8 0 1 0 4.8 6.2A1.8 1.8 0 1 0 4.8 9.8M11.2 14.6A1.8 1.8 0 1 0 11.2 11A1.8 1.8 0 1 0 11.2 14.6M6.4 7.1L9.6 4.1M6.4 8.9L9.6 11.9",
  print: "M4.5 6V2H11.5V6M4.5 11H2.5V6H13.5V11H11.5M4.5 9H11.5V14H4.5Z",
  compare: "M8 1.5V14.5M2.5 3.5H13.5V12.5H2.5ZM5.6 6.4L4 8L5.6 9.6M10.4 6.4L12 8L10.4 9.6",
  clock: "M8 2A6 6 0 1 0 8 14A6 6 0 1 0 8 2M8 4.8V8L10.4 9.6",
  play: "M5 3L12.5 8L5 13Z",
  pause: "M5.5 3V13M10.5 3V13",
  swap: "M3 5.5H13M10.5 3L13 5.5L10.5 8M13 10.5H3M5.5 8L3 10.5L5.5 13",
  card: "M3 2.5H13V13.5H3ZM5.5 5.5H10.5M5.5 8H10.5M5.5 10.5H8.5",
};

/** @param {keyof typeof PATHS} name */
export const icon = (name) =>
  svg(
    "svg",
    { class: "icon", width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
