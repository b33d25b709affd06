from decimal import Decimal

import pytest

from framework.responses.guard.reading import facts_of


@pytest.mark.parametrize(
    ("text", "field", "fact"),
    [
        ("twenty-one thousand", "amounts", (Decimal(21000), None)),
        ("one 400 mg tablet", "amounts", (Decimal(400), "mg")),
        ("two dozen", "amounts", (Decimal(24), None)),
        ("12 to 60 months", "amounts", (Decimal(12), "month")),
        ("3 working days", "amounts", (Decimal(3), "day")),
        ("5个工作日", "amounts", (Decimal(5), "day")),
        ("within an hour", "amounts", (Decimal(1), "hour")),
        ("under 14 may only climb", "amounts", (Decimal(14), None)),
        ("on 14 may at noon", "dates", (0, 5, 14)),
        ("3 to 9 August", "dates", (0, 8, 3)),
        ("from the 3rd to the 9th of August", "dates", (0, 8, 3)),
        ("August 3 to 9", "dates", (0, 8, 9)),
        ("half past eight", "plain", (8, 30)),
        ("quarter to seven", "plain", (6, 45)),
        ("at eight twelve", "plain", (8, 12)),
        ("9 dollars a month", "rates", "month"),
        ("twice a week", "rates", "week"),
        ("our daily limit", "rates", "day"),
        ("每月9元", "rates", "month"),
        ("two blue tablets", "counted", (Decimal(2), "tablet")),
        ("ask maria for it", "names", "maria"),
        ("您的航班是CA1831", "codes", "ca1831"),
        ("m***@mail.example", "links", "m***@mail.example"),
    ],
)
def test_a_fact_has_one_form(text, field, fact):
    assert fact in getattr(facts_of(text), field)


@pytest.mark.parametrize("text", ["it's the third one", "one moment", "早上好", "十分感谢"])
def test_idioms_state_nothing(text):
    found = facts_of(text)
    assert Decimal(1) not in {number for number, _ in found.amounts}
    assert Decimal(10) not in {number for number, _ in found.amounts}
    assert found.days == set()
