/** Above the tree: text to look for, grouping, feature filters, reset. */
import { el, fill } from "../dom.js";
import { ACCURACY_STEPS, wishes } from "../filters.js";
import { distance } from "../format.js";
import { icon } from "../icons.js";
import { later } from "../later.js";

/** A select with a visible name. @param {Array<{ value: string, text: string } | { label: string, options: any[] }>} entries */
function choice(label, role, entries, run) {
  const option = ({ value, text, label: group, options }) =>
    options ? el("optgroup", { label: group }, options.map(option)) : el("option", { value, text });
  const select = el("select", { data: { role }, on: { change: () => run(select.value) } }, entries.map(option));
  return { select, node: el("label", { class: "choice" }, el("span", { text: label }), select) };
}

const phasesOf = (plan, lang) => plan.phases.map((phase) => ({ value: `${plan.id}/${phase.id}`, text: `${lang.pick(phase.title)}${phase.from ? ` ${phase.from}–${phase.to}` : ""}` }));

/** Kinds that occur, as options. */
function kindsOf({ model, lang }) {
  const used = new Map([...model.layers.values()].map((layer) => [layer.info.kind, lang.pick(layer.kind.label)]));
  return [...used].map(([value, text]) => ({ value, text })).sort((a, b) => a.text.localeCompare(b.text, lang.lang()));
}

/** The four wishes as selects. */
function choices(page) {
  const { lang, manifest, actions } = page;
  const any = { value: "", text: lang.t("every") };
  const plans = manifest.plans.map((plan) => ({ value: plan.id, text: lang.pick(plan.short) }));
  const phases = manifest.plans.map((plan) => ({ label: lang.pick(plan.short), options: phasesOf(plan, lang) }));
  const steps = ACCURACY_STEPS.map((step) => ({ value: String(step), text: lang.t("up_to", { far: distance(step, lang.lang()) }) }));
  return {
    plan: choice(lang.t("plan"), "filter-plan", [any, ...plans], (plan) => actions.want({ plan })),
    phase: choice(lang.t("phase"), "filter-phase", [any, ...phases], (phase) => actions.want({ phase })),
    kind: choice(lang.t("kind"), "filter-kind", [any, ...kindsOf(page)], (kind) => actions.want({ kind })),
    accuracy: choice(lang.t("accuracy"), "filter-accuracy", [any, ...steps, { value: "unlocated", text: lang.t("only_unlocated") }], (accuracy) => actions.want({ accuracy })),
  };
}

function groupingButtons(page) {
  const { lang, actions } = page;
  const button = (by) => el("button", { type: "button", class: "segment", data: { by }, text: lang.t(`by_${by}`), on: { click: () => actions.group(by) } });
  return el("div", { class: "segments", role: "group", "aria-label": lang.t("tree_order"), data: { role: "tree-grouping" } }, button("plan"), button("theme"));
}

/** @param {any} page */
export function treeTools(page) {
  const { lang, store, actions, model } = page;
  const node = el("div", { class: "tree-tools" });
  let now = null;

  const setAll = (selects) => {
    for (const [key, { select }] of Object.entries(selects)) select.value = store.get().filters[key];
  };
  function write() {
    const seek = el("input", { type: "search", class: "tree-seek", placeholder: lang.t("filter_layers"), "aria-label": lang.t("filter_layers"), data: { role: "tree-filter" }, on: { input: () => actions.seek(seek.value) } });
    const summary = el("span", {});
    const open = now ? now.details.open : false;
    const wishing = el("div");
    const selects = later(() => {
      const made = choices(page);
      fill(wishing, Object.values(made).map((one) => one.node), el("p", { class: "quiet", text: lang.t("filter_note") }));
      setAll(made);
      return made;
    });
    const details = el("details", { class: "feature-filters", data: { role: "filters" }, open, on: { toggle: selects } }, el("summary", { on: { click: selects } }, icon("filter"), summary), wishing);
    const reset = el("button", { type: "button", class: "text-button reset", title: lang.t("reset_help"), data: { role: "tree-reset" }, on: { click: actions.reset } }, icon("reset"), el("span", { text: lang.t("reset") }));
    const grouping = groupingButtons(page);
    const state = el("p", { class: "quiet tree-state", role: "status", data: { role: "tree-state" } });
    now = { seek, selects, wishing, summary, details, grouping, state };
    fill(node, seek, el("div", { class: "tree-line" }, grouping, reset), details, state);
  }
  function update() {
    const { filters, treeText, treeBy, visible } = store.get();
    const n = wishes(filters);
    if (now.seek.value !== treeText) now.seek.value = treeText;
    if (n || now.wishing.firstChild) setAll(now.selects());
    now.summary.textContent = n ? lang.t("filters_on", { n }) : lang.t("filters");
    for (const button of now.grouping.children) button.setAttribute("aria-pressed", String(button.dataset.by === treeBy));
    const on = [...model.layers.values()].filter((layer) => visible.has(layer.id) && layer.info.geometry_type !== "none").length;
    now.state.textContent = lang.t("layers_shown", { on, all: model.layers.size });
  }
  return { node, write, update };
}
