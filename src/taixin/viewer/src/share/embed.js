/** "#embed": map and legend only, with what a map must never be without: title, sources, review state. */
import { el, fill } from "../dom.js";

/** @param {any} page @param {HTMLElement} shell */
export function createEmbedFrame(page, shell) {
  const { lang, store, manifest } = page;
  const node = el("div", { class: "embed-line", hidden: true, data: { role: "embed-line", covers: "" } });

  function render() {
    const { embed } = store.get();
    node.hidden = !embed;
    shell.classList.toggle("is-embed", embed);
    if (!embed) return;
    const sources = manifest.sources.map((source) => lang.pick(source.title)).filter(Boolean);
    fill(
      node,
      el("strong", { text: lang.pick(manifest.title) }),
      el("span", { class: "review", text: lang.pick(manifest.review) }),
      el("span", { title: sources.join("\n"), text: `${lang.t("sources")}${lang.lang() === "zh" ? "：" : ": "}${sources.length}` }),
      el("a", { href: page.link ? page.link() : "#", target: "_blank", rel: "noopener", data: { role: "embed-open" }, text: lang.t("open_atlas") }),
    );
  }
  store.on(["embed", "lang", "visible", "selection"], render);
  page.map.on("moveend", render);
  render();
  return node;
}
