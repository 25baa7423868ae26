/**
 * The nine themes a planner thinks in. They are the groups of the manifest, except that start-up areas and industry,
 * one group there, are two views here.
 */
const START_UP_SYSTEMS = new Set(["startup", "access", "dayu"]);

/** Layers, words and key figures of the one-click views. Figures name a finding; its numbers come from the data. */
export const THEMES = [
  {
    id: "structure",
    title: { zh: "空间格局", en: "Space structure" },
    caption: { zh: "一核双轴多组团：以太原为核，两条轴线串起四个城镇组团。", en: "One core, two axes, four clusters: the axes join the clusters to Taiyuan." },
    layers: ["taixin-2035/scope", "taixin-2035/counties", "taixin-2035/core", "taixin-2035/axes", "taixin-2035/clusters"],
    figures: ["taixin-2035/scope-area", "taixin-2035/scope-units", "taiyuan-area-2021/area"],
  },
  {
    id: "ecology",
    title: { zh: "生态格局", en: "Ecology" },
    caption: { zh: "两屏四廊多区块，太原片区另称三山两脉。", en: "Two barriers, four corridors; the Taiyuan area speaks of three hills and two veins." },
    layers: ["taixin-2035/scope", "taixin-2035/barriers", "taixin-2035/corridors", "taixin-2035/nature-reserves", "taixin-2035/nature-parks", "taiyuan-area-2021/hills", "taiyuan-area-2021/veins"],
    figures: ["taixin-2035/ecology-count-1", "taixin-2035/ecology-count-2", "taixin-2035/ecology-count-4"],
  },
  {
    id: "startup",
    title: { zh: "启动区", en: "Start-up areas" },
    caption: { zh: "各县先行的启动区、大盂产业新城和两个准入管控板块。", en: "Start-up areas of the counties, the Dayu new town and two blocks with access rules." },
    layers: ["taixin-2035/scope", "taixin-2035/start-up-areas", "taixin-2035/core-area", "taixin-2035/access-blocks", "taiyuan-area-2021/dayu-extents"],
    figures: ["taixin-2035/startup-count-1", "taixin-2035/startup-counties", "taiyuan-area-2021/dayu-area"],
  },
  {
    id: "industry",
    title: { zh: "产业", en: "Industry" },
    caption: { zh: "科创走廊、产业三廊五群、开发区与太原片区七集群。", en: "Innovation corridor, three industrial corridors and five groups, zones and seven clusters." },
    layers: ["taixin-2035/innovation-corridor", "cluster-2035/industry-poles", "cluster-2035/industry-corridors", "cluster-2035/industry-clusters", "cluster-2035/parks-zones", "taiyuan-area-2021/industry-clusters", "taiyuan-145/industry-bases"],
    figures: ["cluster-2035/parks-count-1", "cluster-2035/industry-count-3", "taiyuan-area-2021/layout-count-4"],
  },
  {
    id: "transport",
    title: { zh: "交通", en: "Transport" },
    caption: { zh: "铁路、高速公路、机场与枢纽，走向多为经点连线。", en: "Railways, expressways, airports and hubs; most courses join known waypoints." },
    layers: ["taixin-2035/rail-lines", "taixin-2035/expressways", "taixin-2035/hubs", "cluster-2035/rail-hsr-build", "cluster-2035/rail-existing", "cluster-2035/road-existing", "cluster-2035/road-start", "cluster-2035/air-transport", "cluster-2035/hub-passenger", "taiyuan-145/rail-lines"],
    figures: ["taiyuan-145/passenger-ring-length", "taiyuan-145/dayu-yuxian-length", "taiyuan-145/runway"],
  },
  {
    id: "water_energy",
    title: { zh: "水利能源", en: "Water and energy" },
    caption: { zh: "外送电与输气通道、电网、煤层气和水利工程；多数没有写明位置。", en: "Power and gas lines, grid, coal-bed gas and water works; most are named without a place." },
    layers: ["taixin-2035/energy-areas", "taixin-2035/power-export", "cluster-2035/box1-grid", "cluster-2035/box1-gas", "cluster-2035/box1-water", "cluster-2035/energy-rooftop-solar", "cluster-2035/energy-gas-line", "taiyuan-145/gas-supply"],
    figures: ["taixin-2035/water-count-1", "cluster-2035/green-energy-count-2", "five-cities-2023/yuxian-storage"],
  },
  {
    id: "tourism_heritage",
    title: { zh: "文旅", en: "Tourism and heritage" },
    caption: { zh: "生态文旅走廊、三条旅游廊带，世界遗产与历史文化名城名镇名村。", en: "Tourism corridors, world heritage, and historic cities, towns and villages." },
    layers: ["taixin-2035/tourism-corridor", "taixin-2035/tourism-areas", "taixin-2035/tourism-centres", "taixin-2035/world-heritage", "taixin-2035/historic-cities", "taixin-2035/historic-towns", "cluster-2035/tourism-corridors", "cluster-2035/tourism-nodes", "taiyuan-145/tourism-nodes"],
    figures: ["taixin-2035/heritage-count-1", "taixin-2035/heritage-count-6", "cluster-2035/tourism-count-2"],
  },
  {
    id: "services",
    title: { zh: "服务", en: "Services" },
    caption: { zh: "现代服务业一核两极多点，会展、数据与教育医疗。", en: "One service core, two poles and many points; events, data, schools and health." },
    layers: ["taixin-2035/service-core", "taixin-2035/service-poles", "taixin-2035/service-points", "cluster-2035/services-sites", "cluster-2035/services-events", "cluster-2035/data-nodes", "cluster-2035/edu-health-centres", "taiyuan-area-2021/yingze-services", "taiyuan-area-2021/xinghualing-blocks"],
    figures: ["taixin-2035/service-count-2", "cluster-2035/data-count-1", "cluster-2035/edu-health-count-1"],
  },
  {
    id: "projects",
    title: { zh: "项目", en: "Projects" },
    caption: { zh: "太原“十四五”专栏项目与既成项目，多数只知所在县。", en: "Projects of the Taiyuan plan’s boxes and what was there before; most only by county." },
    layers: ["taiyuan-145/base-hubs", "taiyuan-145/base-rail", "taiyuan-145/base-firms", "taiyuan-145/base-tourism", "taiyuan-145/box1-roads", "taiyuan-145/box1-rail", "taiyuan-145/box1-airport", "taiyuan-145/box1-projects", "taiyuan-145/box5-roads", "taiyuan-145/box5-rail", "taiyuan-145/box5-projects", "taiyuan-area-2021/farm-park"],
    figures: ["taiyuan-145/boxes-money", "taiyuan-145/box1-jingjinji-count-1", "taiyuan-145/farm-sum"],
  },
];

/** Captions and figures tell of the layers named above: of other plans, a theme has no more than its name. */
export const isNamed = (theme, model) => theme.layers.some((id) => model.layers.has(id));

/** @param {any} system a system's entry in the manifest @returns {string} id of its theme */
export function themeOf(system) {
  if (system.group !== "startup_industry") return system.group;
  return START_UP_SYSTEMS.has(system.id) ? "startup" : "industry";
}

/**
 * What a theme shows on this page: the layers named above as far as the page has them, else all that are drawn
 * (another project's plans have other layers).
 */
export function themeLayers(theme, model) {
  const named = theme.layers.map((id) => model.layers.get(id)).filter(Boolean);
  if (named.length) return named;
  return [...model.layers.values()].filter((layer) => themeOf(layer.system) === theme.id && layer.info.located > 0);
}
