"""Chinese lengths of time: `两个半小时`, `三天`, `一小时二十分钟`, `半年`, `一刻钟`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.nlu.values.chinese.numerals import CHARACTERS, NUMERAL, read_numeral
from framework.nlu.values.durations import Duration, joined_durations

_UNITS = {
    "秒": "second",
    "秒钟": "second",
    "分钟": "minute",
    "小时": "hour",
    "钟头": "hour",
    "钟": "hour",
    "天": "day",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "年": "year",
}
_NEEDS_COUNTER = frozenset({"月", "钟"})
"""Units that are counted with `个` only: `三个月` is a length, `三月` is March."""

_LENGTH = regex.compile(
    rf"""(?<![\d.,:{CHARACTERS}第每])
    (?: (?P<number>{NUMERAL})(?P<half>半)?(?P<counter>个)?(?P<half>半)?(?P<counter>个)?
      | (?P<half>半)(?P<counter>个)? )
    (?: (?P<unit>小时|钟头|分钟|秒钟?|天(?![气空])|星期(?![天日])|礼拜(?![天日])
        | 周(?![末岁年边围])|月(?!份)|年(?![级代度龄轻纪])|钟)
      | (?P<quarters>刻钟) )
    (?P<more>半(?![{CHARACTERS}个年天价]))?""",
    regex.VERBOSE,
)
_MINUTES = regex.compile(rf"(?P<number>{NUMERAL})分(?![之钟])")
_AFTER_HOURS = regex.compile(r"(?:小时|钟头)[零又]?$")
_JOINT = regex.compile(r"[ ]?[零又加和]?[ ]?")
_LIKELY_YEAR = range(1000, 2200)


def find_lengths(text: str) -> list[Duration]:
    """Find durations, neighbouring ones added up."""
    parts = sorted((*_lengths(text), *_minutes(text)), key=lambda part: part.start)
    return joined_durations([part.in_whole_units() for part in parts], text, _JOINT)


def _lengths(text: str) -> Iterator[Duration]:
    for match in _LENGTH.finditer(text):
        value = 0 if match["number"] is None else read_numeral(match["number"])
        unit = match["unit"] or ""
        if value is None or (unit in _NEEDS_COUNTER and not match["counter"]):
            continue
        if unit == "年" and not match["half"] and value in _LIKELY_YEAR:
            continue
        value += 0.5 * (bool(match["half"]) + bool(match["more"]))
        name = "hour" if match["quarters"] else _UNITS[unit]
        length = value / 4 if match["quarters"] else value
        yield Duration(start=match.start(), end=match.end(), value=length, unit=name)


def _minutes(text: str) -> Iterator[Duration]:
    """Find `二十分` after hours; elsewhere it is a mark or the minute of a clock."""
    for match in _MINUTES.finditer(text):
        value = read_numeral(match["number"])
        is_length = _AFTER_HOURS.search(text, max(0, match.start() - 3), match.start())
        if value is not None and is_length is not None:
            yield Duration(start=match.start(), end=match.end(), value=value, unit="minute")
