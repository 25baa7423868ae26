/**
 * Border lines of areas that share their arcs. An arc met once is the outer border; met twice, it parts two groups of
 * areas or two areas of one group. Drawing each once, by rank, keeps dashes clean where outlines would lie double.
 * The same arcs bound what the areas cover together.
 */
import { createGeometries } from "./geometries.js";

/** @typedef {"outer" | "group" | "inner"} Rank */

/** @returns {Map<number, Rank>} rank of each arc that the areas use */
function ranksOf({ count, featureStart, partStart, ringStart, refs }, groupOf) {
  const ranks = new Map();
  const first = new Map();
  for (let row = 0; row < count; row++) {
    const group = groupOf(row);
    const end = ringStart[partStart[featureStart[row + 1]]];
    for (let r = ringStart[partStart[featureStart[row]]]; r < end; r++) {
      const arc = refs[r] >>> 1;
      if (!first.has(arc)) {
        first.set(arc, group);
        ranks.set(arc, "outer");
      } else ranks.set(arc, first.get(arc) === group ? "inner" : "group");
    }
  }
  return ranks;
}

/** Joins arcs to long lines, across ends where just two of them meet. @returns {number[][]} references of each line */
function chained(arcs, all) {
  /** @type {Map<string, number[]>} */
  const at = new Map();
  const ends = new Map(arcs.map((arc) => [arc, all.ends(arc)]));
  for (const [arc, both] of ends) for (const end of both) at.set(end, [...(at.get(end) || []), arc]);
  const left = new Set(arcs);

  /** Goes on from the far end of an arc as long as the way is plain. */
  function follow(arc, from) {
    const line = [];
    let here = from;
    for (let next = arc; next !== undefined; ) {
      left.delete(next);
      const [a, b] = ends.get(next);
      line.push(2 * next + (a === here ? 0 : 1));
      here = a === here ? b : a;
      const meeting = at.get(here);
      next = meeting.length === 2 ? meeting.find((other) => left.has(other)) : undefined;
    }
    return line;
  }
  const lines = [];
  for (const [end, meeting] of at) if (meeting.length !== 2) for (const arc of meeting) if (left.has(arc)) lines.push(follow(arc, end));
  // What is left are closed rounds without a junction.
  for (const arc of arcs) if (left.has(arc)) lines.push(follow(arc, ends.get(arc)[0]));
  return lines;
}

/** What areas together walk more often in one direction than in the other. @returns {number[]} references of arcs */
function unpaired(refs) {
  /** @type {Map<number, number>} how many times more an arc is walked forwards than backwards */
  const excess = new Map();
  for (const ref of refs) excess.set(ref >>> 1, (excess.get(ref >>> 1) || 0) + (ref & 1 ? -1 : 1));
  return [...excess].flatMap(([arc, times]) => Array(Math.abs(times)).fill(2 * arc + (times < 0 ? 1 : 0)));
}

/** Joins unpaired arcs to rings. At each vertex as many leave as arrive, so a walk ends nowhere but where it began. */
function closed(refs, { x, y, start }) {
  const placeOf = (i) => `${x[i]},${y[i]}`;
  /** @type {Map<string, Array<{ ref: number, to: string }>>} */
  const leaving = new Map();
  for (const ref of refs) {
    const ends = [placeOf(start[ref >>> 1]), placeOf(start[(ref >>> 1) + 1] - 1)];
    const [from, to] = ref & 1 ? ends.reverse() : ends;
    if (!leaving.has(from)) leaving.set(from, []);
    leaving.get(from).push({ ref, to });
  }
  const rings = [];
  for (const [begin, waiting] of leaving) {
    while (waiting.length) {
      const ring = [];
      let here = begin;
      do {
        const next = leaving.get(here).pop();
        ring.push(next.ref);
        here = next.to;
      } while (here !== begin);
      rings.push(ring);
    }
  }
  return rings;
}

const stepsOf = (counts) => {
  const out = new Uint32Array(counts.length + 1);
  counts.forEach((count, i) => (out[i + 1] = out[i] + count));
  return out;
};

/**
 * @param {import("./geometries.js").Geometries} areas @param {(row: number) => unknown} groupOf
 * @returns {Record<Rank, import("./geometries.js").Geometries>} lines, one feature each
 */
export function bordersOf(areas, groupOf) {
  const ranks = ranksOf(areas, groupOf);
  const made = (/** @type {Rank} */ rank) => {
    const lines = chained([...ranks.keys()].filter((arc) => ranks.get(arc) === rank), areas.arcs);
    const each = Uint32Array.from({ length: lines.length + 1 }, (_, i) => i);
    return createGeometries({
      type: "line", count: 1, arcs: areas.arcs, digits: areas.digits, multi: Uint8Array.of(1), featureStart: Uint32Array.of(0, lines.length),
      partStart: each, ringStart: stepsOf(lines.map((line) => line.length)), refs: Uint32Array.from(lines.flat()),
    });
  };
  return { outer: made("outer"), group: made("group"), inner: made("inner") };
}

/**
 * What areas cover together, found without uniting them. Holes run against the rings around them, as in the areas, so
 * any rule of filling leaves them open.
 * @param {import("./geometries.js").Geometries} areas
 * @returns {import("./geometries.js").Geometries} one feature, its islands and lakes all in one part; without a place
 *   where there are no areas
 */
export function coveredBy({ arcs, digits, refs }) {
  const rings = closed(unpaired(refs), arcs);
  return createGeometries({
    type: "polygon", count: 1, arcs, digits, multi: Uint8Array.of(0), featureStart: Uint32Array.of(0, Math.min(1, rings.length)),
    partStart: Uint32Array.of(0, rings.length), ringStart: stepsOf(rings.map((ring) => ring.length)), refs: Uint32Array.from(rings.flat()),
  });
}
