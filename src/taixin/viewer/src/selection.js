/** Pointing at the map: hover names, identify-all on click, highlight of the open card's subject. */
import L from "leaflet";
import { toLonLat, toWorld } from "./geometry.js";
import { shapeOfSpot } from "./surveys/surveys.js";
import { isCalm, isCoarse, isNarrow } from "./window.js";

/** Pixels around a click that still count as hit. */
const REACH = isCoarse() ? 14 : 8;

/** Everything at a world point as card subjects, topmost first, the county last. */
export function subjectsAt(page, drawing, x, y, reach = REACH) {
  const seen = new Set();
  const subjects = [];
  for (const hit of drawing.pick(x, y, reach)) {
    const subject = page.surveys.subjectOf(hit) || { type: "feature", id: hit.id };
    if (seen.has(subject.id)) continue;
    seen.add(subject.id);
    subjects.push(subject);
  }
  const county = page.model.countyAt(x, y);
  if (county) subjects.push({ type: "county", id: county.id });
  return subjects;
}

/** Shapes that stand for a subject on the map: its own, or its host counties' when it has none. */
export function shapesOf(page, subject) {
  if (!subject) return [];
  const { model } = page;
  if (subject.type === "county") {
    const county = model.counties.get(subject.id);
    return county ? [{ shape: county.shape, halo: false }] : [];
  }
  if (subject.type === "survey") {
    const spot = page.surveys.at(subject.id);
    return spot ? [{ shape: shapeOfSpot(spot), accuracy_m: spot.survey.about.accuracy_m, size: spot.set.symbol.size || spot.set.symbol.width, halo: true }] : [];
  }
  const feature = model.features.get(subject.id);
  if (!feature) return [];
  if (feature.shape) {
    const { symbol } = feature.layer.kind;
    const size = feature.shape.type === "point" ? symbol.size : symbol.width;
    return [{ shape: feature.shape, accuracy_m: feature.props.accuracy_m, size, halo: true }];
  }
  return model.hostsOf(feature).map((id) => ({ shape: model.counties.get(id).shape, halo: false }));
}

/** Leaflet bounds of a subject; null when nothing of it can be shown. */
export function boundsOf(page, subject) {
  const boxes = shapesOf(page, subject).map(({ shape }) => shape.bbox);
  if (!boxes.length) return null;
  const bounds = L.latLngBounds([]);
  for (const [x0, y0, x1, y1] of boxes) {
    for (const [x, y] of [[x0, y0], [x1, y1]]) {
      const [lon, lat] = toLonLat(x, y);
      bounds.extend([lat, lon]);
    }
  }
  return bounds;
}

/** Moves the map to a subject, keeping clear of the card on wide screens. */
export function showSubject(page, subject) {
  const bounds = boundsOf(page, subject);
  if (!bounds) return;
  const size = page.map.getSize();
  const right = size.x > 900 && page.store.get().panels.card ? 400 : 40;
  // On a phone the card covers the lower half.
  const bottom = isNarrow() ? size.y * 0.6 : 60;
  const options = { paddingTopLeft: [40, 40], paddingBottomRight: [right, bottom], maxZoom: 10.5, animate: !isCalm() };
  page.map.fitBounds(bounds, options);
}

/** Opens a card from a list; moves the map only when its subject is out of sight. */
export function openSubject(page, subject) {
  page.actions.select(subject);
  const bounds = boundsOf(page, subject);
  if (bounds && !page.map.getBounds().pad(-0.03).contains(bounds.getCenter())) showSubject(page, subject);
}

export function followSelection(page, drawing) {
  return page.store.on(["selection"], ({ selection }) => drawing.highlight("selected", shapesOf(page, selection)));
}

/** Moves a clicked point out from under the sheet that now covers the lower half of a phone. */
function keepInSight(map, latlng) {
  const { y } = map.latLngToContainerPoint(latlng);
  const height = map.getSize().y;
  if (isNarrow() && y > height * 0.38) map.panBy([0, y - height * 0.22], { animate: !isCalm() });
}

export function followIdentify(page, drawing) {
  const { map, actions } = page;
  const at = (latlng) => toWorld(latlng.lng, latlng.lat);
  const identify = (latlng) => {
    // While something is drawn, clicks are its corners.
    if (page.capture) return;
    const [x, y] = at(latlng);
    page.hover([], null);
    actions.asked([latlng.lng, latlng.lat]);
    actions.identify(subjectsAt(page, drawing, x, y));
    keepInSight(map, latlng);
  };
  map.on("click", (event) => identify(event.latlng));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === map.getContainer()) identify(map.getCenter());
    if (event.key === "Escape") actions.select(null);
  });

  let pending = 0;
  map.on("mousemove", (event) => {
    if (pending || page.capture) return;
    pending = requestAnimationFrame(() => {
      pending = 0;
      const [x, y] = at(event.latlng);
      const subjects = subjectsAt(page, drawing, x, y, 6);
      const first = subjects[0] && subjects[0].type !== "county" ? subjects[0] : null;
      drawing.highlight("hover", first ? shapesOf(page, first).map((mark) => ({ ...mark, halo: false })) : []);
      page.hover(subjects, event.containerPoint);
    });
  });
  map.on("mouseout movestart", () => {
    drawing.highlight("hover", []);
    page.hover([], null);
  });
}
