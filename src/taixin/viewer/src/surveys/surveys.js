/**
 * Surveys: big layers of existing data. They have rows and columns instead of features, are read when they are first
 * shown, and are drawn by the page's own drawing.
 *
 * @typedef {{ about: any, chunks: Array<{ sets: Array<{ set: any, geometries: any, first: number }>, columns: any[] }>, state: "waiting" | "reading" | "ready" | "failed" }} Survey
 * @typedef {{ survey: Survey, chunk: any, set: any, geometries: any, row: number, of: number }} Spot row: within its set; of: within its chunk
 */
import { geometriesFrom } from "../shapes/unpack.js";
import { shapeAt } from "../shapes/shape-at.js";
import { createStore, toggled } from "../store.js";
import { loadChunks } from "./loader.js";
import { textAt } from "./read.js";

/** Above the areas of plans, whose fills would hide them; below rivers, borders, and what plans draw as lines and points. */
const ORDER = { polygon: 340, line: 342, point: 344 };
const PREFIX = "survey:";

function chunkOf({ about }, { shapes, columns }) {
  const found = geometriesFrom(shapes);
  let first = 0;
  const sets = shapes.sets.map(({ id, count }) => {
    const set = { set: about.sets.find(({ value }) => value === id), geometries: found.get(id), first };
    first += count;
    return set;
  });
  return { sets, columns };
}

/**
 * @param {any[]} abouts what the manifest says of the surveys @param {(about: any) => string} blockOf name of its blocks
 */
export function createSurveys(abouts, blockOf) {
  /** @type {Map<string, Survey>} */
  const surveys = new Map(abouts.map((about) => [about.id, { about, chunks: [], state: "waiting" }]));
  const shown = new Set(abouts.filter(({ visible }) => visible).map(({ id }) => id));
  const store = createStore(/** @type {any} */ ({ shown, opacity: {}, arrived: 0 }));
  const tell = () => store.set({ arrived: store.get().arrived + 1 });

  function load(survey) {
    if (survey.state !== "waiting") return;
    survey.state = "reading";
    const { about } = survey;
    const arrived = (chunk) => {
      survey.chunks.push(chunkOf(survey, chunk));
      if (survey.chunks.length === about.chunks) survey.state = "ready";
      tell();
    };
    loadChunks(blockOf(about), about.chunks, arrived, () => {
      survey.state = "failed";
      tell();
    });
    tell();
  }

  /** @param {string} id of a layer of the drawing @param {number} row @returns {Spot | null} */
  function spotAt(id, row) {
    const [name, chunk, set] = id.slice(PREFIX.length).split("#");
    const survey = surveys.get(name);
    const part = survey && survey.chunks[chunk];
    if (!part || !part.sets[set]) return null;
    const { first, geometries, set: known } = part.sets[set];
    return { survey, chunk: part, set: known, geometries, row, of: first + row };
  }

  return {
    all: surveys,
    store,
    on: store.on,
    get: store.get,
    load,
    show(id, on) {
      store.set({ shown: toggled(store.get().shown, id, on) });
    },
    fade: (id, opacity) => store.set({ opacity: { ...store.get().opacity, [id]: opacity } }),
    /** The card's subject of something that was hit on the map, or null if it is none of ours. */
    subjectOf: ({ layer, row }) => (layer.startsWith(PREFIX) ? { type: "survey", id: `${layer}#${row}` } : null),
    /** @param {string} id of a subject */
    at(id) {
      const cut = id.lastIndexOf("#");
      return spotAt(id.slice(0, cut), Number(id.slice(cut + 1)));
    },
  };
}

/** @param {Spot} spot @returns {Array<[string, string]>} columns of a row in the order of the survey, empty ones left out */
export function cellsOf({ survey, chunk, of }) {
  const byName = new Map(chunk.columns.map((column) => [column.name, column]));
  const cells = survey.about.columns.map((name) => [name, byName.has(name) ? textAt(byName.get(name), of) : ""]);
  return cells.filter(([, text]) => text);
}

/** @param {Spot} spot what the row is called: the text of the column that names it, or the survey's title */
export function nameOfSpot(spot, lang) {
  const { about } = spot.survey;
  const found = about.name && cellsOf(spot).find(([name]) => name === about.name);
  return found ? found[1] : lang.pick(about.title);
}

export const shapeOfSpot = ({ geometries, row }) => shapeAt(geometries, row);

/** Keeps a drawing in step with which surveys are shown, and has them read when they first are. */
export function followSurveys(drawing, surveys) {
  const drawn = new Set();
  const sync = () => {
    const { shown, opacity } = surveys.get();
    for (const [name, survey] of surveys.all) {
      const on = shown.has(name);
      if (on) surveys.load(survey);
      survey.chunks.forEach(({ sets }, number) => sets.forEach(({ set, geometries }, i) => {
        const id = `${PREFIX}${name}#${number}#${i}`;
        if (on && !drawn.has(id)) drawing.add({ id, order: ORDER[survey.about.type], symbol: set.symbol, pickable: true, geometries, items: null });
        if (!on && drawn.has(id)) drawing.remove(id);
        if (on) drawing.style(id, { opacity: opacity[name] ?? 1 });
        if (on) drawn.add(id);
        else drawn.delete(id);
      }));
    }
  };
  const stop = surveys.on(["shown", "opacity", "arrived"], sync);
  sync();
  return stop;
}
