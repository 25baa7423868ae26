/**
 * Border lines of areas that share their arcs. An arc met once is the outer border; met twice, it parts two groups of
 * areas or two areas of one group. Drawing each once, by rank, keeps dashes clean where outlines would lie double.
 * The same arcs bound what the areas cover together.
 */
import { createGeometries, holding } from "./geometries.js";

/** @typedef {"outer" | "group" | "inner"} Rank */

const RANKS = /** @type {Rank[]} */ (["outer", "group", "inner"]);

/** @returns {Record<Rank, number[]>} the arcs of each rank */
function rankedArcs({ count, featureStart, partStart, ringStart, refs, arcs }, groupOf) {
  const groups = new Map();
  // What each arc was first met with, from 1, and its rank, from 1.
  const [first, ranks] = [new Uint32Array(arcs.count), new Uint8Array(arcs.count)];
  for (let row = 0; row < count; row++) {
    const name = groupOf(row);
    if (!groups.has(name)) groups.set(name, groups.size + 1);
    const group = groups.get(name);
    const end = ringStart[partStart[featureStart[row + 1]]];
    for (let r = ringStart[partStart[featureStart[row]]]; r < end; r++) {
      const arc = refs[r] >>> 1;
      ranks[arc] = !first[arc] ? 1 : first[arc] === group ? 3 : 2;
      first[arc] = first[arc] || group;
    }
  }
  const found = { outer: [], group: [], inner: [] };
  for (let arc = 0; arc < arcs.count; arc++) if (ranks[arc]) found[RANKS[ranks[arc] - 1]].push(arc);
  return found;
}

/** Lists which of some arcs touch each node. */
function touching(arcs, { from, to, count }) {
  const start = new Uint32Array(count + 1);
  for (const arc of arcs) for (const node of [from[arc], to[arc]]) start[node + 1]++;
  for (let node = 0; node < count; node++) start[node + 1] += start[node];
  const [filled, list] = [start.slice(), new Uint32Array(2 * arcs.length)];
  for (const arc of arcs) for (const node of [from[arc], to[arc]]) list[filled[node]++] = arc;
  return { start, list };
}

/** Joins arcs to long lines, across ends where just two of them meet. @returns {number[][]} references of each line */
function chained(arcs, nodes) {
  const { from, to } = nodes;
  const { start, list } = touching(arcs, nodes);
  const isLeft = new Uint8Array(from.length);
  for (const arc of arcs) isLeft[arc] = 1;

  /** Goes on from the far end of an arc as long as the way is plain. */
  function follow(arc, begin) {
    const line = [];
    let here = begin;
    for (let next = arc; next >= 0; ) {
      isLeft[next] = 0;
      line.push(2 * next + (from[next] === here ? 0 : 1));
      here = from[next] === here ? to[next] : from[next];
      const [one, other] = [list[start[here]], list[start[here] + 1]];
      const isPlain = start[here + 1] - start[here] === 2;
      next = isPlain && isLeft[one] ? one : isPlain && isLeft[other] ? other : -1;
    }
    return line;
  }
  const lines = [];
  const isPlain = (node) => start[node + 1] - start[node] === 2;
  for (const arc of arcs) for (const node of [from[arc], to[arc]]) if (isLeft[arc] && !isPlain(node)) lines.push(follow(arc, node));
  // What is left are closed rounds without a junction.
  for (const arc of arcs) if (isLeft[arc]) lines.push(follow(arc, from[arc]));
  return lines;
}

/** What areas together walk more often in one direction than in the other. @returns {number[]} references of arcs */
function unpaired(areas, count) {
  // How many times more an arc is walked forwards than backwards.
  const excess = new Int32Array(count);
  for (const refs of areas) for (let i = 0; i < refs.length; i++) excess[refs[i] >>> 1] += refs[i] & 1 ? -1 : 1;
  const found = [];
  for (let arc = 0; arc < count; arc++) for (let n = Math.abs(excess[arc]); n; n--) found.push(2 * arc + (excess[arc] < 0 ? 1 : 0));
  return found;
}

/** Joins unpaired arcs to rings. At each vertex as many leave as arrive, so a walk ends nowhere but where it began. */
function closed(refs, { from, to }) {
  const begin = (ref) => (ref & 1 ? to : from)[ref >>> 1];
  const end = (ref) => (ref & 1 ? from : to)[ref >>> 1];
  /** @type {Map<number, number[]>} */
  const leaving = new Map();
  for (const ref of refs) {
    if (!leaving.has(begin(ref))) leaving.set(begin(ref), []);
    leaving.get(begin(ref)).push(ref);
  }
  const rings = [];
  for (const [node, waiting] of leaving) {
    while (waiting.length) {
      const ring = [];
      let here = node;
      do {
        const next = leaving.get(here).pop();
        ring.push(next);
        here = end(next);
      } while (here !== node);
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
 * @returns {Record<Rank, { geometries: import("./geometries.js").Geometries }>} lines, one feature each, made when they
 *   are looked at
 */
export function bordersOf(areas, groupOf) {
  let ranked = null;
  const made = (/** @type {Rank} */ rank) => holding(() => {
    ranked = ranked || rankedArcs(areas, groupOf);
    const lines = chained(ranked[rank], areas.arcs.nodes());
    const each = Uint32Array.from({ length: lines.length + 1 }, (_, i) => i);
    return createGeometries({
      type: "line", count: 1, arcs: areas.arcs, digits: areas.digits, multi: Uint8Array.of(1), featureStart: Uint32Array.of(0, lines.length),
      partStart: each, ringStart: stepsOf(lines.map((line) => line.length)), refs: Uint32Array.from(lines.flat()),
    });
  });
  return { outer: made("outer"), group: made("group"), inner: made("inner") };
}

/**
 * What areas cover together, found without uniting them. Holes run against the rings around them, as in the areas, so
 * any rule of filling leaves them open.
 * @param {import("./geometries.js").Geometries} areas @param {ArrayLike<number>} [rows] those areas alone
 * @returns {import("./geometries.js").Geometries} one feature, its islands and lakes all in one part; without a place
 *   where there are no areas
 */
export function coveredBy({ arcs, digits, refs, featureStart, partStart, ringStart }, rows) {
  const first = (row) => ringStart[partStart[featureStart[row]]];
  const chosen = rows && Array.from(rows, (row) => refs.subarray(first(row), first(row + 1)));
  const rings = closed(unpaired(chosen || [refs], arcs.count), arcs.nodes());
  return createGeometries({
    type: "polygon", count: 1, arcs, digits, multi: Uint8Array.of(0), featureStart: Uint32Array.of(0, Math.min(1, rings.length)),
    partStart: Uint32Array.of(0, rings.length), ringStart: stepsOf(rings.map((ring) => ring.length)), refs: Uint32Array.from(rings.flat()),
  });
}
