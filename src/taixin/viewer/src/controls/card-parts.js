/** Building pieces of cards. */
import { el } from "../dom.js";
import { inUnit, wordOf } from "../english.js";
import { number } from "../format.js";

/** A row of a definition list; empty content leaves the row out. */
export function fact(label, content, role) {
  const parts = (Array.isArray(content) ? content : [content]).filter((part) => part !== null && part !== undefined && part !== "" && part !== false);
  return parts.length ? [el("dt", { text: label }), el("dd", { data: role ? { role } : {} }, parts)] : [];
}

/** A link to another card, or plain text when the data names something we do not know. */
export function subjectLink(page, name, subject, open) {
  if (!subject) return el("span", { class: "plain", text: name });
  const data = subject.type === "feature" ? { feature: subject.id } : { county: subject.id };
  return el("button", { type: "button", class: "chip", data, text: name, on: { click: () => open(subject) } });
}

/** A feature as a link, marked when it has no position. */
export function featureLink(page, feature, open) {
  const { lang } = page;
  return el(
    "button",
    { type: "button", class: `chip ${feature.shape ? "" : "is-unlocated"}`, data: { feature: feature.id }, on: { click: () => open({ type: "feature", id: feature.id }) } },
    lang.name(feature.props),
    el("small", { text: lang.pick(feature.layer.kind.label) }),
  );
}

export const chips = (list) => el("div", { class: "chips" }, list);

/** "116 km" from a figure's value and its entry in the manifest. */
export function figureText(stated, entry, page) {
  const { value, unit } = inUnit(page, stated, entry && entry.unit);
  const text = typeof value === "number" ? number(value, page.lang.lang(), 4) : wordOf(page, String(value));
  return [text, unit].filter(Boolean).join(" ");
}
