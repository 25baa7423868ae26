/** KML and GPX to GeoJSON. A document type or entity is refused before anything is parsed: only attacks need them. */
import { gpx, kml } from "@tmcw/togeojson";
import { DOMParser } from "@xmldom/xmldom";
import { Refusal } from "./geojson.js";
import { decode, encodingNamed } from "./text.js";

const MOST_DEPTH = 64;

/** Depth of the elements, counted without parsing: a bottomless file would exhaust whoever walks it. */
function tooDeep(text) {
  let depth = 0;
  for (const [, close, self] of text.matchAll(/<(\/)?[A-Za-z][^<>]*?(\/)?>/g)) {
    depth += close ? -1 : self ? 0 : 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

/** @param {Uint8Array} bytes @param {string | null} wanted encoding that the user chose */
export function readMarkup(bytes, wanted) {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const named = encodingNamed((/encoding\s*=\s*["']([\w-]+)/.exec(head) || [])[1]);
  // Many a GBK file calls itself UTF-8, so a label is believed only when the bytes agree.
  const labelled = decode(bytes, wanted || named);
  const { text, encoding, sound } = labelled.sound || wanted ? labelled : decode(bytes);
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Refusal("xml_entities");
  if (tooDeep(text)) throw new Refusal("too_deep");
  let document;
  try {
    document = new DOMParser({ onError: (level) => { if (level !== "warning") throw new Refusal("xml_broken"); } }).parseFromString(text.replace(/^\uFEFF/, ""), "text/xml");
  } catch {
    throw new Refusal("xml_broken");
  }
  const root = document.documentElement && document.documentElement.localName;
  if (root !== "kml" && root !== "gpx") throw new Refusal("xml_kind", { root: root || "?" });
  const data = root === "kml" ? kml(document) : gpx(document);
  const ascii = !bytes.some((byte) => byte >= 128);
  return { data, crs: "EPSG:4326", encoding: ascii ? null : { name: encoding, sure: sound && encoding === (named || "utf-8") } };
}
