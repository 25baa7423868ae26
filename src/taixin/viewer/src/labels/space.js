/** What is taken on the sheet: hard boxes no label may touch, soft spots a label rather avoids. */
import RBush from "rbush";

export const box = (x0, y0, x1, y1) => ({ minX: x0, minY: y0, maxX: x1, maxY: y1 });

/** Says which symbol a soft spot belongs to. */
export const keyOf = (x, y) => `${x},${y}`;

/** @param {{ minX: number, minY: number, maxX: number, maxY: number }} frame visible part of the sheet */
export function createSpace(frame) {
  const hard = new RBush(9);
  const soft = new RBush(16);
  const spots = [];
  return {
    frame,
    take: (boxes) => boxes.forEach((b) => hard.insert(b)),
    /** Collects soft spots; call `settle` before the first query. */
    avoid: (x, y, reach, weight, owner = null) => spots.push({ ...box(x - reach, y - reach, x + reach, y + reach), weight, owner }),
    settle: () => soft.load(spots),
    free: (boxes) =>
      boxes.every(
        (b) =>
          b.minX >= frame.minX && b.maxX <= frame.maxX && b.minY >= frame.minY && b.maxY <= frame.maxY && !hard.collides(b),
      ),
    /** A symbol is no hindrance to its own name. */
    cost: (boxes, own = undefined) =>
      boxes.reduce((sum, b) => sum + soft.search(b).reduce((part, spot) => part + (spot.owner === own ? 0 : spot.weight), 0), 0),
  };
}
