"""Valid small files of every format with bytes changed at random: a sentence or a place on Earth.

The run is the same every time. The readers are native libraries in a process of their own, so what
is looked for is a process that ends or hangs and any error that is not a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from taixin.errors import InputError
from taixin.intake import sites
from taixin.intake.sites import Request, read_sites
from tests.hostile_parts import GOOD, GPX_POINT, KML_RING, PLACE, gpx, kml, placemark, zipped
from tests.reading import Readers
from tests.site_files import frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Edits = list[tuple[float, int, bytes]]

EXAMPLES = 60
EARTH = shapely.box(-180, -90, 180, 90)
TABLE = f"name,lon,lat\n地块,{PLACE[0]},{PLACE[1]}\n".encode()
WHOLE = kml(placemark("地块", KML_RING))
# where in the file, as a share of its length, how many bytes go, and what comes in their place
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from(
                [
                    b"\0",
                    b"\xff" * 8,
                    b"\x7f" * 4,
                    b"-1",
                    b"1e999",
                    b"[" * 99,
                    b"<",
                    b'"',
                    b"&",
                    b"\n",
                ]
            ),
        ),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """Give reading processes that serve many files."""
    readers = Readers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "_frames", readers.frames)
        yield readers
    readers.close()


def changed(content: bytes, edits: Edits) -> bytes:
    """Replace bytes of a file."""
    for share, gone, new in edits:
        at = int(share * len(content))
        content = content[:at] + new + content[at + gone :]
    return content


def whole(ending: str, folder: Path) -> bytes:
    """Give a small valid file."""
    texts = {
        "csv": TABLE, "geojson": GOOD, "gpx": gpx(GPX_POINT), "kml": WHOLE,
        "kmz": zipped(("doc.kml", WHOLE)), "zip": zipped(("site.geojson", GOOD)),
    }  # fmt: skip
    if ending in texts:
        return texts[ending]
    path = folder / f"valid.{ending}"
    table = frame()[["geometry"]] if ending == "dxf" else frame()
    pyogrio.write_dataframe(table, path, driver={"dxf": "DXF", "gpkg": "GPKG"}[ending])
    return path.read_bytes()


@pytest.mark.parametrize("ending", ["csv", "dxf", "geojson", "gpkg", "gpx", "kml", "kmz", "zip"])
def test_a_file_with_bytes_changed_at_random_is_a_sentence_or_lies_on_earth(
    ending: str, readers: Readers, tmp_path: Path
) -> None:
    valid = whole(ending, tmp_path)
    path = tmp_path / f"site.{ending}"
    path.write_bytes(valid)
    if ending != "dxf":  # a DXF says no system; that is a sentence
        assert list(read_sites(path, Request()))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(edits=EDITS)
    def run(edits: Edits) -> None:
        path.write_bytes(changed(valid, edits))
        try:
            found = [shape for chunk in read_sites(path, Request()) for shape in chunk.geometries]
        except InputError as error:
            sentence = str(error)
        else:
            assert found
            assert all(shape is None or EARTH.covers(shape) for shape in found)
            return
        assert sentence.endswith((".", "?")), sentence

    before = list(readers.crashed)
    run()
    assert readers.crashed == before
