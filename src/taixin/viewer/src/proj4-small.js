/**
 * proj4 with the projections of this page alone: Gauss-Kruger. The package's own entry brings forty more, three
 * quarters of its size; build.mjs puts this in its place.
 */
import core from "proj4/lib/core.js";
import Proj from "proj4/lib/Proj.js";
import etmerc from "proj4/lib/projections/etmerc.js";
import tmerc from "proj4/lib/projections/tmerc.js";

core.defaultDatum = "WGS84";
for (const projection of [tmerc, etmerc]) Proj.projections.add(projection);

export default core;
