"""Days with a name that every year has: `Christmas Eve`, `Easter Monday`, `Thanksgiving`."""

from __future__ import annotations

from datetime import date, timedelta

FIXED = {
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "valentine's day": (2, 14),
    "valentines day": (2, 14),
    "st patrick's day": (3, 17),
    "april fools day": (4, 1),
    "april fools' day": (4, 1),
    "halloween": (10, 31),
    "all saints' day": (11, 1),
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
}
"""Month and day of holidays, by their names in small letters."""

FROM_EASTER = {
    "ash wednesday": -46,
    "palm sunday": -7,
    "maundy thursday": -3,
    "good friday": -2,
    "easter": 0,
    "easter sunday": 0,
    "easter monday": 1,
    "ascension day": 39,
    "pentecost": 49,
    "whit monday": 50,
}
"""Days after Easter Sunday."""

FROM_THANKSGIVING = {"thanksgiving": 0, "thanksgiving day": 0, "black friday": 1, "cyber monday": 4}
"""Days after the fourth Thursday of November."""

NAMES = (*FIXED, *FROM_EASTER, *FROM_THANKSGIVING)


def holiday_in(year: int, name: str) -> date:
    """Give the day of a holiday.

    Args:
        year: of our era.
        name: one of `NAMES`.
    """
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in FROM_EASTER:
        return _easter(year) + timedelta(days=FROM_EASTER[name])
    first = date(year, 11, 1)
    fourth_thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    return fourth_thursday + timedelta(days=FROM_THANKSGIVING[name])


def _easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (Butcher's rule, Nature, 1876)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
