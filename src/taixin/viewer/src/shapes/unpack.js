/**
 * Reads a pack, the binary form of all geometries of a page that taixin.pack and taixin.streams describe. The arrays of
 * `readPack` know nothing of each other, so a worker can hand them over; `geometriesFrom` makes geometries of them.
 *
 * @typedef {object} PackedSet
 * @property {string} id
 * @property {import("./geometries.js").Geometries["type"]} type
 * @property {number} count
 * @property {Uint8Array} multi 1 where the type of a feature is a Multi type
 * @property {Uint32Array} featureStart
 * @property {Uint32Array} partStart
 * @property {Uint32Array} ringStart
 * @property {Uint32Array} refs
 *
 * @typedef {{ digits: number, level?: number, arcs: import("./packed.js").PackedLines, sets: PackedSet[] }} Packed
 *   level: of an overview, up to which it is enough
 */
import { createArcs } from "./arcs.js";
import { createGeometries } from "./geometries.js";
import { packedLines, surveyed } from "./packed.js";

const MAGIC = [84, 88, 80, 75, 2]; // "TXPK" and the version

/** Reads numbers of seven bits a byte, the lowest first. @param {Uint8Array} bytes @param {number[]} magic what they begin with */
export function createReader(bytes, magic) {
  if (magic.some((byte, i) => bytes[i] !== byte)) throw new Error("The page's shapes are of another version; build the page again.");
  let at = magic.length;

  function number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
      if (!(byte < 256)) throw new Error("The page's shapes end too early; build the page again.");
    }
  }
  /** The stream that follows, as the sums of its numbers from 0: how many things there are before each. */
  function starts(count) {
    number();
    const out = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) out[i + 1] = out[i] + number();
    return out;
  }
  /** The stream that follows, of differences that may be negative. */
  function running(out) {
    number();
    let value = 0;
    for (let i = 0; i < out.length; i++) {
      const z = number();
      value += (z >>> 1) ^ -(z & 1);
      out[i] = value;
    }
    return out;
  }
  /** The bytes that follow, after their length. */
  const frame = () => {
    const length = number();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const json = () => JSON.parse(new TextDecoder().decode(frame()));
  return { frame, json, starts, running };
}

/** Each part of a line or point is one ring. */
function oneEach(count) {
  const out = new Uint32Array(count + 1);
  for (let i = 1; i <= count; i++) out[i] = i;
  return out;
}

function readSet(reader, { id, type, count }) {
  const multi = new Uint8Array(count);
  const featureStart = reader.starts(count);
  // What was read is twice the number of parts, and one more for a Multi type.
  for (let i = 0, before = 0; i < count; i++) {
    const n = featureStart[i + 1] - before;
    before = featureStart[i + 1];
    multi[i] = n & 1;
    featureStart[i + 1] = featureStart[i] + (n >>> 1);
  }
  const parts = featureStart[count];
  const partStart = type === "polygon" ? reader.starts(parts) : oneEach(parts);
  const ringStart = reader.starts(partStart[parts]);
  const refs = reader.running(new Uint32Array(ringStart[ringStart.length - 1]));
  return { id, type, count, multi, featureStart, partStart, ringStart, refs };
}

/** @param {Uint8Array} bytes @returns {Packed} */
export function readPack(bytes) {
  const reader = createReader(bytes, MAGIC);
  const { digits, level, arcs, sets } = reader.json();
  const start = reader.starts(arcs);
  const [x, y] = [reader.running(new Int32Array(arcs)), reader.running(new Int32Array(arcs))];
  const [sizes, bits] = [reader.frame(), reader.frame()];
  return { digits, level, arcs: surveyed({ start, x, y, sizes, bits }, digits), sets: sets.map((set) => readSet(reader, set)) };
}

/** @param {Packed} packed @returns {Map<string, import("./geometries.js").Geometries>} by the names of the sets */
export function geometriesFrom({ digits, level, arcs: packed, sets }) {
  const arcs = createArcs(packedLines(packed, digits), level);
  return new Map(sets.map((set) => [set.id, createGeometries({ ...set, arcs, digits })]));
}

/** Adds all vertices to geometries of an overview. @param {Uint8Array} bytes */
export function complete(geometries, bytes) {
  const { digits, arcs } = readPack(bytes);
  const [{ arcs: known }] = geometries.values();
  known.complete(packedLines(arcs, digits));
}

/** @param {Uint8Array} bytes */
export const unpack = (bytes) => geometriesFrom(readPack(bytes));
