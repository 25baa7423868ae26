/** Files may be dropped anywhere on the page; a veil says so while they hover. */
import { el } from "../dom.js";

const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");

/** @param {any} page @param {(files: File[]) => void} take */
export function createDropZone(page, take) {
  const { lang } = page;
  const text = el("p");
  const veil = el("div", { class: "drop-veil", hidden: true, data: { role: "drop-veil" } }, text);
  let depth = 0;
  const show = (shown) => {
    veil.hidden = !shown;
    text.textContent = lang.t("drop_here");
  };
  const on = (type, run) =>
    document.addEventListener(type, (event) => {
      if (!hasFiles(event)) return;
      // Without this the browser would leave the page for the file.
      event.preventDefault();
      run(event);
    });
  on("dragenter", () => show(++depth > 0));
  on("dragleave", () => show((depth = Math.max(0, depth - 1)) > 0));
  on("dragover", () => {});
  on("drop", (event) => {
    depth = 0;
    show(false);
    take([...event.dataTransfer.files]);
  });
  return veil;
}
