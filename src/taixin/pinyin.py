"""Names in pinyin, so that the page can find what is typed without a Chinese keyboard.

`pypinyin` reads most names right. Place names have readings of their own; those are written here.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["READINGS", "spell", "spelling"]

#: Parts of names that are read otherwise than the dictionary has it.
READINGS: Final = MappingProxyType(
    {
        "万柏林": "wan bai lin",
        "之都": "zhi du",
        "太行": "tai hang",
        "尧都": "yao du",
        "岢岚": "ke lan",
        "忻": "xin",
        "洪洞": "hong tong",
        "望都": "wang du",
        "湫水": "qiu shui",
        "滹沱": "hu tuo",
        "盂": "yu",
        "石咀": "shi zui",
        "繁峙": "fan shi",
        "调峰": "tiao feng",
        "长三角": "chang san jiao",
        "长坪": "chang ping",
        "长梁沟": "chang liang gou",
        "长治": "chang zhi",
        "长子县": "zhang zi xian",
        "长风": "chang feng",
        "阳明堡": "yang ming bu",
        "隰": "xi",
    }
)
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_SYLLABLE: Final = re.compile(r"[a-z0-9]+")
_PART: Final = re.compile(rf"{_CHINESE.pattern}|{_SYLLABLE.pattern}")
_SPLIT: Final = re.compile(f"({'|'.join(sorted(READINGS, key=len, reverse=True))})")


def spell(names: Iterable[str]) -> dict[str, str]:
    """Spell names in toneless pinyin.

    Parameters
    ----------
    names
        Names as they stand in the data; those without a Chinese character are left out.

    Returns
    -------
    dict[str, str]
        For each name its syllables, a space between two; ``ü`` is written ``v``, as it is typed.

    Examples
    --------
    >>> spell(["繁峙县", "吕梁", "5G"])
    {'吕梁': 'lv liang', '繁峙县': 'fan shi xian'}
    """
    return {name: _spelled(name) for name in sorted(set(names)) if _CHINESE.search(name)}


def spelling(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Say in short how names are spelled: most are, character by character, as others are.

    Parameters
    ----------
    names
        As for `spell`.

    Returns
    -------
    dict[str, dict[str, str]]
        ``syllables``: of each character the one it most often has. ``names``: what `spell` says of
        those names that this does not tell, with letters and digits between characters as they are.

    Examples
    --------
    >>> spelling(["长治", "长风", "长子县"])["names"]
    {'长子县': 'zhang zi xian'}
    """
    spelled = spell(names)
    parts = {name: _PART.findall(name.lower()) for name in spelled}
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, text in spelled.items():
        syllables = text.split(" ")
        if len(syllables) == len(parts[name]):
            for part, syllable in zip(parts[name], syllables, strict=True):
                seen[part][syllable] += 1
    usual = {
        part: min(counts, key=lambda syllable: (-counts[syllable], syllable))
        for part, counts in sorted(seen.items())
        if _CHINESE.match(part)
    }
    told = {name: " ".join(usual.get(part, part) for part in parts[name]) for name in spelled}
    others = {name: text for name, text in spelled.items() if told[name] != text}
    return {"syllables": usual, "names": others}


def _spelled(name: str) -> str:
    from pypinyin.seg.simpleseg import seg

    syllables: list[str] = []
    for part in _SPLIT.split(name):
        reading = READINGS.get(part)
        words = [reading] if reading else map(_read, seg(part)) if part else ()
        syllables += _SYLLABLE.findall(" ".join(words).lower())
    return " ".join(syllables)


@functools.lru_cache(maxsize=100_000)
def _read(word: str) -> str:
    """Read a word of the dictionary; a hundred thousand names share a few thousand of them."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin([word])) if _CHINESE.search(word) else word
