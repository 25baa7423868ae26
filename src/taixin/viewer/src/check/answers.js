/**
 * "May we build here?" in the page: the same questions, bands and record as taixin.site, which says when an answer is
 * yes. The record is the contract of `taixin check --json`.
 */
import { distanceM } from "../measure/geodesy.js";
import { listOf } from "../model.js";
import { unproject } from "./albers.js";
import { reachesInto } from "./depth.js";
import { inside, sizeOf } from "./overlap.js";
import { boxGap, meet, nearestPair, planarOf } from "./planar.js";

/** Lengths in the plane may be off by this share; candidates are sought that much farther out. */
const SLACK = 1.003;
const POLYGON = 2;

const rounded = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;

/** Size of a part of the site, in the measure of its kind, and its share. */
function part(site, amount) {
  const isArea = site.dimension === POLYGON;
  const isLine = site.dimension === 1;
  return {
    share: site.size ? rounded(amount / site.size, 6) : 0,
    area_km2: isArea ? rounded(amount / 1e6, 8) : 0,
    length_km: isLine ? rounded(amount / 1e3, 4) : null,
    count: isArea || isLine ? null : Math.round(amount),
  };
}

const planars = new WeakMap();

/** A raw GeoJSON feature in the plane; made when first asked for, then kept. */
function planarOfRaw(raw) {
  if (!planars.has(raw)) planars.set(raw, planarOf(raw.geometry));
  return planars.get(raw);
}

/** What one located feature is to the site: null when it is neither affected nor near. */
function answerFor(site, raw, withinM) {
  const accuracy = raw.properties.accuracy_m || 0;
  const reach = Math.max(accuracy, withinM) * SLACK;
  const target = planarOfRaw(raw);
  if (boxGap(site.bbox, target.bbox) > reach) return null;
  const touching = meet(site, target);
  let distance = 0;
  if (!touching) {
    const pair = nearestPair(site, target, reach);
    if (!pair) return null;
    distance = distanceM(unproject(...pair.a), unproject(...pair.b));
    if (distance > accuracy && distance > withinM) return null;
  }
  const isArea = target.dimension === POLYGON;
  const holds = touching && !isArea && site.dimension === POLYGON;
  return {
    raw,
    distance,
    dimension: target.dimension,
    affected: distance <= accuracy,
    certain: touching && (isArea ? reachesInto(site, target, accuracy) : holds && reachesInto(target, site, accuracy)),
    inside: touching && isArea ? Math.min(inside(site, target), site.size) : 0,
    ofTarget: holds ? inside(target, site) : 0,
  };
}

const named = (props, lang) => ({ id: props.id, name: lang === "zh" ? props.name : props.name_en, kind: props.kind });
const cited = ({ accuracy_m, basis, document, section }) => ({ accuracy_m, basis, document, section });

function affectedRecord(found, site, lang) {
  const measures = part(site, found.inside);
  if (found.dimension === 1) measures.length_km = rounded(found.ofTarget / 1e3, 4);
  else if (found.dimension === 0) measures.count = Math.round(found.ofTarget);
  const { properties } = found.raw;
  return { ...named(properties, lang), answer: found.certain ? "yes" : "possibly", ...measures, distance_m: rounded(found.distance, 1), ...cited(properties) };
}

const nearRecord = ({ raw, distance }, lang) => ({ ...named(raw.properties, lang), distance_m: rounded(distance, 1), ...cited(raw.properties) });
const noDataRecord = ({ properties }, lang) => ({ ...named(properties, lang), host: properties.host ?? null, ...cited(properties) });

/** Adcodes of the counties in which an unlocated feature may be, worked out by taixin.hosts when the page was built. */
function hostsOf(manifest, id) {
  const { sets = [], of = {} } = manifest.hosts || {};
  return sets[of[id]] || [];
}

function planRecord(plan, features, found, ctx) {
  const { site, counties, lang, manifest } = ctx;
  const own = features.filter(({ geometry }) => geometry).map((raw) => found.get(raw)).filter(Boolean);
  const affected = own.filter((item) => item.affected);
  const near = own.filter((item) => !item.affected).sort((a, b) => a.distance - b.distance);
  const unlocated = features.filter(({ geometry }) => !geometry).map((raw) => ({ raw, here: hostsOf(manifest, raw.properties.id).some((code) => counties.has(code)) }));
  return {
    plan: plan.id,
    affected: [...affected.filter((item) => item.certain), ...affected.filter((item) => !item.certain)].map((item) => affectedRecord(item, site, lang)),
    near: near.map((item) => nearRecord(item, lang)),
    no_data: unlocated.filter(({ here }) => here).map(({ raw }) => noDataRecord(raw, lang)),
    not_affected: [
      ...features.filter((raw) => raw.geometry && !found.get(raw)).map(({ properties }) => properties.id),
      ...unlocated.filter(({ here }) => !here).map(({ raw }) => raw.properties.id),
    ],
  };
}

/** Rules of the blocks that the site lies in, or may lie in. */
function accessRecords(ctx) {
  const { model, found, counties, lang, manifest } = ctx;
  const records = [];
  for (const plan of manifest.plans) {
    for (const system of plan.systems) {
      const features = system.layers.flatMap(({ id }) => model.layers.get(id).collection.features);
      for (const rule of system.access_rules || []) {
        const raw = features.find(({ properties }) => properties.id.split("/").pop() === rule.block);
        const answer = raw && found.get(raw);
        const may = raw && !raw.geometry && hostsOf(manifest, raw.properties.id).some((code) => counties.has(code));
        if ((answer && answer.affected) || may) records.push(ruleRecord(rule, raw, plan, answer && answer.certain ? "yes" : "possibly", lang));
      }
    }
  }
  return records;
}

function ruleRecord(rule, { properties }, plan, applies, lang) {
  const told = (texts) => listOf(texts).map((text) => text[lang]);
  return {
    block: named(properties, lang).name,
    id: properties.id,
    plan: plan.id,
    applies,
    role: rule.role[lang],
    existing: told(rule.existing),
    leading: told(rule.leading),
    requirements: told(rule.entry_conditions),
    negative_list: told(rule.negative_list),
    accuracy_m: properties.accuracy_m,
    document: rule.document,
    section: rule.section,
  };
}

function administrative(site, base, lang) {
  return base.counties.features
    .map((raw) => ({ raw, size: boxGap(site.bbox, planarOfRaw(raw).bbox) > 0 || !meet(site, planarOfRaw(raw)) ? 0 : inside(site, planarOfRaw(raw)) }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size)
    .map(({ raw, size }) => ({
      adcode: String(raw.properties.adcode),
      name: lang === "zh" ? raw.properties.name_zh : raw.properties.name_en,
      ...part(site, Math.min(size, site.size)),
    }));
}

function bboxOf(geometry) {
  const flat = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates.flat(Infinity);
  const values = geometry.type === "Point" ? geometry.coordinates : flat;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  values.forEach((value, i) => {
    box[i % 2] = Math.min(box[i % 2], value);
    box[2 + (i % 2)] = Math.max(box[2 + (i % 2)], value);
  });
  return box.map((value) => rounded(value, 7));
}

/**
 * @param {{ model: any, manifest: any }} page
 * @param {{ geometry: any, name?: string, source?: string, number?: number, crs?: string }} chosen degrees; valid areas
 * @param {{ withinKm?: number, lang?: "zh" | "en" }} [options]
 * @returns {any} the contract of `taixin check --json` for one site
 */
export function checkSite({ model, manifest }, chosen, { withinKm = 5, lang = "zh" } = {}) {
  const planar = planarOf(chosen.geometry);
  const site = { ...planar, size: sizeOf(planar) };
  const found = new Map();
  for (const layer of model.layers.values()) {
    for (const raw of layer.collection.features) {
      const answer = raw.geometry && answerFor(site, raw, withinKm * 1000);
      if (answer) found.set(raw, answer);
    }
  }
  const places = administrative(site, model.base, lang);
  const ctx = { site, found, model, manifest, lang, counties: new Set(places.map(({ adcode }) => adcode)) };
  const { share, ...size } = part(site, site.size);
  const outside = !places.length && ![...found.values()].some(({ affected }) => affected);
  const layersOf = (plan) => plan.systems.flatMap((system) => system.layers.map(({ id }) => model.layers.get(id)));
  return {
    site: {
      source: chosen.source || "", number: chosen.number || 1, name: chosen.name || "", features: 1, ...size,
      crs: chosen.crs || "EPSG:4326", bbox: bboxOf(chosen.geometry), notes: outside ? [OUTSIDE[lang]] : [],
    },
    administrative: places,
    plans: manifest.plans.map((plan) => planRecord(plan, layersOf(plan).flatMap((layer) => layer.collection.features), found, ctx)),
    access_rules: accessRecords(ctx),
  };
}

const OUTSIDE = {
  zh: "该地块不在本图集任何县（市、区）内，位于所有规划之外。",
  en: "The site lies in no county of this atlas and outside all plans.",
};
