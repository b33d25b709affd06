import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from framework.nlu.values.chinese.numerals import find_numerals
from framework.nlu.values.digits import readable_digits
from framework.nlu.values.find import DIMENSIONS, find_values
from framework.nlu.values.holidays import holiday_in
from framework.nlu.values.numbers import find_numbers

NOW = datetime(2013, 2, 12, 4, 30, tzinfo=timezone(timedelta(hours=-2)))  # a Tuesday


def values(text, dimension, **settings):
    found = find_values(text, now=NOW, dimensions=[dimension], **settings)
    return [(text[match.start : match.end], match.value) for match in found]


def plain(text, dimension, **settings):
    return [(words, value["value"]) for words, value in values(text, dimension, **settings)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", [("4", 4)]),
        ("a table for four", [("four", 4)]),
        ("1,200.5 and 2k", [("1,200.5", 1200.5), ("2k", 2000)]),
        ("-3 minus five", [("-3", -3), ("minus five", -5)]),
        ("one two three", [("one", 1), ("two", 2), ("three", 3)]),
        ("Twenty-five", [("Twenty-five", 25)]),
        ("two hundred and five and six", [("two hundred and five", 205), ("six", 6)]),
        ("fifteen hundred", [("fifteen hundred", 1500)]),
        ("3 million five hundred thousand", [("3 million five hundred thousand", 3_500_000)]),
        ("a hundred, a dozen", [("a hundred", 100), ("a dozen", 12)]),
        ("two point five", [("two point five", 2.5)]),
        ("1.5 million", [("1.5 million", 1_500_000)]),
        ("mp3 b2b", []),
        ("192.168.1.1", []),
        ("someone often", []),
        ("7" * 100, []),
    ],
)
def test_numbers(text, expected):
    assert plain(text, "number") == expected


def test_a_language_decides_what_a_comma_means():
    assert plain("1.200,5", "number", language="de") == [("1.200,5", 1200.5)]
    assert plain("1,200", "number", language="en") == [("1,200", 1200)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the 3rd", [("3rd", 3)]),
        ("twenty first and thirtieth", [("twenty first", 21), ("thirtieth", 30)]),
        ("first", [("first", 1)]),
        ("secondary 5that", []),
    ],
)
def test_ordinals(text, expected):
    assert plain(text, "ordinal") == expected


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("$5.20", 5.2, "$"),
        ("20 euros", 20, "EUR"),
        ("€1,000,000", 1_000_000, "EUR"),
        ("a hundred bucks", 100, "$"),
        ("5 dollars and 20 cents", 5.2, "$"),
        ("£3k", 3000, "£"),
        ("100 USD", 100, "USD"),
        ("USD 100", 100, "USD"),
        ("30 cents", 30, "cent"),
        ("rs 500", 500, "INR"),
    ],
)
def test_money(text, amount, unit):
    (found,) = values(text, "amount-of-money")
    assert found == (text, {"value": amount, "type": "value", "unit": unit})


@pytest.mark.parametrize("text", ["5 apples", "I won 3 games, try 2", "dollars"])
def test_other_things_are_no_money(text):
    assert values(text, "amount-of-money") == []


@pytest.mark.parametrize(
    ("text", "count", "unit", "seconds"),
    [
        ("2 hours", 2, "hour", 7200),
        ("2h", 2, "hour", 7200),
        ("an hour and 30 minutes", 90, "minute", 5400),
        ("half an hour", 30, "minute", 1800),
        ("an hour and a half", 90, "minute", 5400),
        ("two and a half", None, None, None),
        ("three days", 3, "day", 259_200),
        ("half a year", 6, "month", 15_552_000),
    ],
)
def test_durations(text, count, unit, seconds):
    found = values(text, "duration")
    if count is None:
        assert found == []
        return
    ((words, value),) = found
    assert (words, value["value"], value["unit"]) == (text, count, unit)
    assert value["normalized"] == {"value": seconds, "unit": "second"}
    assert value[unit] == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail a.b+c@foo-bar.co.uk.", [("a.b+c@foo-bar.co.uk",) * 2]),
        ("me@home", []),
        ("@ada", []),
    ],
)
def test_email_addresses(text, expected):
    assert plain(text, "email") == expected


@pytest.mark.parametrize(
    ("text", "address", "domain"),
    [
        ("see https://x.org/a?b=c.", "https://x.org/a?b=c", "x.org"),
        ("www.Foo.bar!", "www.Foo.bar", "foo.bar"),
        ("at foo.com/path, ok", "foo.com/path", "foo.com"),
    ],
)
def test_web_addresses(text, address, domain):
    assert values(text, "url") == [(address, {"value": address, "domain": domain})]


@pytest.mark.parametrize("text", ["ok.thanks", "a@b.com", "e.g. this", "3.5"])
def test_other_dots_are_no_web_addresses(text):
    assert values(text, "url") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 650-283-7757", "(+1)6502837757"),
        ("(650) 701 8887 ext 12", "6507018887 ext 12"),
        ("5551234", "5551234"),
        ("+49 30 123456", "(+49)30123456"),
        ("1 800 555 1234", "18005551234"),
    ],
)
def test_phone_numbers(text, number):
    assert plain(f"call {text} now", "phone-number") == [(text, number)]


@pytest.mark.parametrize("text", ["2024-03-05", "12345", "1,234,567", "1 2 3 4 5 6 7"])
def test_other_digits_are_no_phone_numbers(text):
    assert values(text, "phone-number") == []


def at(text):
    return f"2013-02-{text}:00.000-02:00"


@pytest.mark.parametrize(
    ("text", "expected", "grain"),
    [
        ("now", at("12T04:30"), "second"),
        ("today", at("12T00:00"), "day"),
        ("tomorrow at 5pm", at("13T17:00"), "hour"),
        ("5:30 p.m. tomorrow", at("13T17:30"), "minute"),
        ("friday", at("15T00:00"), "day"),
        ("next friday", at("22T00:00"), "day"),
        ("last tuesday", at("05T00:00"), "day"),
        ("wednesday next week", at("20T00:00"), "day"),
        ("next week", at("18T00:00"), "week"),
        ("in 2 hours", at("12T06:30"), "minute"),
        ("in 3 days", at("15T04:00"), "hour"),
        ("in half an hour", at("12T05:00"), "second"),
        ("an hour ago", at("12T03:30"), "minute"),
        ("at 7", at("12T07:00"), "hour"),
        ("at 3", at("12T15:00"), "hour"),
        ("half past three", at("12T15:30"), "minute"),
        ("quarter to 4pm", at("12T15:45"), "minute"),
        ("17:00", at("12T17:00"), "minute"),
        ("at 8 tonight", at("12T20:00"), "hour"),
        ("friday evening at 8", at("15T20:00"), "hour"),
        ("at 3 in the afternoon", at("12T15:00"), "hour"),
        ("noon", at("12T12:00"), "hour"),
        ("on the 15th", at("15T00:00"), "day"),
        ("February 14th", at("14T00:00"), "day"),
        ("14 Feb 2013", at("14T00:00"), "day"),
        ("2013-02-14", at("14T00:00"), "day"),
        ("2/14/2013", at("14T00:00"), "day"),
        ("14.02.2013", at("14T00:00"), "day"),
    ],
)
def test_times(text, expected, grain):
    ((words, value),) = values(f"well, {text}", "time")
    assert words == text
    assert (value["value"], value["grain"], value["type"]) == (expected, grain, "value")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from 3 to 5 pm", at("12T15:00"), at("12T18:00")),
        ("3-5pm", at("12T15:00"), at("12T18:00")),
        ("between 9am and 11am", at("12T09:00"), at("12T12:00")),
        ("from 9:30 to 11:00 on thursday", at("14T09:30"), at("14T11:01")),
        ("monday to wednesday", at("18T00:00"), at("21T00:00")),
        ("tonight", at("12T18:00"), at("13T00:00")),
        ("tomorrow morning", at("13T04:00"), at("13T12:00")),
        ("after 5pm", at("12T17:00"), None),
        ("before tomorrow", None, at("13T00:00")),
    ],
)
def test_stretches_of_time(text, start, end):
    ((words, value),) = values(f"well, {text}", "time")
    assert (words, value["type"]) == (text, "interval")
    assert value.get("from", {}).get("value") == start
    assert value.get("to", {}).get("value") == end


@pytest.mark.parametrize(
    "text",
    [
        "good morning",
        "I may march on",
        "the sun is shining",
        "a table for 4",
        "32/13/2020",
        "in 99999999999 years",
        "1000000000000 months ago",
        "at 25",
    ],
)
def test_other_words_are_no_times(text):
    assert values(text, "time") == []


def test_the_order_of_day_and_month_follows_the_locale():
    assert plain("3/4", "time")[0][1].startswith("2013-03-04")
    assert plain("3/4", "time", day_first=True)[0][1].startswith("2013-04-03")


def test_hours_pass_by_the_clock_where_it_is_put_forward():
    now = datetime(2024, 3, 31, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    (found,) = find_values("in 2 hours", now=now, dimensions=["time"])
    assert found.value["value"] == "2024-03-31T04:30:00.000+02:00"


def test_only_the_longest_of_values_within_one_another_counts():
    found = find_values("5 dollars tomorrow at 5pm", now=NOW)
    assert [match.dimension for match in found] == ["amount-of-money", "time"]


def test_a_shorter_value_counts_when_only_its_kind_is_asked_for():
    assert plain("5 dollars", "number") == [("5", 5)]


WORDS = st.sampled_from(
    re.split(
        " ",
        "from to between 3 5pm 12:30 tomorrow next friday march 2024 may the 31st of in half an "
        "hour and a hundred thousand point five dollars $ € - / . , : @ www. +1 555 1234 ago at "
        "noon morning last week 99 29.2. 2/30 minus dozen quarter past x",
    )
)


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.lists(WORDS, max_size=8).map("".join))
def test_no_order_of_words_breaks_it(text):
    for match in find_values(text, now=NOW):
        assert 0 <= match.start < match.end <= len(text)
        assert match.dimension in DIMENSIONS


CHINESE = st.text(
    st.sampled_from(
        "一二两三十百千万亿零半个点分钟时周星期天日月年号上下前后明今昨元块角到至第5,.:~- 多"
    )
)


@given(CHINESE)
def test_no_chinese_text_breaks_it(text):
    for match in find_values(text, now=NOW, language="zh"):
        assert 0 <= match.start < match.end <= len(text)


@given(st.integers(0, 10**8 - 1))
def test_every_chinese_numeral_is_read_back(number):
    (found,) = find_numerals(spelled(number))
    assert found.value == number


def spelled(number):
    """Spell a number below a hundred millions in Chinese."""
    high, low = divmod(number, 10**4)
    parts = f"{section(high)}万" if high else ""
    gap = "零" if high and 0 < low < 1000 else ""
    return parts + gap + section(low) if low or not high else parts


def section(number):
    digits, text, gap = "零一二三四五六七八九", "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        gap = gap or (digit == 0 and bool(text))
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + name
            gap = False
    return text or "零"


@given(st.text())
@example(text="\U00010d40 \U00010d41/\U00010d42/\U00010d43 at \U00010d44:\U00010d45\U00010d46 pm")
def test_no_text_breaks_it(text):
    for match in find_values(text, now=NOW):
        assert 0 <= match.start < match.end <= len(text)


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "a.", "one ", "1-", "5pm ", "a@", "(", "1 hour ", "+1"]
)
def test_long_texts_are_read_too(unit):
    find_values(unit * 3000, now=NOW)


@pytest.mark.parametrize("unit", ["一", "三点", "5月1日到", "三块五", "不超过", "上", "第", "点"])
def test_long_chinese_texts_are_read_too(unit):
    find_values(unit * 3000, now=NOW, language="zh")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\U0001f389\U0001f468\u200d\U0001f469 tomorrow", "tomorrow"),
        ("cafe\u0301 at 5pm", "at 5pm"),
        ("\t\nnow\r\n", "now"),
        ("at\u00a05\u00a0pm", "at\u00a05\u00a0pm"),
    ],
)
def test_places_are_those_of_the_text_as_written(text, words):
    assert [found for found, _ in values(text, "time")] == [words]


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))]
)
def test_easter_is_the_sunday_that_it_was_proclaimed_for(year, day):
    assert holiday_in(year, "easter") == date(year, *day)


def test_thanksgiving_is_the_fourth_thursday_of_november():
    assert holiday_in(2025, "thanksgiving") == date(2025, 11, 27)
    assert holiday_in(2024, "black friday") == date(2024, 11, 29)


def test_the_sign_of_yen_and_yuan_is_read_by_language():
    ((_, english),) = values("¥500", "amount-of-money")
    ((_, chinese),) = values("¥500", "amount-of-money", language="zh")
    assert (english["unit"], chinese["unit"]) == ("JPY", "CNY")


@given(st.integers(-(10**15), 10**15))
def test_every_whole_number_is_read_back(number):
    (found,) = find_numbers(str(number))
    assert found.value == number


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("room ٤٢, 7", "room ٤٢, 7"),
        ("\U00010d44\U00010d42", "\ufffd\ufffd"),
        ("at \U00010d44:30", "at \ufffd:30"),
    ],
)
def test_digits_that_python_cannot_read_are_marked_in_their_place(text, read):
    assert readable_digits(text) == read
