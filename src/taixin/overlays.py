"""What stands on anybody's folium map: a layer of a plan, or a survey of existing data.

folium compiles its rendered text a second time as a template, unsandboxed. So nothing that comes
from a plan or a user passes through it: the data goes into compressed blocks after rendering, and
the page's own script writes it with ``textContent``.
"""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import Element, Figure

from taixin import assets, files, manifest
from taixin.build import read_layer
from taixin.errors import AssetError, InputError, Problem, nearest
from taixin.model import Credit, SurveyRecord
from taixin.pack import gzipped, pack
from taixin.plans import load_library, validated
from taixin.surveys import PackedSurvey, pack_survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas

    from taixin.model import Plan
    from taixin.plans import Library

__all__ = ["PlanLayer", "Raw", "Survey", "block", "figure_of", "json_block", "survey_blocks"]

#: What begins a template, as HTML character references.
_REFERENCES: Final = str.maketrans({sign: f"&#{ord(sign)};" for sign in "{}%`$"})


class Raw(Element):
    """Text that goes into the page as it is, past every template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_kwargs: object) -> str:
        """Return the text."""
        return self._text


def block(name: str, content: bytes) -> str:
    """Wrap data, compressed: no character of base64 can end the block."""
    return _compressed_block(name, gzipped(content))


def _compressed_block(name: str, content: bytes) -> str:
    text = base64.b64encode(content).decode()
    return f'<script type="application/gzip" id="{name}">{text}</script>'


def json_block(name: str, value: object) -> str:
    """Wrap a value as compressed JSON."""
    return block(name, files.json_text(value).encode())


def figure_of(element: Element) -> Figure:
    """Give the figure that an element stands in."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise AssetError("The layer stands on no map; call add_to(map) first.")
    return figure


class PlanLayer(folium.map.Layer):
    """A layer of a plan, for any folium map.

    Parameters
    ----------
    plan
        A plan from `taixin.load_plans`.
    layer
        The layer's id within the plan, such as ``axes``.
    library
        Where symbols and labels come from; the project's own when None.
    show
        Whether the layer is on when the map opens.
    lang
        Language of names and cards, ``zh`` or ``en``.

    Raises
    ------
    InputError
        If the plan has no such layer.

    Examples
    --------
    >>> import folium, taixin
    >>> plan = taixin.load_plans()[0]
    >>> _ = taixin.PlanLayer(plan, "axes").add_to(folium.Map([38.5, 112.8], zoom_start=8))
    """

    def __init__(
        self,
        plan: Plan,
        layer: str,
        *,
        library: Library | None = None,
        show: bool = True,
        lang: str = "zh",
    ) -> None:
        self.layer = read_layer(plan, layer)
        title = self.layer.recipe.title
        # Leaflet's layer control writes the name as markup, folium compiles it as a template: as
        # character references it is neither.
        name = html.escape(title.en if lang == "en" else title.zh).translate(_REFERENCES)
        super().__init__(name=name, overlay=True, show=show)
        self._name = "PlanLayer"
        self._lang = lang
        self._library = library

    def render(self, **kwargs: object) -> None:  # type: ignore[override] # as folium's own do
        """Put bundle, data and one line of script into the figure."""
        figure = figure_of(self)
        bundle = assets.load_bundle("plan-layer")
        library = self._library or load_library()
        data = manifest.layer_manifest(self.layer, library, lang=self._lang)
        name = self.get_name()
        figure.header.add_child(
            Raw(f"<style>{bundle.style}</style><script>{bundle.script}</script>"),
            name="taixin_plan_layer",
        )
        shapes = pack(manifest.layer_shapes([self.layer]))
        blocks = json_block(f"{name}_data", data) + block(f"{name}_data-shapes", shapes)
        figure.html.add_child(Raw(blocks), name=f"{name}_data")
        figure.script.add_child(
            Raw(f'var {name} = taixin.planLayer("{name}_data");\n'), name=f"{name}_layer"
        )
        super().render(**kwargs)  # type: ignore[no-untyped-call] # folium's is not annotated


class Survey(folium.map.Layer):
    """Existing data such as land parcels, for an atlas or any folium map.

    A survey is no statement of a plan: it has one source and one accuracy for all of it, and its
    features have rows and columns, no citations.

    Parameters
    ----------
    data
        A table of points, lines or areas that says its coordinate system, or a file of them.
    title
        What it is called, ``{"zh": …, "en": …}``.
    source
        Whose data it is: ``attribution`` and ``licence``, and if known ``title``, ``issuer`` and
        ``date``.
    accuracy_m
        How far its positions may be off, in metres.
    id
        What it is called in an atlas: small letters, digits and hyphens.
    name
        The column that names a feature.
    fill
        A column of at most 24 different values; each has a colour of its own.
    colours
        Colours for some of these values, such as ``{"水田": "#ffffb3"}``.
    columns
        What a card shows; all columns when None.
    kind
        A kind of `library` to be drawn as; without it and `fill` all of it has one colour.
    library
        Where kinds come from; the project's own when None.
    show
        Whether it is on when the map opens.
    lang
        Language of cards on an ordinary folium map, ``zh`` or ``en``.

    Raises
    ------
    InputError
        If the data cannot be used, or is too large for a page: then tiles are the way.

    Examples
    --------
    >>> import geopandas, shapely, taixin
    >>> fields = geopandas.GeoDataFrame(
    ...     {"use": ["水田", "林地"]},
    ...     geometry=[shapely.box(112, 38, 112.1, 38.1), shapely.box(112.1, 38, 112.2, 38.1)],
    ...     crs="EPSG:4490",
    ... )
    >>> survey = taixin.Survey(
    ...     fields,
    ...     title={"zh": "地类图斑", "en": "Land parcels"},
    ...     source={"attribution": "Survey office", "licence": "CC-BY-4.0"},
    ...     accuracy_m=5,
    ...     fill="use",
    ... )
    >>> survey.packed.about["features"]
    2
    """

    def __init__(  # noqa: PLR0913 - what a survey is, and how it looks
        self,
        data: geopandas.GeoDataFrame | Path | str,
        *,
        title: Mapping[str, str],
        source: Mapping[str, object],
        accuracy_m: float,
        id: str = "survey",  # noqa: A002 - as everywhere in the project
        name: str | None = None,
        fill: str | None = None,
        colours: Mapping[str, str] | None = None,
        columns: tuple[str, ...] | None = None,
        kind: str | None = None,
        library: Library | None = None,
        show: bool = True,
        lang: str = "zh",
    ) -> None:
        file = Path(data).expanduser() if isinstance(data, str | Path) else None
        entry = {
            "id": id, "title": title, "file": file.name if file else id, "source": "given",
            "accuracy_m": accuracy_m, "name": name, "fill": fill, "colours": dict(colours or {}),
            "columns": columns, "kind": kind, "visible": show,
        }  # fmt: skip
        problems: list[Problem] = []
        record = validated(SurveyRecord, entry, "Survey", (), problems)
        credit = validated(Credit, source, "Survey", ("source",), problems)
        kinds = (library or load_library()).kinds if kind else {}
        if kind is not None and kind not in kinds:
            problems.append(Problem("Survey", "kind", f"'{kind}' is unknown", nearest(kind, kinds)))
        if problems or record is None or credit is None:
            raise InputError(problems)
        given: Any = file or data
        self.packed: Final[PackedSurvey] = pack_survey(given, record, credit, kinds.get(kind or ""))
        text = record.title.en if lang == "en" else record.title.zh
        super().__init__(name=html.escape(text).translate(_REFERENCES), overlay=True, show=show)
        self._name = "Survey"
        self._lang = lang

    def render(self, **kwargs: object) -> None:  # type: ignore[override] # as folium's own do
        """Put bundle, data and one line of script into the figure."""
        figure = figure_of(self)
        bundle = assets.load_bundle("plan-layer")
        name = self.get_name()
        figure.header.add_child(
            Raw(f"<style>{bundle.style}</style><script>{bundle.script}</script>"),
            name="taixin_plan_layer",
        )
        about = {"lang": self._lang, "survey": self.packed.about}
        blocks = json_block(f"{name}_data", about) + survey_blocks(f"{name}_data", self.packed)
        figure.html.add_child(Raw(blocks), name=f"{name}_data")
        figure.script.add_child(
            Raw(f'var {name} = taixin.surveyLayer("{name}_data");\n'), name=f"{name}_layer"
        )
        super().render(**kwargs)  # type: ignore[no-untyped-call] # folium's is not annotated


def survey_blocks(name: str, survey: PackedSurvey) -> str:
    """Wrap the chunks of a survey, each a block of its own."""
    return "\n".join(
        _compressed_block(f"{name}-{number}", chunk) for number, chunk in enumerate(survey.chunks)
    )
