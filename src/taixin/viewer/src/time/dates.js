/**
 * From which year on a feature is there. A dated status comes first: what exists is there at any time, since no
 * document says when it began, and what is completed is there from the date of that word. Everything else is there
 * when its phase ends, the only date a plan promises; a feature without any date is always there: nothing is guessed.
 */

/** What a plan covers is covered from its first day: there is nothing to be achieved. */
const EXTENTS = new Set(["plan_scope", "county_involved"]);
const BEGUN = new Set(["under_construction", "resumed"]);

const yearOf = (date) => {
  const year = Number(String(date || "").slice(0, 4));
  return Number.isInteger(year) && year > 1900 ? year : null;
};

/** The phase a feature names, of its plan; null when it names none. */
export const phaseOf = ({ layer, props }) => layer.plan.phases.find(({ id }) => id === props.phase) || null;

/**
 * @param {import("../model.js").Feature} feature
 * @returns {{ from: number | null, to: number | null }} begun in `from`, promised by `to`; null: the data says nothing
 */
export function datesOf(feature) {
  const { status, status_date: when } = feature.props;
  const year = yearOf(when);
  const phase = phaseOf(feature);
  const to = phase && !EXTENTS.has(feature.props.kind) ? phase.to : null;
  if (status === "existing") return { from: null, to: null };
  if (status === "completed") return { from: null, to: year };
  if (BEGUN.has(status) && year) return { from: year, to: to ?? year };
  return { from: phase ? phase.from : null, to };
}

/** @returns {"there" | "coming" | "later"} there, within its phase, or not before its phase begins */
export function stateAt(feature, year) {
  if (year === null) return "there";
  const { from, to } = datesOf(feature);
  if (from !== null && year < from) return "later";
  return to !== null && year < to ? "coming" : "there";
}

const spans = new WeakMap();

/** First and last year that any plan speaks of. */
export function yearsOf(model) {
  if (!spans.has(model.layers)) {
    const phases = [...model.layers.values()].flatMap(({ plan }) => plan.phases).filter(({ from, to }) => from && to);
    const horizons = [...model.layers.values()].flatMap(({ plan }) => plan.horizon || []);
    const years = [...phases.flatMap(({ from, to }) => [from, to]), ...horizons];
    spans.set(model.layers, { from: Math.min(...years), to: Math.max(...years) });
  }
  return spans.get(model.layers);
}
