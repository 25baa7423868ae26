/** "About": what this page is, documents, data sources, fields of the data, licences of the software inside it. */
import licences from "virtual:licences";
import { inflateText } from "../blocks.js";
import { el, fill } from "../dom.js";
import { date } from "../format.js";
import { iconButton } from "./button.js";

function documentList({ lang, manifest }) {
  return el(
    "ul",
    {},
    manifest.plans.flatMap((plan) => plan.documents).map((document) =>
      el("li", {}, el("strong", { text: lang.pick(document.title) }), " ", [lang.pick(document.issuer), date(document.date, lang.lang())].filter(Boolean).join(" · ")),
    ),
  );
}

function sourceList({ lang, manifest }) {
  return el(
    "dl",
    { class: "source-list" },
    manifest.sources.map((source) => [
      el("dt", { text: lang.pick(source.title) }),
      el("dd", { text: [lang.pick(source.issuer) || source.issuer, date(source.date, lang.lang()), source.licence, source.attribution].filter((part) => typeof part === "string" && part).join(" · ") }),
    ]),
  );
}

const licenceList = () =>
  JSON.parse(inflateText(licences)).map(({ name, version, licence, text }) =>
    el("details", {}, el("summary", { text: `${name} ${version} · ${licence}` }), el("pre", { text })),
  );

/** Every field of the downloads: its name, what it is called, unit and meaning. */
function dictionary({ lang, manifest }) {
  const fields = manifest.dictionary;
  const cells = ({ name, zh, en, type, unit, meaning_zh, meaning_en }) => [
    el("th", { scope: "row" }, el("code", { text: name })),
    el("td", { text: lang.pick({ zh, en }) }),
    el("td", { text: [type, unit].filter(Boolean).join(", ") }),
    el("td", { text: lang.pick({ zh: meaning_zh, en: meaning_en }) }),
  ];
  return el(
    "details",
    { data: { role: "dictionary" } },
    el("summary", { text: lang.t("dictionary_lead", { n: fields.length }) }),
    el("table", {}, el("tbody", {}, fields.map((field) => el("tr", {}, ...cells(field))))),
  );
}

/** @param {any} page */
export function createAbout(page) {
  const { lang, store, manifest } = page;
  const dialog = el("dialog", { class: "about", data: { role: "about" }, "aria-labelledby": "taixin-about-title" });
  const close = () => (dialog.close ? dialog.close() : dialog.removeAttribute("open"));

  function render() {
    fill(
      dialog,
      el("div", { class: "about-head" }, el("h2", { id: "taixin-about-title", text: lang.pick(manifest.title) }), iconButton("close", lang.t("close"), close)),
      el("p", { text: lang.t("about_text") }),
      el("p", { class: "review", text: lang.pick(manifest.review) }),
      el("p", { text: `${lang.t("crs_statement")}。${lang.t("accuracy_statement")}。`.replace(/。/g, lang.lang() === "zh" ? "。" : ". ") }),
      el("h3", { text: lang.t("documents") }),
      documentList(page),
      el("h3", { text: lang.t("sources") }),
      sourceList(page),
      el("h3", { text: lang.t("dictionary") }),
      dictionary(page),
      el("h3", { text: lang.t("licences") }),
      licenceList(),
      el("p", { class: "quiet", text: `${lang.t("version")} ${manifest.version}` }),
    );
  }

  dialog.addEventListener("click", (event) => event.target === dialog && close());
  page.about = () => {
    render();
    // Browsers without dialogs still show it, as a plain box.
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  };
  store.on(["lang"], () => dialog.open && render());
  return dialog;
}
