/** Surveys in the tree of layers and in the legend: a branch of their own, beside the plans. */
import { el, fill } from "../dom.js";
import { swatch } from "../draw/swatch.js";
import { distance, number } from "../format.js";

const countText = ({ lang }, { features }) => lang.t("survey_rows", { n: number(features, lang.lang()) });

function stateText({ lang }, { about, state, chunks }) {
  if (state === "failed") return lang.t("survey_failed");
  return state === "reading" ? lang.t("survey_reading", { n: chunks.length, all: about.chunks }) : "";
}

function slider(page, { about }, title) {
  const { lang, surveys } = page;
  const input = el("input", {
    type: "range", min: 0.1, max: 1, step: 0.05, value: surveys.get().opacity[about.id] ?? 1, "aria-label": lang.t("opacity_of", { what: title }),
    data: { surveyOpacity: about.id }, on: { input: () => surveys.fade(about.id, Number(input.value)) },
  });
  return el("label", { class: "opacity" }, el("span", { text: lang.t("opacity") }), input);
}

function surveyRow(page, survey) {
  const { lang, surveys } = page;
  const { about } = survey;
  const title = lang.pick(about.title);
  const box = el("input", { type: "checkbox", "aria-label": lang.t("show_layer", { what: title }), data: { survey: about.id }, on: { change: () => surveys.show(about.id, box.checked) } });
  const state = el("span", { class: "count", data: { role: "survey-state" } });
  const names = el("span", { class: "layer-name" }, el("span", { class: "layer-title", text: title }), el("span", { class: "count", text: `${countText(page, about)} ` }), state);
  const tools = el("div", { class: "layer-tools" }, slider(page, survey, title), el("p", { class: "quiet", text: `${about.source.attribution} · ± ${distance(about.accuracy_m, lang.lang())}` }));
  const node = el("li", { class: "layer-row" }, el("div", { class: "layer-head" }, el("label", { class: "layer-label" }, box, swatch(about.sets[0].symbol, about.type), names)), tools);
  const update = () => {
    box.checked = surveys.get().shown.has(about.id);
    node.classList.toggle("is-off", !box.checked);
    tools.hidden = !box.checked;
    state.textContent = stateText(page, survey);
  };
  update();
  return { node, update };
}

/** @param {any} page @returns {{ node: HTMLElement, write: () => void }} the branch; write: anew in another language */
export function surveyBranch(page) {
  const { lang, surveys } = page;
  const node = el("section", { class: "theme", data: { role: "surveys" }, hidden: !surveys.all.size });
  let rows = [];
  const write = () => {
    rows = [...surveys.all.values()].map((survey) => surveyRow(page, survey));
    fill(node, el("h3", { class: "theme-title", text: lang.t("surveys") }), el("ul", { class: "layer-list" }, rows.map((row) => row.node)));
  };
  surveys.on(["shown", "arrived"], () => rows.forEach((row) => row.update()));
  write();
  return { node, write };
}

/** @param {any} page legend rows of the surveys that are shown @param {(picture: any, text: string, count: string) => any} row */
export function surveyLegend(page, row) {
  const { lang, surveys } = page;
  const { shown, opacity } = surveys.get();
  const on = [...surveys.all.values()].filter(({ about }) => shown.has(about.id));
  return on.map(({ about }) =>
    el(
      "div",
      { class: "legend-group", data: { group: `survey-${about.id}` } },
      el("h3", { text: lang.pick(about.title) }),
      el("ul", {}, about.sets.map(({ value, features, symbol }) => row(swatch(symbol, about.type, { opacity: opacity[about.id] ?? 1 }), about.fill ? value || lang.t("survey_no_value") : lang.pick(about.title), countText(page, { features })))),
    ));
}
