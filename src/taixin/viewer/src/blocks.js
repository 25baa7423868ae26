/** Reads the JSON blocks that the page carries. */

/** @param {string} id @returns {any} */
export function readBlock(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`The page has no data block "${id}"; build it again with "taixin build".`);
  return JSON.parse(node.textContent || "null");
}
