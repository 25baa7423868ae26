/**
 * Reads a chunk of a survey, as taixin.surveys describes it, into arrays that a worker can hand over: shapes with
 * their boxes and indices, columns as bytes of text and one number a row.
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {Uint32Array} starts where each text begins, and one more
 * @property {Uint8Array} bytes the texts that occur, each once, as UTF-8
 * @property {Uint32Array} codes of each row the number of its text, from 1; 0 where it has none
 *
 * @typedef {{ shapes: import("../shapes/unpack.js").Packed, columns: Column[] }} Chunk
 */
import { createGeometries } from "../shapes/geometries.js";
import { createReader, readPack } from "../shapes/unpack.js";

const MAGIC = [84, 88, 83, 86, 1]; // "TXSV" and the version

/** Boxes and index of a set are made here too: a million of them take their time. */
function withIndex(set, { boxes }) {
  const geometries = createGeometries({ ...set, arcs: { boxes } });
  const index = geometries.index();
  return { ...set, boxes: geometries.boxes, packed: index ? index.data : undefined };
}

/** @param {Uint8Array} content @returns {Chunk} */
export function readChunk(content) {
  const reader = createReader(content, MAGIC);
  const shapes = readPack(reader.frame());
  const rows = shapes.sets.reduce((sum, { count }) => sum + count, 0);
  const columns = reader.json().map(({ name, texts }) => ({
    name,
    starts: reader.running(new Uint32Array(texts + 1)),
    // A copy: the whole chunk would be handed over with it.
    bytes: reader.frame().slice(),
    codes: reader.running(new Uint32Array(rows)),
  }));
  return { shapes: { ...shapes, sets: shapes.sets.map((set) => withIndex(set, shapes.arcs)) }, columns };
}

/** Everything of a chunk that need not be copied. @param {Chunk} chunk @returns {ArrayBuffer[]} */
export function buffersOf({ shapes: { arcs, sets }, columns }) {
  const arrays = [
    ...Object.values(arcs),
    ...sets.flatMap(({ multi, featureStart, partStart, ringStart, refs, boxes }) => [multi, featureStart, partStart, ringStart, refs, boxes]),
    ...columns.flatMap(({ starts, bytes, codes }) => [starts, bytes, codes]),
  ];
  return [...arrays.map(({ buffer }) => buffer), ...sets.map(({ packed }) => packed).filter(Boolean)];
}

/** What a cell holds; empty where there is nothing. @param {Column} column @param {number} row */
export function textAt({ starts, bytes, codes }, row) {
  const code = codes[row];
  return code ? new TextDecoder().decode(bytes.subarray(starts[code - 1], starts[code])) : "";
}
