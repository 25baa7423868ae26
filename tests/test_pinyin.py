"""Names in pinyin: place names are read as people there say them."""

from __future__ import annotations

import json
import re

import pytest

from taixin.manifest import page_manifest
from taixin.pinyin import READINGS, spell
from tests import samples
from tests.in_node import answers_of

#: Reads the pinyin of a manifest, then names, one a line; answers how the page spells each.
SPELT = """
import { createInterface } from "node:readline";
import { spelt } from "./src/pinyin.js";

let pinyin = null;
for await (const line of createInterface({ input: process.stdin })) {
  if (pinyin) console.log(JSON.stringify(spelt(JSON.parse(line), pinyin) ?? null));
  else pinyin = JSON.parse(line);
}
"""


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("忻州市", "xin zhou shi"),
        ("繁峙县", "fan shi xian"),
        ("岢岚县", "ke lan xian"),
        ("隰县", "xi xian"),
        ("滹沱河", "hu tuo he"),
        ("洪洞县", "hong tong xian"),
        ("盂县", "yu xian"),
        ("大盂", "da yu"),
        ("大孟", "da meng"),
        ("长治市", "chang zhi shi"),
        ("长子县", "zhang zi xian"),
        ("太行一号旅游公路", "tai hang yi hao lv you gong lu"),
        ("万柏林区", "wan bai lin qu"),
        ("108国道发展轴", "108 guo dao fa zhan zhou"),
    ],
)
def test_a_name_is_spelled_as_it_is_read(name: str, reading: str) -> None:
    assert spell([name]) == {name: reading}


def test_a_name_without_chinese_is_left_out() -> None:
    assert spell(["5G", "", "LNG"]) == {}


def test_marks_between_the_characters_leave_no_trace() -> None:
    assert spell(["古交—娄烦（东）"])["古交—娄烦（东）"] == "gu jiao lou fan dong"


@pytest.mark.parametrize("reading", READINGS.values())
def test_a_reading_of_our_own_is_plain_syllables(reading: str) -> None:
    assert re.fullmatch(r"[a-z]+( [a-z]+)*", reading)


def test_pinyin_and_the_english_name_of_every_county_agree() -> None:
    """The English names come from elsewhere: the two cannot be wrong in the same way."""
    facts = samples.own()[1]
    names = {
        str(f.properties["name_zh"]): str(f.properties["name_en"]) for f in facts.counties.facts
    }
    spelled = spell(names)
    differing = []
    for name, english in names.items():
        stem = re.sub(r"\b(District|County|City)\b.*", "", english)
        stem = stem.replace("ü", "v").replace("'", "").replace(" ", "").lower()
        if not spelled[name].replace(" ", "").startswith(stem):
            differing.append((name, spelled[name], english))

    assert differing == []


def test_the_page_spells_every_name_as_it_is_read() -> None:
    library, facts, layers = samples.own()
    features = [feature.properties for layer in layers for feature in layer.features]
    places = [fact.properties for fact in (*facts.counties.facts, *facts.rivers.facts)]
    names = [
        *(str(each["name"]) for each in features),
        *(str(alias) for each in features for alias in each["aliases"]),  # type: ignore[attr-defined]
        *(str(each["name_zh"]) for each in places),
        *("constructor", "5G", "LNG"),
    ]
    pinyin = page_manifest(layers, library, facts)["pinyin"]
    told = answers_of(SPELT, map(json.dumps, [pinyin, *names]))
    expected = spell(names)

    assert len(expected) > 700
    assert dict(zip(names, told, strict=True)) == {name: expected.get(name) for name in names}
