"""How Chinese speaks of times."""

from __future__ import annotations

import regex

from framework.nlu.values.chinese.clocks import find_chinese_clocks, find_chinese_periods
from framework.nlu.values.chinese.dates import find_chinese_dates
from framework.nlu.values.pieces import Wording

CHINESE = Wording(
    dates=find_chinese_dates,
    clocks=find_chinese_clocks,
    periods=find_chinese_periods,
    glue=regex.compile(r"[ ,\uff0c的]*"),
    now=regex.compile(r"现在|此刻|目前|马上|立刻"),
    ahead=regex.compile(r"(?:再?过|等)$"),
    aside=regex.compile(
        r"(?P<back>之前|以前|前(?![天台面往几去年月]))|(?P<ahead>之后|以后|后(?![天面来悔边年]))|(?P<other>(?!))"
    ),
    recent=regex.compile(r"(?P<back>最近|过去|近)的?$|(?P<ahead>未来|接下来|今后|往后)的?$"),
    between=regex.compile(r"(?:从|自|在)$"),
    to=regex.compile(r"[ ]?(?:[-\u2013\u2014~]|到|至)[ ]?"),
    open_before=regex.compile(r"(?P<from>自从)$|(?P<to>截至|截止到)$"),
    open_after=regex.compile(
        r"(?P<to>之前|以前|前(?![天台面往几]))|(?P<from>之后|以后|后(?![天面来悔边])|起(?![床飞来])|开始)"
    ),
)
