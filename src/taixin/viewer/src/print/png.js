/**
 * A sheet as a picture. The SVG is made to stand alone: colours of style sheets become attributes, what it refers to
 * by id moves in, and then the browser itself paints it onto a canvas.
 */

const TRAITS = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap",
  "stroke-linejoin", "paint-order", "font-style", "letter-spacing", "opacity",
];
const DRAWN = new Set(["path", "rect", "circle", "line", "text", "tspan", "g"]);
const REFERENCE = /url\(["']?#([^"')]+)["']?\)/;

/** Style sheets do not travel with the picture. */
function inline(from, to) {
  if (DRAWN.has(from.localName)) {
    const style = getComputedStyle(from);
    for (const trait of TRAITS) {
      const value = style.getPropertyValue(trait);
      // References stay as written: computed, they would name this page.
      if (value && !value.includes("url(")) to.setAttribute(trait, value);
    }
  }
  to.removeAttribute("style");
  for (let i = 0; i < from.children.length; i++) inline(from.children[i], to.children[i]);
}

function bringDefinitions(root) {
  const defs = document.createElementNS("http://www.w3.org/2000/svg", "defs");
  const known = new Set();
  const visit = (node) => {
    for (const { value } of node.attributes) {
      const match = REFERENCE.exec(value);
      if (!match || known.has(match[1])) continue;
      known.add(match[1]);
      const found = document.getElementById(match[1]);
      if (found) defs.appendChild(found.cloneNode(true));
    }
    for (const child of node.children) visit(child);
  };
  visit(root);
  root.insertBefore(defs, root.firstChild);
}

/** @param {SVGElement} sheet a page that is in the document @returns {string} */
export function standalone(sheet) {
  const copy = /** @type {SVGElement} */ (sheet.cloneNode(true));
  inline(sheet, copy);
  bringDefinitions(copy);
  const { width, height } = /** @type {any} */ (sheet).viewBox.baseVal;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

const loaded = (url) =>
  new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => fail(new Error("the picture of the sheet can not be read"));
    image.src = url;
  });

/** @param {SVGElement} sheet @param {number} dpi @returns {Promise<Blob>} */
export async function toPng(sheet, dpi) {
  const url = URL.createObjectURL(new Blob([standalone(sheet)], { type: "image/svg+xml" }));
  try {
    const image = await loaded(url);
    const { width, height } = /** @type {any} */ (sheet).viewBox.baseVal;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round((width * dpi) / 96);
    canvas.height = Math.round((height * dpi) / 96);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("too large"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}
