/** The tab of drawing and measuring. Hooks: data-measure="line|polygon|point" starts drawing. */
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { createGoto } from "./goto.js";
import { createSketchList } from "./sketch-list.js";

const KINDS = ["line", "polygon", "point"];

/** @param {any} page */
function createTab(page) {
  const { lang, store, own } = page;
  const buttons = el("div", { class: "measure-buttons" });
  const hint = el("p", { class: "quiet" });

  function render() {
    const { drawing } = own.get();
    fill(buttons, KINDS.map((kind) =>
      el("button", {
        type: "button", class: "measure-button", "aria-pressed": String(drawing === kind), data: { measure: kind },
        on: { click: () => (drawing === kind ? page.draft.stop() : page.draft.start(kind)) },
      }, icon(`draw_${kind}`), el("span", { text: lang.t(`measure_${kind}`) })),
    ));
    hint.textContent = lang.t("measure_hint");
  }
  store.on(["lang"], render);
  own.on(["drawing"], render);
  render();
  return [buttons, hint, createSketchList(page), createGoto(page)];
}

export const measureTab = { id: "measure", word: "tab_measure", create: createTab };
