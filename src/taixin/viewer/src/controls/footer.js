/** The imprint under the map: review state, date, coordinate system, accuracy, sources. */
import { el, fill } from "../dom.js";
import { date } from "../format.js";
import { isNarrow } from "../window.js";

/** @param {any} page */
export function createFooter(page) {
  const { lang, store, manifest } = page;
  const node = el("footer", { class: "imprint", tabindex: isNarrow() ? 0 : null, data: { role: "footer" } }); // it scrolls on phones
  const item = (className, text, role) => el("span", { class: className, text, data: role ? { role } : {} });

  function render() {
    const tiles = (manifest.tiles || []).map((each) => each.attribution);
    const surveys = manifest.surveys.map(({ source }) => source.attribution);
    const sources = [...manifest.sources.map((source) => lang.pick(source.title)), ...surveys, ...tiles].filter(Boolean);
    const when = manifest.date ? lang.t("version_date", { date: date(manifest.date, lang.lang()) }) : null;
    fill(
      node,
      item("review", lang.pick(manifest.review), "review"),
      when && item("", when, "date"),
      item("", lang.t("crs_statement"), "crs"),
      item("", lang.t("accuracy_statement"), "accuracy"),
      el(
        "span",
        { class: "source-line", data: { role: "sources" }, title: sources.join("\n") },
        `${lang.t("sources")}${lang.lang() === "zh" ? "：" : ": "}`,
        sources.join(lang.lang() === "zh" ? "；" : "; "),
      ),
    );
  }
  store.on(["lang"], render);
  render();
  return node;
}
