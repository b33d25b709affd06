"""English names of weekdays and months."""

from __future__ import annotations

_WEEKDAYS = (
    "monday mon",
    "tuesday tues tue",
    "wednesday wed",
    "thursday thurs thur thu",
    "friday fri",
    "saturday sat",
    "sunday sun",
)
_MONTHS = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)

FULL_WEEKDAYS = tuple(names.split()[0] for names in _WEEKDAYS)
"""`monday` to `sunday`."""

WEEKDAYS: dict[str, int] = {
    name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()
}
"""Lower-case name -> 0 for Monday to 6 for Sunday, as `datetime.weekday` counts."""

MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
"""Lower-case name -> 1 to 12."""

WEEKDAY_PATTERN = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
MONTH_PATTERN = "|".join(sorted(MONTHS, key=len, reverse=True))
"""Matches a name; the longest comes first."""
