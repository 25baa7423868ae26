/** A place in every system a planner may need, each with a button that copies it. */
import { el } from "../dom.js";
import { toldAs } from "../measure/coordinates.js";
import { copyText } from "../own/copy.js";

/** @param {any} page @param {number[]} place lon, lat */
export function coordinateList({ lang }, [lon, lat]) {
  return el(
    "dl",
    { class: "coordinates", data: { role: "coordinates" } },
    toldAs(lon, lat).map(({ id, word, values, text }) => {
      const name = lang.t(word, values);
      const button = el("button", { type: "button", class: "text-button copy", "aria-label": `${lang.t("copy")} ${name}`, text: lang.t("copy") });
      button.addEventListener("click", async () => {
        if (await copyText(text)) button.textContent = lang.t("copied");
      });
      return [el("dt", { text: name }), el("dd", { data: { system: id } }, el("output", { text }), button)];
    }),
  );
}
