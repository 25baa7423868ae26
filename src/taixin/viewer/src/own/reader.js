/**
 * Reads a user's files in a worker of its own, so that whatever they hold can be cancelled and cannot block or break
 * the page. Messages in: { type: "read", files, encoding, home } and { type: "convert", system, swap, home }; out: step, read,
 * converted, refused. Nothing here can reach the network: the page's policy holds for its workers too.
 */
import { unpack } from "./archive.js";
import { featuresFrom, parseJson, Refusal, statedCrs } from "./geojson.js";
import { boundsOf, converted, guess } from "./guess.js";
import { readMarkup } from "./markup.js";
import { readShapefile } from "./shapefile.js";
import { readTable } from "./table.js";
import { decode } from "./text.js";

const tell = (message) => self.postMessage(message);
/** What was read, until the user has said in which system it is. @type {{ features: any[], radius: string | null }} */
let kept = { features: [], radius: null };

function readText(bytes, wanted, read) {
  const { text, encoding, sure } = decode(bytes, wanted);
  const ascii = !bytes.some((byte) => byte >= 128);
  return { ...read(text), encoding: ascii ? null : { name: encoding, sure: sure && !wanted } };
}

const READERS = [
  [/\.(geojson|json)$/, (bytes, wanted) => readText(bytes, wanted, (text) => { const data = parseJson(text); return { data, crs: statedCrs(data) }; })],
  [/\.(kml|gpx)$/, readMarkup],
  [/\.(csv|txt|tsv)$/, (bytes, wanted) => readText(bytes, wanted, (text) => ({ ...readTable(text), crs: null }))],
];

function readOne(name, bytes, wanted) {
  const found = READERS.find(([ending]) => ending.test(name));
  if (!found) throw new Refusal("unknown_kind", { name });
  return found[1](bytes, wanted);
}

/** Zips hold a Shapefile or one file that can be read; loose parts of a Shapefile may come together. */
function readAll(files, wanted) {
  let parts = new Map(files.map(({ name, bytes }) => [name.toLowerCase(), new Uint8Array(bytes)]));
  const [first] = parts.keys();
  if (/\.(zip|kmz)$/.test(first)) parts = unpack(parts.get(first));
  const names = [...parts.keys()];
  if (names.some((name) => name.endsWith(".shp"))) return readShapefile(parts, wanted);
  const readable = names.filter((name) => READERS.some(([ending]) => ending.test(name)));
  // A KMZ may hold pictures and further documents; the first document is the map.
  const main = readable.find((name) => name === "doc.kml") || readable[0];
  if (!main) throw new Refusal(names.length && !/\.(zip|kmz)$/.test(first) ? "unknown_kind" : "zip_empty", { name: first });
  if (readable.length > 1 && !/\.kmz$/.test(first)) throw new Refusal("many_files", { n: readable.length });
  return readOne(main, parts.get(main), wanted);
}

const namesOf = (features) => [...new Set(features.slice(0, 50).flatMap(({ properties }) => Object.keys(properties)))];

/** Some non-ASCII text, by which a user sees whether the encoding is right. */
function sampleOf(features) {
  const texts = features.slice(0, 200).flatMap(({ properties }) => [...Object.keys(properties), ...Object.values(properties)]);
  return [...new Set(texts.filter((text) => typeof text === "string" && /[^\u0000-\u007f]/.test(text)))].slice(0, 4).join("；").slice(0, 120);
}

function read({ files, encoding, home }) {
  tell({ type: "step", word: "step_parse" });
  const { data, crs, encoding: found, radius = null } = readAll(files, encoding);
  tell({ type: "step", word: "step_check" });
  const { features, broken, empty } = featuresFrom(data, (n) => tell({ type: "step", word: "step_features", values: { n } }));
  if (!features.length) throw new Refusal("no_features");
  kept = { features, radius };
  const bounds = boundsOf(features);
  const words = [files[0].name, ...namesOf(features)].join(" ");
  tell({
    type: "read", count: features.length, broken: broken.slice(0, 12), brokenCount: broken.length, empty, stated: crs,
    ...guess(bounds, crs, words, home), encoding: found, sample: sampleOf(features),
  });
}

self.onmessage = ({ data: message }) => {
  try {
    if (message.type === "read") read(message);
    else tell({ type: "converted", ...converted(kept, message.system, message.swap, message.home) });
  } catch (error) {
    const known = error instanceof Refusal;
    // Anything unforeseen in a broken file ends up here as a sentence too.
    tell({ type: "refused", word: known ? error.word : "unreadable", values: known ? error.values : {} });
  }
};
