/**
 * The only place that makes DOM nodes. Text always goes in as text nodes, never as markup,
 * so whatever a plan or a user's file says appears literally.
 */
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} node
 * @param {Record<string, any>} props class, text, data, on, or any attribute (null and false are left out)
 */
function apply(node, props) {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") node.textContent = String(value);
    else if (key === "class") node.setAttribute("class", value);
    else if (key === "data") Object.assign(/** @type {any} */ (node).dataset, value);
    else if (key === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else if (key === "style") throw new Error("style attributes are forbidden by the page's CSP");
    else node.setAttribute(key, value === true ? "" : String(value));
  }
}

/** @param {Node} node @param {any[]} children */
function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  apply(node, props);
  append(node, children);
  return node;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children
 * @returns {any}
 */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  apply(node, props);
  append(node, children);
  return node;
}

/** Empties a node and fills it anew (`replaceChildren` is missing in older Chromium). */
export function fill(node, ...children) {
  while (node.firstChild) node.removeChild(node.firstChild);
  append(node, children);
  return node;
}

/** Sets attributes; null removes. */
export function attrs(node, values) {
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined) node.removeAttribute(key);
    else node.setAttribute(key, String(value));
  }
  return node;
}
