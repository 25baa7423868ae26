"""The atlas: layers on a folium map that saves as one offline page.

How data gets past folium's templates is told in `taixin.overlays`.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Final

import folium
from branca.element import Figure

from taixin import assets, files, manifest
from taixin.errors import AssetError
from taixin.overlays import Raw, Survey, block, figure_of, json_block, survey_blocks
from taixin.pack import Collection, pack_with_overview
from taixin.surveys import check_page
from taixin.tilesets import page_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from branca.element import Element

    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.model import Finding
    from taixin.plans import Library
    from taixin.surveys import PackedSurvey
    from taixin.tilesets import Tileset

__all__ = ["Atlas"]

_SCRIPT_OR_STYLE: Final = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_FIXED_SCALE: Final = re.compile(r"initial-scale=1\.0,\s*maximum-scale=1\.0,\s*user-scalable=no")
_POLICY: Final = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob: {tiles}; "
    "worker-src blob:; {reads}base-uri 'none'; form-action 'none'"
)
#: Only a page that has tiles reads anything, and only from where it came from.
_READS: Final = "connect-src 'self'; "
#: Where the page may get pictures of base maps from, once the user chooses one; nowhere else.
_TILE_HOSTS: Final = (
    *(f"https://t{number}.tianditu.gov.cn" for number in range(8)),
    "https://tile.openstreetmap.org",
)


#: What folium draws with a script of its own CDN, and what does the same without.
_SCRIPTED: Final[Mapping[type, tuple[str, str]]] = {
    folium.Popup: ("jQuery", "a tooltip"),
    folium.Icon: ("Leaflet.awesome-markers", "a CircleMarker"),
}


class Atlas(folium.Map):
    """The atlas: a folium map that saves as one offline page.

    Ordinary folium layers may be added as long as they need no file from the network.

    Parameters
    ----------
    layers
        Built layers, in drawing and reading order of their plans.
    library, facts
        What the layers were built from: symbols, labels, base map and sources.
    findings
        What the audit of these plans found.
    lang
        The language the page opens in, ``zh`` or ``en``.
    tianditu_key
        The user's own key for Tianditu base maps; nothing is requested without one.
    surveys
        Existing data to be shown beside the plans.
    tiles
        Layers too big for the page; the files belong beside it, where `page_records` says.
    """

    def __init__(  # noqa: PLR0913 - one parameter a part of the page, and how it opens
        self,
        layers: Sequence[Layer],
        library: Library,
        facts: Facts,
        *,
        findings: Sequence[Finding] = (),
        lang: str = "zh",
        tianditu_key: str | None = None,
        surveys: Sequence[Survey | PackedSurvey] = (),
        tiles: Sequence[Tileset] = (),
    ) -> None:
        west, south, east, north = facts.bounds
        super().__init__(
            location=[round((south + north) / 2, 1), round((west + east) / 2, 1)],
            tiles=None,
            zoom_start=8,
            min_zoom=5,
            max_zoom=17,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
        )
        # folium's lists are shared by all maps; these two belong to this one.
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self._surveys = tuple(each.packed if isinstance(each, Survey) else each for each in surveys)
        check_page(self._surveys)
        self._page = manifest.page_manifest(
            layers,
            library,
            facts,
            findings=findings,
            lang=lang,
            tianditu_key=tianditu_key,
        ) | {"surveys": [survey.about for survey in self._surveys]}
        if tiles:
            self._page["tiles"] = page_records(tiles)
        self._base = manifest.base_map(facts)
        self._layers = tuple(layers)

    def html(self) -> str:
        """Render the page.

        Returns
        -------
        str
            One HTML document without a single outside reference; equal input gives equal text.

        Raises
        ------
        AssetError
            If the bundle is missing or an added layer wants a file from the network.
        """
        figure = figure_of(self)
        for number, element in enumerate(_walk(figure)):
            element._id = f"{number:04d}"  # noqa: SLF001 - folium offers no other way to name it
        bundle = assets.load_bundle("atlas")
        start = Raw(f"taixin.openAtlas({self.get_name()});\n")
        for child in figure._children.values():  # noqa: SLF001 - what Figure.render does, minus the text
            child.render()
        figure.script.add_child(start, name="taixin_open")
        document = Figure._template.render(this=figure, kwargs={})  # noqa: SLF001
        _refuse_scripts(figure)
        _refuse_network(figure, document)
        return self._compose(document, bundle)

    def _compose(self, document: str, bundle: assets.Bundle) -> str:
        title = self._page["title"]
        lang = str(self._page["lang"])
        heading = title[lang] if isinstance(title, dict) else ""
        head = (
            f"<title>{html.escape(heading)}</title>\n<style>{bundle.style}</style>\n"
            f"<script>{bundle.script}</script>\n"
        )
        if "tiles" in self._page:
            renderer = assets.load_bundle("tiles")
            head += f"<style>{renderer.style}</style>\n<script>{renderer.script}</script>\n"
        furniture = assets.load_furniture()
        shapes, detail = self._shapes()
        blocks = "\n".join(
            (
                json_block("taixin-manifest", self._page),
                json_block("taixin-base", manifest.base_records(self._base)),
                json_block("taixin-layers", manifest.layer_records(self._layers)),
                block("taixin-shapes", shapes),
                *(
                    survey_blocks(f"taixin-survey-{survey.about['id']}", survey)
                    for survey in self._surveys
                ),
            )
        )
        later = [block("taixin-furniture", furniture.encode())]
        later += [block("taixin-detail", detail)] if detail else []
        page = document.replace("<html>", f'<html lang="{_LANGUAGE_TAGS[lang]}">', 1)
        # folium forbids to enlarge the page with two fingers; who reads badly needs just that.
        page = _FIXED_SCALE.sub("initial-scale=1.0", page, count=1)
        before, _, after = page.partition("<head>")
        page = f"{before}<head>\n<!--policy-->\n{head}{after}"
        page = _put_before(page, "</body>", blocks + "\n")
        # after the script that draws the map, which is on the screen before these have come
        page = _put_before(page, "</html>", "\n".join(later) + "\n")
        reads = _READS if "tiles" in self._page else ""
        return page.replace("<!--policy-->", _policy(page, furniture, reads), 1)

    def _shapes(self) -> tuple[bytes, bytes | None]:
        """Pack all geometries of the page: layers made of counties share their borders."""
        base = (
            Collection(f"base:{name}", [geometry for _, _, geometry in features])
            for name, features in self._base.items()
        )
        return pack_with_overview(
            [*base, *manifest.layer_shapes(self._layers)], manifest.opening_bounds(self._layers)
        )

    def save(  # type: ignore[override] # a page goes to a path, whole or not at all
        self, outfile: Path | str, **_kwargs: object
    ) -> None:
        """Write the page to a file, whole or not at all.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        files.write_text(Path(outfile), self.html())

    def _repr_html_(self, **_kwargs: object) -> str:
        page = html.escape(self.html())
        return f'<iframe srcdoc="{page}" width="100%" height="600"></iframe>'


_LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - the only way to a folium tree
        yield from _walk(child)


def _put_before(page: str, mark: str, text: str) -> str:
    before, _, after = page.rpartition(mark)
    return f"{before}{text}{mark}{after}"


def _policy(page: str, furniture: str, reads: str) -> str:
    """Write a content security policy that allows just the scripts and styles in the page.

    One of them, `furniture`, lies there compressed.
    """
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in (*_SCRIPT_OR_STYLE.findall(page), ("script", furniture)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes[tag].append(f"'sha256-{digest}'")
    policy = _POLICY.format(
        scripts=" ".join(hashes["script"]),
        styles=" ".join(hashes["style"]),
        tiles=" ".join(_TILE_HOSTS),
        reads=reads,
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


class _Links(HTMLParser):
    """Collects what a document would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note every src and every stylesheet href."""
        self.found.extend(value for key, value in attrs if key in {"src", "href"} and value)


def _refuse_scripts(figure: Figure) -> None:
    """Refuse what folium draws with scripts that the page does not carry, and would die of."""
    for element in _walk(figure):
        script, instead = _SCRIPTED.get(type(element), ("", ""))
        if script:
            message = (
                f"An added folium {type(element).__name__} needs {script}, which an atlas page "
                f"does not carry. Leave that layer out, or use {instead} instead."
            )
            raise AssetError(message)


def _addresses(element: Element) -> Iterator[str]:
    """Find what an element would fetch from its script: tiles, pictures, data by address."""
    options = getattr(element, "options", None)
    values = [*vars(element).values(), *(options.values() if isinstance(options, dict) else ())]
    for value in values:
        if isinstance(value, str) and value.startswith(("http://", "https://", "//")):
            yield value


def _refuse_network(figure: Figure, document: str) -> None:
    links = _Links()
    links.feed(document)
    wanted = [link for link in links.found if not link.startswith(("data:", "#"))]
    wanted += [address for element in _walk(figure) for address in _addresses(element)]
    if wanted:
        message = (
            f"An added folium layer wants {wanted[0]} from the network; an atlas page makes no "
            "request. Leave that layer out, or add PlanLayer to an ordinary folium.Map instead."
        )
        raise AssetError(message)
