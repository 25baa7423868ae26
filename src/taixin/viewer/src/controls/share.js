/** "Share": the link to what is shown, and the code of a frame with map and legend. */
import { el } from "../dom.js";
import { createDialog } from "./dialog.js";

/** Puts text on the clipboard; pages from files may not be allowed to, and then the old way is tried. */
async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** The frame's code, as text to be copied: quotes can not end its attribute. */
const frameCode = (link) => `<iframe src="${link.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}" width="800" height="560" title="Taixin Atlas"></iframe>`;

function copyRow(page, { label, value, role, tag }) {
  const { lang } = page;
  const said = el("span", { class: "quiet", role: "status", data: { role: `${role}-said` } });
  const field = el(tag, { class: "copy-field", readonly: true, rows: tag === "textarea" ? 3 : null, spellcheck: "false", "aria-label": label, data: { role } });
  field.value = value;
  field.addEventListener("focus", () => field.select());
  const run = async () => {
    said.textContent = lang.t((await copy(field)) ? "share_copied" : "share_copy_failed");
  };
  return el(
    "div",
    { class: "copy-row" },
    el("span", { class: "copy-label", text: label }),
    el("div", { class: "copy-line" }, field, el("button", { type: "button", class: "tool-button", data: { role: `${role}-copy` }, text: lang.t("share_copy"), on: { click: run } })),
    said,
  );
}

/** @param {any} page */
export function createShare(page) {
  const { lang } = page;
  const body = () => [
    el("p", { text: lang.t("share_text") }),
    copyRow(page, { label: lang.t("share_link"), value: page.link(), role: "share-link", tag: "input" }),
    copyRow(page, { label: lang.t("share_embed"), value: frameCode(page.link({ embed: true })), role: "share-embed", tag: "textarea" }),
  ];
  const dialog = createDialog(page, { role: "share", title: () => lang.t("share_view"), body });
  page.share = dialog.open;
  return dialog.node;
}
