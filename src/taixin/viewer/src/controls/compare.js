/** The bar of a comparison: how, what on either side, swap, end. */
import { setIds, setTitle } from "../compare/sets.js";
import { el, fill } from "../dom.js";
import { iconButton } from "./button.js";

const MODES = ["swipe", "side", "counties"];

/** What a comparison begins with: what is shown, against the plan that is shown least. */
function firstPair(page) {
  const { manifest, store } = page;
  const { visible } = store.get();
  const shown = (plan) => plan.systems.flatMap((system) => system.layers).filter(({ id }) => visible.has(id)).length;
  const other = [...manifest.plans].sort((a, b) => shown(a) - shown(b))[0];
  const plan = manifest.plans.find((one) => one !== other && shown(one) === 0) || other;
  const next = manifest.plans[1] && shown(manifest.plans[1]) === 0 ? manifest.plans[1] : plan;
  return { a: "now", b: next ? `plan:${next.id}` : "now" };
}

/** Two counties to begin with: the open card's, and its neighbour in the list. */
function firstCounties({ model, store }) {
  const ids = [...model.counties.keys()];
  const { selection } = store.get();
  const a = selection && selection.type === "county" ? selection.id : ids[0];
  return { a, b: ids.find((id) => id !== a) };
}

function sidePicker(page, side) {
  const { lang, manifest, store, actions } = page;
  const { compare } = store.get();
  const select = el(
    "select",
    { "aria-label": lang.t(side === "a" ? "left_side" : "right_side"), data: { role: `compare-${side}` }, on: { change: () => actions.compare({ ...store.get().compare, [side]: select.value }) } },
    el("option", { value: "now", text: lang.t("compare_now") }),
    ["plan", "theme"].map((type) =>
      el("optgroup", { label: lang.t(type === "plan" ? "compare_plans" : "compare_themes") }, setIds(manifest).filter((id) => id.startsWith(`${type}:`)).map((id) => el("option", { value: id, text: setTitle(page, id) }))),
    ),
  );
  select.value = compare[side];
  return select;
}

function modeButton(page, mode, switchTo) {
  const { lang, store } = page;
  const pressed = String(store.get().compare.mode === mode);
  return el("button", { type: "button", class: "tool-button", "aria-pressed": pressed, data: { role: `compare-${mode}` }, text: lang.t(`compare_${mode}`), on: { click: () => switchTo(mode) } });
}

/** @param {any} page */
export function createCompare(page) {
  const { lang, store, actions } = page;
  const node = el("section", { class: "compare-bar", hidden: true, data: { role: "compare-bar", covers: "" } });

  function switchTo(mode) {
    const { compare } = store.get();
    const kept = compare && (compare.mode === "counties") === (mode === "counties") ? { a: compare.a, b: compare.b } : null;
    actions.compare({ mode, ...(kept || (mode === "counties" ? firstCounties(page) : firstPair(page))) });
  }
  const swap = () => {
    const { compare } = store.get();
    actions.compare({ ...compare, a: compare.b, b: compare.a });
  };
  function end() {
    actions.compare(null);
    page.map.getContainer().focus();
  }

  function render() {
    const { compare } = store.get();
    const active = node.contains(document.activeElement) ? document.activeElement.dataset.role : null;
    node.hidden = !compare || compare.mode === "counties";
    if (node.hidden) return;
    node.setAttribute("aria-label", lang.t("compare"));
    fill(
      node,
      el("div", { class: "compare-modes", role: "group" }, MODES.map((mode) => modeButton(page, mode, switchTo))),
      el("div", { class: "compare-sides" }, sidePicker(page, "a"), iconButton("swap", lang.t("swap"), swap, { data: { role: "compare-swap" } }), sidePicker(page, "b")),
      iconButton("close", lang.t("compare_end"), end, { data: { role: "compare-end" } }),
    );
    const again = active && node.querySelector(`[data-role="${active}"]`);
    if (again) again.focus();
  }
  page.compare = () => (store.get().compare ? actions.compare(null) : switchTo("swipe"));
  page.compareCounties = () => switchTo("counties");
  store.on(["compare", "lang"], render);
  render();
  return node;
}
