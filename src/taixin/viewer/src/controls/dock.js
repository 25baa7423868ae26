/** The space below the map for wide things: the self-check and the tables of layers. One at a time. */
import { el, fill } from "../dom.js";
import { iconButton } from "./button.js";
import { auditView } from "./audit.js";
import { tableView } from "./table.js";

const VIEWS = { audit: auditView, table: tableView };

const sameDock = (a, b) => Boolean(a && b && a.view === b.view && a.layer === b.layer);

/** @param {any} page */
export function createDock(page) {
  const { lang, store, actions } = page;
  const node = el("section", { class: "dock", hidden: true, data: { role: "dock" } });
  let shown = null;
  let before = null;

  function close() {
    actions.dock(null);
    // Back to where the dock was opened from, unless that is gone.
    if (before && before.isConnected && before.offsetParent) before.focus();
    else page.map.getContainer().focus({ preventScroll: true });
  }
  function render() {
    const { dock } = store.get();
    node.hidden = !dock;
    document.body.classList.toggle("has-dock", Boolean(dock));
    if (!dock) return fill(node);
    const view = VIEWS[dock.view](page, dock);
    const title = el("h2", { id: "taixin-dock-title", tabindex: -1, text: view.title });
    node.setAttribute("aria-labelledby", "taixin-dock-title");
    return fill(
      node,
      el("div", { class: "panel-head dock-head" }, title, el("div", { class: "dock-tools" }, view.tools), iconButton("close", lang.t("close_panel", { what: view.title }), close, { data: { role: "dock-close" } })),
      view.body,
    );
  }
  store.on(["dock"], ({ dock }) => {
    if (sameDock(dock, shown)) return;
    if (dock && !shown) before = document.activeElement;
    shown = dock;
    render();
    if (dock) node.querySelector("h2").focus({ preventScroll: true });
  });
  store.on(["lang"], render);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  return node;
}
