/** What is taken on the sheet: hard boxes no label may touch, soft spots a label rather avoids. */
import RBush from "rbush";

export const box = (x0, y0, x1, y1) => ({ minX: x0, minY: y0, maxX: x1, maxY: y1 });

/** @param {{ minX: number, minY: number, maxX: number, maxY: number }} frame visible part of the sheet */
export function createSpace(frame) {
  const hard = new RBush(9);
  const soft = new RBush(16);
  const spots = [];
  return {
    frame,
    take: (boxes) => boxes.forEach((b) => hard.insert(b)),
    /** Collects soft spots; call `settle` before the first query. */
    avoid: (x, y, reach, weight) => spots.push({ ...box(x - reach, y - reach, x + reach, y + reach), weight }),
    settle: () => soft.load(spots),
    free: (boxes) =>
      boxes.every(
        (b) =>
          b.minX >= frame.minX && b.maxX <= frame.maxX && b.minY >= frame.minY && b.maxY <= frame.maxY && !hard.collides(b),
      ),
    cost: (boxes) =>
      boxes.reduce((sum, b) => sum + soft.search(b).reduce((part, spot) => part + spot.weight, 0), 0),
  };
}
