"""Names of time zones after a clock: `3 pm EST`, `10:00 UTC+2`."""

from __future__ import annotations

from datetime import timedelta

import regex

_HOURS = {
    "utc": 0.0,
    "gmt": 0.0,
    "bst": 1.0,
    "cet": 1.0,
    "cest": 2.0,
    "eet": 2.0,
    "eest": 3.0,
    "msk": 3.0,
    "ist": 5.5,
    "hkt": 8.0,
    "sgt": 8.0,
    "awst": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "akst": -9.0,
    "hst": -10.0,
}
"""Hours from UTC; where a name has several meanings, the one that Duckling takes."""

ZONE = regex.compile(
    rf"""[ ]?(?: (?:utc|gmt)(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?
    | (?P<name>{"|".join(_HOURS)}) )(?![\w+-])""",
    regex.VERBOSE | regex.IGNORECASE,
)


def zone_offset(match: regex.Match[str]) -> timedelta | None:
    """Give the offset that a match of `ZONE` names; None where no zone has it."""
    if match["name"]:
        return timedelta(hours=_HOURS[match["name"].lower()])
    minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
    if minutes > 14 * 60:
        return None
    return timedelta(minutes=-minutes if match["sign"] == "-" else minutes)
