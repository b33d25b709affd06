"""What times are put together of: dates, clocks and parts of the day, and the words between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import regex

from framework.nlu.values.moments import Moment, truncated


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What dates are read against.

    Attributes:
        now: the present, in the user's time zone.
        day_first: whether 3/4 is the third of April.
    """

    now: datetime
    day_first: bool = False

    @property
    def today(self) -> datetime:
        """The beginning of this day."""
        return truncated(self.now, "day")

    def day(self, year: int, month: int, day: int) -> Moment:
        """Give a day of the calendar.

        Raises:
            ValueError: there is no such day.
        """
        return Moment(at=self.today.replace(year=year, month=month, day=day), grain="day")

    def coming(self, month: int, day: int) -> Moment:
        """Give the next day of this name, today included.

        Raises:
            ValueError: there is no such day this year or next.
        """
        year = self.now.year
        is_over = (month, day) < (self.now.month, self.now.day)
        return self.day(year + is_over, month, day)

    def month(self, year: int, month: int) -> Moment:
        """Give a month of the calendar.

        Raises:
            ValueError: there is no such month.
        """
        return Moment(at=self.day(year, month, 1).at, grain="month")

    def weekend(self, shift: int) -> tuple[Moment, Moment]:
        """Give a weekend, from Friday evening on, so many weeks from this one's."""
        monday = truncated(self.now, "week") + timedelta(days=7 * shift)
        first = Moment(at=monday + timedelta(days=4, hours=18), grain="hour")
        return first, Moment(at=monday + timedelta(days=7), grain="hour")


@dataclass(frozen=True, kw_only=True)
class DatePiece:
    """A date found in a text.

    Attributes:
        start: first character.
        end: character offset after the last one.
        moment: the day, week, month … meant; of a stretch, its beginning.
        last: where a stretch is over (`this weekend`); None for a single moment.
        is_day_of_month: whether it names only the day of a month (`the 21st`).
    """

    start: int
    end: int
    moment: Moment
    last: Moment | None = None
    is_day_of_month: bool = False


@dataclass(frozen=True, kw_only=True)
class ClockPiece:
    """A time of day found in a text.

    Attributes:
        start: first character.
        end: character offset after the last one.
        hour: 0 to 23; of an ambiguous one, 1 to 12.
        minute: 0 to 59.
        second: 0 to 59.
        grain: `hour`, `minute` or `second`.
        is_ambiguous: whether it may be before or after noon.
        is_next_day: whether it is of the night that follows the day named: `Friday night at 1`.
    """

    start: int
    end: int
    hour: int
    minute: int = 0
    second: int = 0
    grain: str
    is_ambiguous: bool = False
    is_next_day: bool = False

    def later(self) -> ClockPiece:
        """Give the one of the afternoon."""
        return replace(self, hour=self.hour % 12 + 12, is_ambiguous=False)

    def earlier(self) -> ClockPiece:
        """Give the one of the morning."""
        return replace(self, hour=self.hour % 12, is_ambiguous=False)


@dataclass(frozen=True, kw_only=True)
class PeriodPiece:
    """A part of the day found in a text.

    Attributes:
        start: first character.
        end: character offset after the last one.
        hours: from and to, 0 to 24.
        is_whole: whether it says a time by itself (`this morning`), not only beside a date or
            clock (`Friday morning`).
        is_today: whether it is of this day.
    """

    start: int
    end: int
    hours: tuple[int, int]
    is_whole: bool
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a language speaks of times; patterns of what stands before something end with `$`.

    Attributes:
        dates: finds dates, overlapping ones too.
        clocks: finds times of day, overlapping ones too.
        periods: finds parts of the day.
        glue: what may stand between pieces of one time.
        now: the present.
        ahead: before a length of time that begins now: `in two days`.
        aside: after a length of time: its group `back` or `ahead` says to which side of now; a
            group `other` is the word before the time that it is counted from: `two days after`.
        recent: before a number of units, with the group `back` or `ahead`: `last 3 days`.
        between: before the first of two times.
        to: between two times; its group `and` needs the word `between` before both.
        open_before: before a time, with the group `from` or `to`: `after five`.
        open_after: after a time, likewise; None where the language has no such words.
        hours_after: after a day, two bare hours, with the groups `from_hour`, `from_minute`,
            `to_hour` and `to_minute`: `tomorrow from 9 to 11`; None for no such phrase.
    """

    dates: Callable[[str, Calendar], Iterator[DatePiece]]
    clocks: Callable[[str], Iterator[ClockPiece]]
    periods: Callable[[str], Iterator[PeriodPiece]]
    glue: regex.Pattern[str]
    now: regex.Pattern[str]
    ahead: regex.Pattern[str]
    aside: regex.Pattern[str]
    recent: regex.Pattern[str]
    between: regex.Pattern[str]
    to: regex.Pattern[str]
    open_before: regex.Pattern[str]
    open_after: regex.Pattern[str] | None = None
    hours_after: regex.Pattern[str] | None = None
