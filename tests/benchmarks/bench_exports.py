"""Everything to every format: seconds, megabytes written, and the memory it took.

Run as ``python -m tests.benchmarks.bench_exports [FOLDER OF PLANS]``. Each format is written by a
process of its own, so that its peak of memory is its own; the first line is what reading facts and
plans and building the layers takes, which every process does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = {
    "nothing": "nothing",
    "geojson": "data",
    "gpkg": "x.gpkg",
    "gdb": "x.gdb",
    "shp": "shp",
    "fgb": "fgb",
    "parquet": "x.parquet",
    "kml": "x.kml",
    "kmz": "x.kmz",
    "dxf": "x.dxf",
    "csv": "csv",
    "xlsx": "x.xlsx",
    "qgz": "x.qgz",
    "kit": "kit",
}


def write(form: str, out: Path, plans: Path | None) -> dict[str, float]:
    """Write all layers in a format; return seconds of wall and processor, and megabytes."""
    import resource

    from taixin.build import build_layers
    from taixin.exports import export, write_kit
    from taixin.facts import load_facts
    from taixin.plans import load_library

    library, facts = load_library(plans), load_facts()
    layers = build_layers(library, facts)
    start, busy = time.perf_counter(), time.process_time()
    if form == "nothing":
        start, busy = start - time.process_time(), 0.0
    elif form == "kit":
        write_kit(layers, library, facts, out)
    else:
        export(layers, form, out, library=library, facts=facts)
    return {
        "layers": len(layers),
        "features": sum(len(layer.features) for layer in layers),
        "seconds": time.perf_counter() - start,
        "busy": time.process_time() - busy,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Start one process a format and print what each took."""
    plans = sys.argv[1:2]
    with tempfile.TemporaryDirectory() as folder:
        for form, name in NAMES.items():
            out = Path(folder) / form / name
            out.parent.mkdir()
            command = [sys.executable, "-m", __spec__.name, "--one", form, str(out), *plans]
            result = subprocess.run(command, capture_output=True, text=True, check=True)
            took = json.loads(result.stdout)
            written = sum(item.stat().st_size for item in out.parent.rglob("*") if item.is_file())
            print(
                f"{form:<8} {took['layers']:4.0f} layers {took['features']:5.0f} features"
                f" {took['seconds']:6.1f} s, {took['busy']:5.1f} s of processor,"
                f" {took['memory']:4.0f} MB of memory, {written / 1e6:5.1f} MB written"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _, _, chosen, target, *rest = sys.argv
        print(json.dumps(write(chosen, Path(target), Path(rest[0]) if rest else None)))
    else:
        main()
