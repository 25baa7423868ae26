/** Thousands of areas smaller than a pixel: one pixel each, set straight into a picture. */
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
 * @param {CanvasRenderingContext2D} context @param {import("./draw.js").DrawLayer} layer
 * @param {ArrayLike<number>} rows @param {any} look @param {import("./canvas.js").View} view
 * @param {(row: number) => number} shareOf opacity of a row, 0 where it is not wanted
 */
export function paintTexture(context, layer, rows, look, view, shareOf) {
  const body = look[0].passes.find(({ fill, stroke }) => fill || stroke);
  if (!body) return;
  const ratio = context.getTransform().a;
  const [left, top, right, bottom] = view.box.map((edge) => Math.round(edge * ratio));
  const [width, height] = [right - left, bottom - top];
  const { boxes } = layer.geometries;
  const [red, green, blue] = channels(body.fill || body.stroke);
  // An outline darkens what it encloses; where areas are mere dots, what is left of both is a fuller tone.
  const tone = 255 * Math.min(1, (body.fill ? body.fillOpacity : body.strokeOpacity) + 0.25);
  const picture = context.createImageData(width, height);
  const { data } = picture;
  const k = (view.scale / GRID) * ratio;
  const [ox, oy] = [view.ox * ratio + left, view.oy * ratio + top];
  for (let n = 0; n < rows.length; n++) {
    const i = rows[n] * 4;
    const x = Math.floor(((boxes[i] + boxes[i + 2]) / 2) * k - ox);
    const y = Math.floor(((boxes[i + 1] + boxes[i + 3]) / 2) * k - oy);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const at = (y * width + x) * 4;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = Math.max(data[at + 3], tone * shareOf(rows[n]));
  }
  Object.assign(scratch, { width, height });
  scratch.getContext("2d").putImageData(picture, 0, 0);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.drawImage(scratch, left, top);
  context.restore();
}
