/**
 * Tile base maps under our own vector base: off until chosen, one quiet notice when they do not answer. The hosts here
 * are those of the page's policy in taixin.atlas; no other could be reached.
 */
import L from "leaflet";

const STORE = "taixin.tianditu-key";

const tianditu = (layer, key) =>
  `https://t{s}.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default` +
  `&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`;

/** @type {Array<{ id: string, word: string, needsKey: boolean, credit: string, urls: (key: string) => string[], options: any }>} */
export const TILE_MAPS = [
  { id: "none", word: "base_none", needsKey: false, credit: "", urls: () => [], options: {} },
  { id: "tdt-vec", word: "base_tdt_vec", needsKey: true, credit: "© 国家地理信息公共服务平台 天地图", urls: (key) => ["vec", "cva"].map((layer) => tianditu(layer, key)), options: { subdomains: "01234567", maxNativeZoom: 18 } },
  { id: "tdt-img", word: "base_tdt_img", needsKey: true, credit: "© 国家地理信息公共服务平台 天地图", urls: (key) => ["img", "cia"].map((layer) => tianditu(layer, key)), options: { subdomains: "01234567", maxNativeZoom: 18 } },
  { id: "osm", word: "base_osm", needsKey: false, credit: "© OpenStreetMap contributors (ODbL)", urls: () => ["https://tile.openstreetmap.org/{z}/{x}/{y}.png"], options: { maxNativeZoom: 19 } },
];

/** The key stays in this browser: never in an address, a file or the page's state that is shared. */
export const keyStore = {
  read() {
    try {
      return window.localStorage.getItem(STORE) || "";
    } catch {
      return "";
    }
  },
  write(key) {
    try {
      if (key) window.localStorage.setItem(STORE, key);
      else window.localStorage.removeItem(STORE);
    } catch {
      // A browser that keeps nothing still shows the map until the page is closed.
    }
  },
};

/** @param {any} page @param {(word: string) => void} notice told once per choice, "" when all is well */
export function createTileBase({ map }, notice) {
  let layers = [];
  /** The land is drawn without its paper where pictures lie below. */
  function lie(below) {
    map.getContainer().classList.toggle("has-tiles", below);
    map.fire("taixin:restyle");
  }

  function clear() {
    for (const layer of layers) layer.off().remove();
    layers = [];
    lie(false);
  }

  return {
    clear,
    /** @param {typeof TILE_MAPS[number]} base @param {string} key */
    show(base, key) {
      clear();
      let told = false;
      const failed = () => {
        if (told) return;
        told = true;
        // Without pictures our own paper comes back.
        lie(false);
        notice("base_failed");
      };
      const arrived = () => {
        if (!map.getContainer().classList.contains("has-tiles")) lie(true);
        if (told) notice("");
        told = false;
      };
      layers = base.urls(key).map((url) => L.tileLayer(url, { ...base.options, maxZoom: 20, attribution: "" }));
      for (const layer of layers) layer.on({ tileerror: failed, tileload: arrived }).addTo(map);
    },
  };
}
