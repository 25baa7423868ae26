/** The strip over the map while something is drawn: what it measures so far, and the buttons that end it. */
import { el, fill } from "../dom.js";

/** @param {any} page @returns {any} the strip, with `show(state, text)` */
export function createDraftBar(page, actions) {
  const { lang } = page;
  const figure = el("strong", { class: "draft-figure", data: { role: "draft-figure" }, role: "status" });
  const node = el("div", { class: "draft-bar", hidden: true, data: { role: "draft-bar" } });
  let shown = "";
  const button = (word, role, run) => el("button", { type: "button", class: "text-button", data: { role }, text: lang.t(word), on: { click: run } });

  return {
    node,
    /** @param {any} state of the draft, null at the end @param {string} [text] the measure so far */
    show(state, text = "") {
      node.hidden = !state;
      // The buttons stay as they are while the pointer moves; only the figure changes.
      const form = state ? `${state.type}${lang.lang()}` : "";
      if (form && form !== shown) {
        fill(
          node,
          el("span", { text: lang.t(`drawing_${state.type}`) }),
          figure,
          state.type !== "point" && button("draft_undo", "draft-undo", actions.undo),
          state.type !== "point" && button("draft_finish", "draft-finish", actions.finish),
          button("draft_cancel", "draft-cancel", actions.stop),
        );
      }
      shown = form;
      figure.textContent = text;
    },
  };
}
