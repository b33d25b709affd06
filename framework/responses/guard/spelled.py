"""Numbers in words as digits: `twenty-one thousand` is 21000; and what ranges leave out."""

# ruff: noqa: RUF001  # signs that look alike are told apart here

from __future__ import annotations

import regex

from framework.nlu.values.calendar_names import MONTH_PATTERN
from framework.responses.guard import words

_HAN_NUMBER = regex.compile(r"[零〇一二两兩三四五六七八九十百千万萬亿]+")
_DOZEN = "dozen"
_TO = r" ?(?:to|or|and|-|~|至|到) ?"
_UNTIL = r" ?(?:to|until|till|and|or|-) ?"
_UNIT = words.UNIT_PATTERN
_RANGE = regex.compile(
    rf"(?<![\d.,:])(\d+(?:[.,]\d+)?)({_TO})"
    rf"(?=\d+(?:[.,]\d+)?(?P<unit>[ -]?(?:{_UNIT}))(?![\p{{Latin}}\d]))",
    regex.IGNORECASE,
)
_DAYS_OF_MONTH = regex.compile(
    rf"(?<![\w.,:])(\d{{1,2}})(?:st|nd|rd|th)?({_UNTIL}(?:the )?)"
    rf"(?=\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?P<month>{MONTH_PATTERN})\b)",
    regex.IGNORECASE,
)
_MONTH_OF_DAYS = regex.compile(
    rf"\b(?P<month>{MONTH_PATTERN}) (\d{{1,2}})(?:st|nd|rd|th)?({_UNTIL})(?=\d{{1,2}}\b)",
    regex.IGNORECASE,
)
_HAN_CLOCK = regex.compile(
    r"(凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|今晚|明晚|周[一二三四五六日]晚|早|晚)?(?<!\d)(\d{1,2})"
    r"(?:[点时](?!间)(?:(半)|([一三])刻|(\d{1,2})分?)?钟?(?!\d)|[:：](\d{2}))"
)
_LATE = frozenset(["下午", "傍晚", "晚上", "今晚", "明晚"])
_YEARS_OLD = regex.compile(r"(\d+)[ -]years?[ -](?:old|of age)\b", regex.IGNORECASE)
_HALF_DAY = regex.compile(
    r"(?<![\d.,:])(\d{1,2})((?:[:.]\d{2})?)(?= ?(?:to|and|or|until|till|-) ?(\d{1,2})(?:[:.]\d{2})?"
    r" ?(a\.?m|p\.?m)\b)",
    regex.IGNORECASE,
)
_PART_OF_DAY = regex.compile(
    r"(\d)(?: o'clock)? (?:in the (morning|afternoon|evening)|at (night))\b", regex.IGNORECASE
)
_HAN_PERIODS = "|".join(words.HAN_PERIODS)
_PARTS_OF_TIME = tuple(
    (regex.compile(rf"\b{one}\b", regex.IGNORECASE), other)
    for one, other in (
        (r"(?:an|one|1) hour and a half|(?:one|1) and a half hours", "90 minutes"),
        (r"(?:an|one|1) hour and a quarter", "75 minutes"),
        (r"(?:one|1) and a half years|a year and a half", "18 months"),
        (r"(?:2|two) and a half hours", "150 minutes"),
        (r"half an hour|half hour", "30 minutes"),
        (r"(?:three|3) quarters of an hour|(?:a )?three-quarter hour", "45 minutes"),
        (r"(?:a )?quarter of an hour", "15 minutes"),
        (r"half a minute", "30 seconds"),
        (r"half a day", "12 hours"),
        (r"half a year", "6 months"),
        (r"a fortnight|a couple of weeks", "2 weeks"),
        (r"(?:seven|7) days a week", "daily"),
    )
) + tuple(
    (regex.compile(one), other)
    for one, other in (
        ("(?:半个?小时|半个?钟头)", "30分钟"),
        ("一刻钟", "15分钟"),
        ("半年", "6个月"),
        (rf"一个?({_HAN_PERIODS}|次)(?=[是要收为只需付共]{{0,2}}\d+(?:\.\d+)?[元块])", r"每\1"),
        (rf"(?<=[元块])钱?一个?({_HAN_PERIODS}|次)(?!起)", r"每\1"),
        (r"(\d)毛钱?", r"0.\1元"),
        (r"(\d+)块(\d)(?![\d元])", r"\1.\2元"),
    )
)
_MORE = regex.compile(rf"(?<![\w.,])(\d+) (?:more|extra|additional|further) (?={_UNIT}\b)", regex.I)
_ONE = regex.compile(
    r"\b(for|in|within|after|least|most|about|than|takes|half|only|just) (?:an?) "
    rf"(?=(?:{_UNIT})\b(?! (?:of|for|before|to)\b))",
    regex.IGNORECASE,
)


def digits_for_words(text: str, language: str, *, apart: str) -> str:
    """Write number words as digits.

    Args:
        text: the text.
        language: ISO code of the language whose words are read beside English ones.
        apart: stands for what counts nothing, and between numbers that are none together.
    """
    for pattern, plain in _PARTS_OF_TIME:
        text = pattern.sub(plain, text)
    text = regex.sub(words.NUMBER_IDIOMS, apart, text, flags=regex.IGNORECASE)
    text = regex.sub(words.HAN_IDIOMS, apart, text)
    text = _HAN_NUMBER.sub(lambda match: f"{_han_value(match[0])}", text)
    for table in {language: words.NUMBERS.get(language, {}), "en": words.ENGLISH_NUMBERS}.values():
        text = _spelled(text, table, apart) if table else text
    return text


def written_out(text: str) -> str:
    """Write out what ranges leave out: `3 to 9 August`, `12 to 60 months`, `a year`."""
    text = _HAN_CLOCK.sub(_clock_for_han, text)
    text = _YEARS_OLD.sub(r"\1 old", text)
    text = _PART_OF_DAY.sub(_with_part_of_day, text)
    text = _HALF_DAY.sub(_with_half_day, text)
    text = _MORE.sub(r"additional \1 ", text)
    text = _RANGE.sub(lambda m: f"{m[1]}{m['unit']} {m[2].strip()} ", text)
    text = _DAYS_OF_MONTH.sub(lambda m: f"{m[1]} {m['month']}{m[2]}", text)
    text = _MONTH_OF_DAYS.sub(lambda m: f"{m['month']} {m[2]}{m[3]}{m['month']} ", text)
    return _ONE.sub(lambda m: f"{m[1]} 1 ", text)


def _clock_for_han(match: regex.Match[str]) -> str:
    """Write `下午5点半` as `5:30 pm`."""
    part = match[1] or ""
    minute = "30" if match[3] else {"一": "15", "三": "45"}.get(match[4] or "", "")
    time = f"{match[2]}:{(minute or match[5] or match[6] or '0').zfill(2)}"
    if int(match[2]) > 12 or not part:
        return f" {time} "
    is_late = part in _LATE or part.endswith("晚") or (part == "中午" and int(match[2]) < 6)
    return f" {time} {'pm' if is_late else 'am'} "


def _with_part_of_day(match: regex.Match[str]) -> str:
    """Write `10 in the morning` as `10 am`."""
    return f"{match[1]} {'am' if (match[2] or match[3]).lower() == 'morning' else 'pm'}"


def _with_half_day(match: regex.Match[str]) -> str:
    """Say of the first hour of `2 to 4 pm` that it is one of the afternoon, too."""
    is_same = int(match[1]) % 12 < int(match[3]) % 12 or int(match[1]) == int(match[3])
    half = match[4][0].lower()
    return f"{match[1]}{match[2]} {half if is_same else {'a': 'p', 'p': 'a'}[half]}m"


def _spelled(text: str, table: dict[str, int], apart: str) -> str:
    known = "|".join(sorted(table, key=len, reverse=True))
    scales = "|".join(sorted(words.SCALES, key=len, reverse=True))
    group = regex.compile(
        rf"\b(?:{known}|(?:an? )(?:{scales}|dozen))(?:[ -](?:and )?(?:{known}|{scales}))*\b"
        r"(?P<next> (?=\d))?",
        regex.IGNORECASE,
    )
    return group.sub(
        lambda match: _group_value(match[0].strip(), table) + (apart if match["next"] else ""), text
    )


def _group_value(text: str, table: dict[str, int]) -> str:
    """Add up a group of number words; separate numbers in a row stay separate."""
    done: list[int] = []
    total, current, last = 0, 0, 0
    for word in regex.split(r"[ -]+", text.casefold()):
        if word in words.SCALES:
            scale = words.SCALES[word]
            current = (current or 1) * scale
            total, current = (total + current, 0) if scale >= 1000 else (total, current)
            last = scale
        elif word in table:
            number = table[word]
            if (current or total) and word != _DOZEN and not _continues(number, last):
                done.append(total + current)
                total = current = 0
            current = current * number if word == _DOZEN and current else current + number
            last = number
    return " ".join(str(number) for number in (*done, total + current))


def _continues(number: int, last: int) -> bool:
    return last >= 100 or (last >= 20 and last % 10 == 0 and 0 < number < 10)


def _han_value(text: str) -> int:
    if not any(character in words.HAN_SCALES for character in text):
        return int("".join(str(words.HAN_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in words.HAN_DIGITS:
            digit = words.HAN_DIGITS[character]
            continue
        scale = words.HAN_SCALES[character]
        if scale >= 10000:
            total, section, digit = (total + section + digit) * scale, 0, 0
        else:
            section, digit = section + (digit or 1) * scale, 0
    return total + section + digit
