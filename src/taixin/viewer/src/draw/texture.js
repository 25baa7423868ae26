/** Thousands of areas of a pixel or two: set straight into a picture. */
import { GRID } from "../shapes/arcs.js";

const scratch = document.createElement("canvas");

/** A colour of CSS as red, green and blue. */
function channels(colour) {
  const context = scratch.getContext("2d");
  context.fillStyle = colour;
  const hex = context.fillStyle;
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("../shapes/geometries.js").Geometries} geometries
 * @param {{ rows: ArrayLike<number>, share: number }} group @param {{ fill: string, fillOpacity: number }} tone
 * @param {import("./canvas.js").View} view
 */
export function paintTexture(context, { boxes }, { rows, share }, tone, view) {
  const ratio = context.getTransform().a;
  const [left, top, right, bottom] = view.box.map((edge) => Math.round(edge * ratio));
  const [width, height] = [right - left, bottom - top];
  const rgb = channels(tone.fill);
  const picture = context.createImageData(width, height);
  // One number a pixel, in the order of bytes of every machine a browser runs on.
  const pixels = new Uint32Array(picture.data.buffer);
  const ink = ((Math.round(255 * tone.fillOpacity * share) << 24) | (rgb[2] << 16) | (rgb[1] << 8) | rgb[0]) >>> 0;
  const k = (view.scale / GRID) * ratio;
  const [ox, oy] = [view.ox * ratio + left, view.oy * ratio + top];
  for (let n = 0; n < rows.length; n++) {
    const i = rows[n] * 4;
    const [x0, y0] = [Math.round(boxes[i] * k - ox), Math.round(boxes[i + 1] * k - oy)];
    // At least one pixel, or the smallest would be lost.
    const x1 = Math.min(width, Math.max(x0 + 1, Math.round(boxes[i + 2] * k - ox)));
    const y1 = Math.min(height, Math.max(y0 + 1, Math.round(boxes[i + 3] * k - oy)));
    for (let y = Math.max(0, y0); y < y1; y++) for (let x = Math.max(0, x0); x < x1; x++) pixels[y * width + x] = ink;
  }
  Object.assign(scratch, { width, height });
  scratch.getContext("2d").putImageData(picture, 0, 0);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.drawImage(scratch, left, top);
  context.restore();
}
