"""Names in pinyin: place names are read as people there say them."""

from __future__ import annotations

import re

import pytest

from taixin.pinyin import READINGS, spell
from tests import samples


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
