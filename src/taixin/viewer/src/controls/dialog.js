/** A dialog that can be filled anew, closes on its backdrop and gives the focus back to where it came from. */
import { el, fill } from "../dom.js";
import { iconButton } from "./button.js";

/**
 * @param {any} page
 * @param {{ role: string, title: () => string, body: () => any, wide?: boolean, closed?: () => void }} options
 * @returns {{ node: any, open: () => void, close: () => void, render: () => void, isOpen: () => boolean }}
 */
export function createDialog(page, { role, title, body, wide = false, closed }) {
  const { lang, store } = page;
  const id = `taixin-${role}-title`;
  const node = el("dialog", { class: `about tool-dialog ${wide ? "is-wide" : ""}`, data: { role }, "aria-labelledby": id });
  let opener = null;

  function close() {
    if (node.close) node.close();
    else {
      node.removeAttribute("open");
      settle();
    }
  }
  function settle() {
    if (closed) closed();
    if (opener && opener.isConnected) opener.focus();
  }
  const render = () =>
    fill(
      node,
      el("div", { class: "about-head" }, el("h2", { id, text: title() }), iconButton("close", lang.t("close"), close, { data: { role: `${role}-close` } })),
      body(),
    );
  node.addEventListener("click", (event) => event.target === node && close());
  node.addEventListener("close", settle);
  const isOpen = () => node.hasAttribute("open");
  store.on(["lang"], () => isOpen() && render());
  return {
    node,
    render,
    close,
    isOpen,
    open() {
      if (isOpen()) return;
      opener = document.activeElement;
      render();
      if (node.showModal) node.showModal();
      else node.setAttribute("open", "");
    },
  };
}
