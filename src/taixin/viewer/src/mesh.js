/**
 * Border lines from a polygon coverage. Neighbours share their vertices exactly, so every edge is found once or
 * twice; drawing each edge once, by rank, keeps dashes and hairlines clean where outlines would lie double.
 */

// World units on a grid of 2^-26, about 0.6 m: two of them fit into one exact number.
const GRID = 2 ** 26;
const RANKS = /** @type {const} */ (["county", "city", "province"]);

/** Numbers vertices, equal positions alike. */
function createVertices() {
  const ids = new Map();
  const positions = [];
  return {
    positions,
    id(x, y) {
      const key = Math.round(x * GRID) * GRID + Math.round(y * GRID);
      let id = ids.get(key);
      if (id === undefined) {
        id = ids.size;
        ids.set(key, id);
        positions.push(x, y);
      }
      return id;
    },
  };
}

/** @param {Array<{ rings: Float64Array[], city: string }>} units */
function rankedEdges(units, vertices) {
  const seen = new Map();
  for (const { rings, city } of units) {
    for (const ring of rings) {
      let a = vertices.id(ring[0], ring[1]);
      for (let i = 2; i < ring.length; i += 2) {
        const b = vertices.id(ring[i], ring[i + 1]);
        if (a !== b) note(seen, a, b, city);
        a = b;
      }
    }
  }
  return seen;
}

/** An edge met once is the province's; met again, it parts two cities or two counties of one city. */
function note(seen, a, b, city) {
  const key = a < b ? a * GRID + b : b * GRID + a;
  const edge = seen.get(key);
  if (edge) edge.rank = edge.city === city ? "county" : "city";
  else seen.set(key, { a, b, city, rank: "province" });
}

function neighboursOf(edges, rank) {
  const map = new Map();
  const link = (from, to) => {
    const list = map.get(from);
    if (list) list.push(to);
    else map.set(from, [to]);
  };
  for (const edge of edges.values()) {
    if (edge.rank !== rank) continue;
    link(edge.a, edge.b);
    link(edge.b, edge.a);
  }
  return map;
}

/** Joins edges into lines that run from junction to junction. */
function chains(neighbours, positions) {
  const lines = [];
  const take = (from, to) => {
    const list = neighbours.get(from);
    list.splice(list.indexOf(to), 1);
  };
  const follow = (start) => {
    const line = [positions[2 * start], positions[2 * start + 1]];
    let here = start;
    while (neighbours.get(here).length) {
      const next = neighbours.get(here)[0];
      take(here, next);
      take(next, here);
      line.push(positions[2 * next], positions[2 * next + 1]);
      here = next;
      if (neighbours.get(here).length > 1) break;
    }
    lines.push(Float64Array.from(line));
  };
  for (const [vertex, list] of neighbours) {
    if (list.length === 2) continue;
    while (list.length) follow(vertex);
  }
  // What is left are closed loops without a junction.
  for (const [vertex, list] of neighbours) while (list.length) follow(vertex);
  return lines;
}

/**
 * @param {Array<{ shape: import("./geometry.js").Shape, city: string }>} units
 * @returns {Record<"province" | "city" | "county", Float64Array[]>}
 */
export function borderMesh(units) {
  const vertices = createVertices();
  const edges = rankedEdges(units.map(({ shape, city }) => ({ rings: shape.parts.flat(), city })), vertices);
  const lines = RANKS.map((rank) => [rank, chains(neighboursOf(edges, rank), vertices.positions)]);
  return /** @type {any} */ (Object.fromEntries(lines));
}
