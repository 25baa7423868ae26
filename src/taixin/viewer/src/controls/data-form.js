/** What was found in a file, and the questions before it goes onto the map: encoding, coordinate system, axes. */
import { el } from "../dom.js";
import { systemSelect } from "./goto.js";

const ENCODINGS = [["utf-8", "UTF-8"], ["gb18030", "GBK / GB18030"], ["big5", "Big5"]];

function encodingField({ lang }, found, again) {
  if (!found.encoding || found.encoding.sure) return null;
  const select = el("select", { data: { role: "data-encoding" } }, ENCODINGS.map(([value, text]) => el("option", { value, text })));
  select.value = found.encoding.name;
  select.addEventListener("change", () => again(select.value));
  return [
    el("label", {}, el("span", { text: lang.t("encoding") }), select),
    el("p", { class: "quiet", data: { role: "data-sample" }, text: lang.t("encoding_sample", { text: found.sample }) }),
  ];
}

/**
 * @param {any} page @param {any} found the worker's "read" message @param {string} name of the file
 * @param {{ again: (encoding: string) => void, add: (system: string, swap: boolean) => void, cancel: () => void }} run
 */
export function dataForm(page, found, name, run) {
  const { lang } = page;
  const select = systemSelect(page, "data-system", { value: found.system });
  const swap = el("input", { type: "checkbox", data: { role: "data-swap" } });
  swap.checked = found.swap;
  const left = [
    found.brokenCount > 0 && lang.t("some_broken", { list: found.broken.join(", ") + (found.brokenCount > found.broken.length ? " …" : "") }),
    found.empty > 0 && lang.t("some_empty", { n: found.empty }),
  ].filter(Boolean);
  const submit = (event) => {
    event.preventDefault();
    run.add(select.value, swap.checked);
  };
  return el(
    "form",
    { class: "data-form", data: { role: "data-form" }, on: { submit } },
    el("h3", { text: name }),
    el("p", { text: lang.t("found_features", { n: found.count }) }),
    left.map((text) => el("p", { class: "warning", text })),
    encodingField(page, found, run.again),
    el("label", {}, el("span", { text: lang.t("system_label") }), select),
    found.stated && el("p", { class: "quiet", text: lang.t("stated_system", { system: found.stated }) }),
    found.warnings.map(({ word, values }) => el("p", { class: "warning", data: { warning: word }, text: lang.t(word, values) })),
    el("label", { class: "check-line" }, swap, el("span", { text: lang.t("swap_axes") })),
    el("p", { class: "quiet", text: lang.t("gcj_hint") }),
    el("div", { class: "tool-buttons" },
      el("button", { type: "submit", class: "text-button", data: { role: "data-add" }, text: lang.t("data_add") }),
      el("button", { type: "button", class: "text-button", data: { role: "data-cancel" }, text: lang.t("draft_cancel"), on: { click: run.cancel } }),
    ),
  );
}
