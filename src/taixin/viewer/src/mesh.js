/**
 * Border lines from a polygon coverage. Neighbours share their vertices exactly, so every edge is found once or
 * twice; drawing each edge once, by rank, keeps dashes and hairlines clean where outlines would lie double.
 */

/** @param {Array<{ rings: Float64Array[], city: string }>} units @returns {Record<"province"|"city"|"county", Map<string, string[]>>} */
function rankedEdges(units) {
  const seen = new Map();
  for (const { rings, city } of units) {
    for (const ring of rings) {
      for (let i = 2; i < ring.length; i += 2) {
        const a = `${ring[i - 2]} ${ring[i - 1]}`;
        const b = `${ring[i]} ${ring[i + 1]}`;
        if (a === b) continue;
        const key = a < b ? `${a}|${b}` : `${b}|${a}`;
        const edge = seen.get(key);
        if (edge) edge.rank = edge.city === city ? "county" : "city";
        else seen.set(key, { a, b, city, rank: "province" });
      }
    }
  }
  return byRank(seen);
}

function byRank(seen) {
  const ranks = { province: new Map(), city: new Map(), county: new Map() };
  const link = (map, from, to) => {
    const list = map.get(from);
    if (list) list.push(to);
    else map.set(from, [to]);
  };
  for (const { a, b, rank } of seen.values()) {
    link(ranks[rank], a, b);
    link(ranks[rank], b, a);
  }
  return ranks;
}

const point = (key) => key.split(" ").map(Number);

/** Joins edges into lines that run from junction to junction. */
function chains(neighbours) {
  const lines = [];
  const take = (from, to) => {
    const list = neighbours.get(from);
    list.splice(list.indexOf(to), 1);
  };
  const follow = (start) => {
    const keys = [start];
    let here = start;
    while (neighbours.get(here).length) {
      const next = neighbours.get(here)[0];
      take(here, next);
      take(next, here);
      keys.push(next);
      here = next;
      if (neighbours.get(here).length > 1) break;
    }
    lines.push(Float64Array.from(keys.flatMap(point)));
  };
  for (const [key, list] of neighbours) {
    if (list.length === 2) continue;
    while (list.length) follow(key);
  }
  // What is left are closed loops without a junction.
  for (const [key, list] of neighbours) while (list.length) follow(key);
  return lines;
}

/**
 * @param {Array<{ shape: import("./geometry.js").Shape, city: string }>} units
 * @returns {{ province: Float64Array[], city: Float64Array[], county: Float64Array[] }}
 */
export function borderMesh(units) {
  const ranks = rankedEdges(units.map(({ shape, city }) => ({ rings: shape.parts.flat(), city })));
  return { province: chains(ranks.province), city: chains(ranks.city), county: chains(ranks.county) };
}
