"""Times of day: `5:30 pm`, `half past three`, `noon`, `in the morning`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import regex

from framework.nlu.values.pieces import ClockPiece, PeriodPiece
from framework.nlu.values.sentences import ends_here

_HOUR_NAMES = "one two three four five six seven eight nine ten eleven twelve"
_HOURS = {name: value for value, name in enumerate(_HOUR_NAMES.split(), start=1)}
_HOUR = rf"(?P<hour>\d\d?|{'|'.join(_HOURS)})"
_MINUTE_WORDS = {"quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25}
_SPOKEN_MINUTES = {
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "twenty five": 25,
    "thirty": 30,
    "thirty five": 35,
    "forty": 40,
    "forty five": 45,
    "fifty": 50,
    "fifty five": 55,
}
_NOONS = {"noon": 12, "midday": 12, "midnight": 0}

PERIODS = {
    "morning": (4, 12),
    "lunch": (12, 14),
    "lunchtime": (12, 14),
    "afternoon": (12, 19),
    "evening": (18, 24),
    "night": (18, 24),
    "tonight": (18, 24),
}
"""Parts of the day as hours from and to."""


def find_clocks(text: str) -> Iterator[ClockPiece]:
    """Find times of day, overlapping ones too."""
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            piece = read(match)
            if piece is not None and piece.hour < 24 and piece.minute < 60 and piece.second < 60:
                yield piece


def find_periods(text: str) -> Iterator[PeriodPiece]:
    """Find parts of the day."""
    for match in _PERIOD.finditer(text):
        name, before = match["name"].lower(), (match["before"] or "").lower().split()
        yield PeriodPiece(
            start=match.start(),
            end=match.end(),
            hours=PERIODS[name],
            is_whole=name == "tonight" or bool(before),
            is_today=name == "tonight" or before == ["this"],
        )


def _half_day(match: regex.Match[str]) -> ClockPiece | None:
    hour = _hour(match)
    if not 1 <= hour <= 12:
        return None
    piece = _piece(match, hour=hour, minute=int(match["minute"] or 0))
    return piece.later() if match["half"].lower() == "p" else piece.earlier()


def _digital(match: regex.Match[str]) -> ClockPiece:
    hour = int(match["hour"])
    is_ambiguous = 1 <= hour <= 12 and not match["hour"].startswith("0")
    piece = _piece(match, hour=hour, minute=int(match["minute"]))
    second = int(match["second"] or 0)
    grain = "second" if match["second"] else "minute"
    return replace(piece, second=second, grain=grain, is_ambiguous=is_ambiguous)


def _bare(match: regex.Match[str]) -> ClockPiece:
    hour = _hour(match)
    return replace(_piece(match, hour=hour), is_ambiguous=1 <= hour <= 12)


def _half_hour(match: regex.Match[str]) -> ClockPiece | None:
    """Read `half seven`, half past seven."""
    hour = _hour(match)
    if not 1 <= hour <= 12 or not ends_here(match.string, match.end()):
        return None
    return replace(_piece(match, hour=hour), minute=30, grain="minute", is_ambiguous=True)


def _spoken(match: regex.Match[str]) -> ClockPiece | None:
    """Read `six thirty pm`."""
    minute = _SPOKEN_MINUTES[" ".join(match["spoken"].lower().replace("-", " ").split())]
    piece = replace(_piece(match, hour=_hour(match)), minute=minute, grain="minute")
    if match["half"] is None:
        return replace(piece, is_ambiguous=True) if ends_here(match.string, match.end()) else None
    return piece.later() if match["half"].lower() == "p" else piece.earlier()


def _bounded(match: regex.Match[str]) -> ClockPiece | None:
    """Read the hour of `by six`, unless more follows: `after 3 attempts`."""
    return _bare(match) if ends_here(match.string, match.end()) else None


def _named(match: regex.Match[str]) -> ClockPiece:
    return _piece(match, hour=_NOONS[match["name"].lower()])


def _past_or_to(match: regex.Match[str]) -> ClockPiece | None:
    words = " ".join(match["minutes"].lower().split())
    minutes = int(words) if words.isdigit() else _MINUTE_WORDS[words.replace(" ", "-")]
    hour = _hour(match)
    is_amount = match["half"] is None and not ends_here(match.string, match.end())
    if minutes > 59 or not 0 <= hour <= 23 or is_amount:
        return None
    if match["side"].lower() in ("to", "til", "before", "of"):
        hour, minutes = (hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minutes
    piece = replace(_piece(match, hour=hour, minute=minutes % 60), grain="minute")
    if match["half"]:
        return piece.later() if match["half"].lower() == "p" else piece.earlier()
    return replace(piece, is_ambiguous=1 <= hour <= 12)


def _hour(match: regex.Match[str]) -> int:
    written = match["hour"].lower()
    return int(written) if written.isdigit() else _HOURS[written]


def _piece(match: regex.Match[str], *, hour: int, minute: int | None = None) -> ClockPiece:
    has_minutes = minute is not None and ("minute" not in match.groupdict() or match["minute"])
    return ClockPiece(
        start=match.start(),
        end=match.end(),
        hour=hour,
        minute=minute or 0,
        grain="minute" if has_minutes else "hour",
    )


_Read = Callable[[regex.Match[str]], ClockPiece | None]


def _rule(pattern: str, read: _Read) -> tuple[regex.Pattern[str], _Read]:
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE), read


_AT = r"(?:(?:at|around|about|@)[ ]*)"
_SPOKEN = "|".join(name.replace(" ", "[ -]") for name in sorted(_SPOKEN_MINUTES, reverse=True))
_RULES = (
    _rule(
        rf"""(?<![\w.:]){_AT}?{_HOUR}(?:[:.](?P<minute>\d\d))?[ ]?(?:o'?clock[ ]*)?
        (?P<half>[ap])(?:\.[ ]?m\.|m)(?!\w)""",
        _half_day,
    ),
    _rule(
        rf"(?<![\w.:/-]){_AT}?(?P<hour>\d\d?)[:h](?P<minute>\d\d)(?::(?P<second>\d\d))?(?![\w:])",
        _digital,
    ),
    _rule(
        rf"""(?<!\w){_AT}{_HOUR}(?:[ ]*o'?clock)?
        (?![\w:%$€£]|[.,]\d|[ ]*(?:percent|dollars|euros|people|persons|years|days|hours
            |minutes))""",
        _bare,
    ),
    _rule(rf"(?<![\w.]){_HOUR}[ ]*o['\u2019]?clock(?!\w)", _bare),
    _rule(rf"(?<!\w){_AT}(?P<hour>\d\d?)[ ]?h(?!\w)", _bare),
    _rule(
        rf"""(?<!\w)(?:{_AT}(?P<hour>{"|".join(_HOURS)})[ ](?P<spoken>{_SPOKEN})(?P<half>(?!))?
        |{_AT}?(?P<hour>{"|".join(_HOURS)})[ ](?P<spoken>{_SPOKEN})[ ]?(?P<half>[ap])\.?m\.?)
        (?!\w)""",
        _spoken,
    ),
    _rule(rf"(?<=(?<!\w)(?:by|before|after|until|till)[ ]+){_HOUR}(?![\w:%$€£]|[.,]\d)", _bounded),
    _rule(rf"(?<!\w)(?<!\b(?:and|a)[ ]){_AT}?half[ ]+{_HOUR}(?![\w.:])", _half_hour),
    _rule(r"(?<!\w)(?:at[ ]+)?(?P<name>noon|midday|midnight)(?!\w)", _named),
    _rule(
        rf"""(?<!\w)(?<!(?:from|between)[ ]){_AT}?(?:an?[ ]+)?
        (?: (?P<minutes>half|quarter|five|ten|twenty[ -]five|twenty)(?:[ ]+minutes?)?
            | (?P<minutes>\d\d?)(?:[ ]+minutes?|(?=[ ]+past[ ])) )
        [ ]+(?P<side>past|after|to|til|before|of)[ ]+{_HOUR}(?:[ ]?(?P<half>[ap])\.?m\.?)?(?!\w)""",
        _past_or_to,
    ),
)
_PERIOD = regex.compile(
    rf"""(?<!\w)(?P<before>(?:in[ ]+the|this|at|during[ ]+the)[ ]+)?
    (?P<name>{"|".join(PERIODS)})(?!\w)""",
    regex.VERBOSE | regex.IGNORECASE,
)
