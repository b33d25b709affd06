"""How English speaks of times."""

from __future__ import annotations

import regex

from framework.nlu.values.clocks import find_clocks, find_periods
from framework.nlu.values.dates import find_dates
from framework.nlu.values.pieces import Wording

ENGLISH = Wording(
    dates=find_dates,
    clocks=find_clocks,
    periods=find_periods,
    glue=regex.compile(r"(?:,|[ ]|at|on|in|the|of|around|for|from)*", regex.I),
    now=regex.compile(r"(?<!\w)(?:right[ ]+|just[ ]+)?now(?!\w)", regex.I),
    ahead=regex.compile(r"(?<!\w)(?:in|within)[ ]+$", regex.I),
    aside=regex.compile(
        r"""[ ]+(?:(?P<back>ago)(?!\w)|(?P<ahead>from[ ]+now|later|hence)(?!\w)
        |(?P<other>from|after|before)[ ]+)""",
        regex.I | regex.X,
    ),
    recent=regex.compile(
        r"(?<!\w)(?:(?:in|over|for|within|during)[ ]+)?(?:the[ ]+)?"
        r"(?:(?P<back>last|past|previous)|(?P<ahead>next|coming|following))[ ]+$",
        regex.I,
    ),
    between=regex.compile(r"(?<!\w)(?P<word>from|between)[ ]+$", regex.I),
    to=regex.compile(r"[ ]*(?:-|\u2013|to|until|till|til|through|(?P<and>and))[ ]*", regex.I),
    open_before=regex.compile(
        r"(?<!\w)(?:(?P<from>after|since|from)|(?P<to>before|until|till|by))[ ]+$", regex.I
    ),
    hours_after=regex.compile(
        r"""[ ,]+(?:from|between)[ ]+(?P<from_hour>\d\d?)(?::(?P<from_minute>[0-5]\d))?
        [ ]*(?:-|\u2013|to|until|till|and)[ ]*(?P<to_hour>\d\d?)(?::(?P<to_minute>[0-5]\d))?
        (?![\w:%$€£]|[.,]\d|[ ]*[ap]\.?m)""",
        regex.I | regex.X,
    ),
)
