"""Chinese times of day: `下午三点半`, `10点20分`, `差五分六点`, `凌晨`, `今晚`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import regex

from framework.nlu.values.chinese.numerals import CHARACTERS, read_numeral
from framework.nlu.values.clocks import find_clocks
from framework.nlu.values.digits import without_ideographs
from framework.nlu.values.pieces import ClockPiece, PeriodPiece

_PERIODS = {
    "凌晨": (0, 6),
    "半夜": (0, 6),
    "午夜": (0, 6),
    "清晨": (4, 12),
    "早晨": (4, 12),
    "早上": (4, 12),
    "早间": (4, 12),
    "上午": (4, 12),
    "中午": (12, 14),
    "下午": (12, 19),
    "午后": (12, 19),
    "傍晚": (17, 19),
    "晚上": (18, 24),
    "晚间": (18, 24),
    "夜里": (18, 24),
    "夜晚": (18, 24),
    "深夜": (18, 24),
}
_SHORT_PERIODS = {"早": (4, 12), "晨": (4, 12), "晚": (18, 24), "夜": (18, 24)}
"""After `今`, `明`, `昨`, or before an hour: `今晚`, `早八点`."""

_NUMBER = rf"(?:\d{{1,2}}|[{CHARACTERS}]{{1,3}})"
_NO_NUMERAL = rf"(?<![\d.,:第{CHARACTERS}])"
_CLOCK = regex.compile(
    rf"""{_NO_NUMERAL}(?P<hour>{_NUMBER})
    (?:点钟?|时(?=[\d{CHARACTERS}半整]|$|[^\p{{Han}}]))
    (?: (?P<half>半)(?![个{CHARACTERS}]) | (?P<quarters>[一三1 3])刻钟? | 整
      | (?P<minute>[零〇]?{_NUMBER})(?:分(?![钟之])|(?=[^{CHARACTERS}\d个位人张元块分]|$)) )?""",
    regex.VERBOSE,
)
_SHORT_OF = regex.compile(
    rf"""(?:差(?P<minutes>{_NUMBER})(?:分钟?|(?P<quarter>刻钟?))(?:到)?(?P<hour>{_NUMBER})点
    |{_NO_NUMERAL}(?P<hour>{_NUMBER})点差(?P<minutes>{_NUMBER})(?:分钟?|(?P<quarter>刻钟?)))""",
    regex.VERBOSE,
)
_GREETING = r"(?![好安茶餐饭])"
_PERIOD = regex.compile(
    rf"""(?P<name>{"|".join(_PERIODS)}){_GREETING}
    |(?<=[今明昨后天日号一二三四五六])(?P<name>[早晚夜晨]){_GREETING}(?!上)
    |(?P<name>[早晚])(?=(?:\d|[{CHARACTERS}])+点[^儿])(?!一点)""",
    regex.VERBOSE,
)


def find_chinese_clocks(text: str) -> Iterator[ClockPiece]:
    """Find times of day, overlapping ones too."""
    yield from find_clocks(without_ideographs(text))
    for match in _SHORT_OF.finditer(text):
        piece = _short_of(match)
        if piece is not None:
            yield piece
    for match in _CLOCK.finditer(text):
        piece = _clock(match, text)
        if piece is not None and piece.hour < 24 and piece.minute < 60:
            yield piece


def find_chinese_periods(text: str) -> Iterator[PeriodPiece]:
    """Find parts of the day."""
    for match in _PERIOD.finditer(text):
        name = match["name"]
        hours = _PERIODS.get(name) or _SHORT_PERIODS[name]
        start, end = match.span()
        yield PeriodPiece(start=start, end=end, hours=hours, is_whole=False, is_today=False)


def _clock(match: regex.Match[str], text: str) -> ClockPiece | None:
    hour, minute = _count(match["hour"]), _minute(match)
    if hour is None or minute is None or _is_a_little(match, text):
        return None
    is_exact = match["minute"] or match["half"] or match["quarters"]
    end = match.end()
    if match["minute"] and minute < 10 and not match.group().endswith("分"):
        written = match["minute"]
        if len(written) == 1:
            minute, is_exact, end = 0, None, match.start("minute")
    return ClockPiece(
        start=match.start(),
        end=end,
        hour=hour % 24 if hour == 24 else hour,
        minute=minute,
        grain="minute" if is_exact else "hour",
        is_ambiguous=1 <= hour <= 12,
    )


def _is_a_little(match: regex.Match[str], text: str) -> bool:
    """Whether `一点` is a bit of something and no hour: `便宜一点`, `晚一点`."""
    if match.group() != "一点":
        return False
    before, after = (
        text[max(0, match.start() - 2) : match.start()],
        text[match.end() : match.end() + 1],
    )
    says_hour = regex.search(
        r"午|早上|晚上|凌晨|清晨|夜里|[天日号]$|今晚|今早|明早|明晚|周.$", before
    )
    return says_hour is None or after in ("儿", "也", "都")


def _minute(match: regex.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarters"]:
        return 15 * (_count(match["quarters"].strip()) or 1)
    return _count(match["minute"]) if match["minute"] else 0


def _short_of(match: regex.Match[str]) -> ClockPiece | None:
    hour, minutes = _count(match["hour"]), _count(match["minutes"])
    if hour is None or minutes is None or not 1 <= hour <= 24:
        return None
    minutes *= 15 if match["quarter"] else 1
    if not 0 < minutes < 60:
        return None
    piece = ClockPiece(
        start=match.start(),
        end=match.end(),
        hour=(hour - 1) or 12,
        minute=60 - minutes,
        grain="minute",
    )
    return replace(piece, is_ambiguous=hour <= 12)


def _count(written: str) -> int | None:
    digits = written.lstrip("零〇") or "零"
    value = read_numeral(digits)
    return value if isinstance(value, int) else None
