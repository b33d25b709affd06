"""Whether a generated reply may be said: every fact in it must come from what the bot knows.

The check is one of sets: a number, date, time, name, link or code of the reply must occur in the
template, in a slot, or in a retrieved passage, in whatever form. It doesn't weigh what a sentence
claims about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import regex

from framework.responses import words
from framework.responses.facts import Facts, facts_of, normalise

LEAST_CHARACTERS = 300
"""A reply may always be this long, however short its template is."""

LONGER_THAN_TEMPLATE = 4
HOURS = 24
_CJK = r"\p{Han}|\p{Hiragana}|\p{Katakana}"
_MARKUP = regex.compile(
    r"<\|?[/a-z]|\{\{?\w+\}|^\s*[\[{]\s*[\"\[{]|```|\[/?INST\]|(?:^|\n)\s*(?:system|assistant|user):",
    regex.I,
)
_MIXED = regex.compile(r"\p{Latin}[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{Latin}")
_POLITE_TODAY = regex.compile(
    r"\b(?:help|assist|do for|serve|are|be) you\b[^.!?]* today\b|how .* today", regex.I
)
_FOREIGN_SHARE = 0.3


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a generated reply may state.

    Attributes:
        template: the reply as the domain words it, filled.
        slots: values by the names of slots; None where there is none.
        passages: texts that were retrieved.
        required: values that must be in the reply.
        alternatives: values that a slot could have, and that only a ground allows.
        heard: what users said, which is no ground: a reply must not be made of it.
    """

    template: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    passages: tuple[str, ...] = ()
    required: tuple[Any, ...] = ()
    alternatives: Collection[str] = ()
    heard: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All of it as texts."""
        said = (text for value in self.slots.values() for text in _flat(value))
        return (self.template, *self.passages, *said)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How a reply must look.

    Attributes:
        language: ISO code of its language.
        most_characters: its length; None allows four times that of the template.
        forbidden: phrases that must not occur, in any case.
    """

    language: str = "en"
    most_characters: int | None = None
    forbidden: tuple[str, ...] = ()


def faults(reply: str, *, grounds: Grounds, limits: Limits | None = None) -> tuple[str, ...]:
    """Say why a reply may not be said; empty where it may."""
    limits = limits or Limits()
    return (
        *_faults_of_form(reply, grounds, limits),
        *_ungrounded(reply, grounds, limits.language),
        *_missing(reply, grounds, limits.language),
        *_echoed(reply, grounds),
    )


def ungrounded(reply: str, *, grounds: Grounds, language: str) -> tuple[str, ...]:
    """Say what a reply, or its first sentences, states that the bot doesn't know."""
    return tuple(_ungrounded(reply, grounds, language))


def _faults_of_form(reply: str, grounds: Grounds, limits: Limits) -> Iterator[str]:
    text = " ".join(normalise(reply).split())
    if not text:
        yield "it is empty"
        return
    most = limits.most_characters
    if most is None:
        most = max(LEAST_CHARACTERS, LONGER_THAN_TEMPLATE * len(" ".join(grounds.texts)))
    if len(text) > most:
        yield f"it has {len(text)} characters, more than {most}"
    for phrase in limits.forbidden:
        if " ".join(normalise(phrase).split()).casefold() in text.casefold():
            yield f"it has the forbidden phrase {phrase!r}"
    source = "\n".join(grounds.texts)
    if any(match[0] not in source for match in _MARKUP.finditer(reply)):
        yield "it has markup that is not the bot's"
    if _MIXED.search(text) and not _MIXED.search(normalise(source)):
        yield "it mixes scripts within a word"
    yield from _foreign(text, limits.language, known=facts_of(source).words)


def _foreign(text: str, language: str, *, known: Collection[str]) -> Iterator[str]:
    """Say whether a text isn't in a language, by its script and its commonest words."""
    own = [w for w in regex.findall(r"\p{L}+", text.casefold()) if w not in known]
    letters = "".join(own)
    expected = _script_of(language)
    strange = regex.sub(expected, "", letters)
    if letters and len(strange) > _FOREIGN_SHARE * len(letters):
        yield f"it is not in the script of the language {language!r}"
    if language[:2] not in words.FUNCTION_WORDS:
        return
    said = regex.findall(r"\p{L}+", text.casefold())
    counts = {code: sum(w in table for w in said) for code, table in words.FUNCTION_WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] >= 2 and counts[best] > 2 * counts[language[:2]]:
        yield f"it is in the language {best!r}, not in {language!r}"


def _script_of(language: str) -> str:
    scripts = {
        "zh": rf"{_CJK}",
        "ja": rf"{_CJK}",
        "ko": r"\p{Hangul}|\p{Han}",
        "ru": r"\p{Cyrillic}",
        "uk": r"\p{Cyrillic}",
        "bg": r"\p{Cyrillic}",
        "sr": r"\p{Cyrillic}|\p{Latin}",
        "el": r"\p{Greek}",
        "ar": r"\p{Arabic}",
        "fa": r"\p{Arabic}",
        "he": r"\p{Hebrew}",
        "hi": r"\p{Devanagari}",
        "th": r"\p{Thai}",
    }
    return scripts.get(language[:2], r"\p{Latin}")


def _ungrounded(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    said = facts_of(reply, language=language)
    known = _known(grounds, language)
    yield from _told("link", said.links - known.links)
    yield from _told("code", (code for code in said.codes if code not in known.codes | known.words))
    yield from _told("number", (d for d in said.digits if not _is_known_digits(d, known.digits)))
    yield from _told("number", (_amount(a) for a in said.amounts if not _is_known(a, known)))
    yield from _told("date", (d for d in said.dates if not _is_known_date(d, known)))
    yield from _told("time", (_clock(*face) for face in _strange_times(said, known)))
    yield from _told("day", _strange_days(reply, said, known))
    yield from _told("name", _strange_names(said, known, grounds, language))
    yield from _told("value", _strange_values(reply, grounds))


def _told(kind: str, strange: Any) -> Iterator[str]:
    for fact in sorted(str(one) for one in strange):
        yield f"the {kind} {fact!r} is neither in the template, the slots nor a passage"


def _known(grounds: Grounds, language: str) -> Facts:
    known = Facts()
    for text in grounds.texts:
        found = facts_of(text, language=language)
        for name, values in vars(found).items():
            getattr(known, name).update(values)
    for value in (flat for slot in grounds.slots.values() for flat in _flat(slot)):
        known.names |= facts_of(value, language=language).words
    hours = {int(number) for number, _ in known.amounts if number == int(number) and number >= 0}
    known.faces |= {(hour, 0) for hour in hours if hour <= HOURS}
    return known


def _is_known(amount: tuple[Decimal, str | None], known: Facts) -> bool:
    number, unit = amount
    if unit is None:
        plain = format(number, "f")
        years = {Decimal(d[0]).normalize() for d in known.dates if not isinstance(d, str) and d[0]}
        is_hour = number == int(number) and (int(number), 0) in known.faces
        return is_hour or plain in known.digits or number in {n for n, _ in known.amounts} | years
    return amount in known.amounts


def _is_known_digits(digits: str, known: Collection[str]) -> bool:
    return digits in known or digits.lstrip("0") in {one.lstrip("0") for one in known}


def _is_known_date(date: tuple[int, int, int] | str, known: Facts) -> bool:
    if isinstance(date, str) or date in known.dates:
        return date in known.dates
    year, month, day = date
    dates = [one for one in known.dates if not isinstance(one, str) and one[1:] == (month, day)]
    is_year_told = (Decimal(year).normalize(), None) in known.amounts
    return any(not year or (not one[0] and is_year_told) for one in dates)


def _strange_times(said: Facts, known: Facts) -> Iterator[tuple[int, int]]:
    for minute in said.minutes - known.minutes - known.likely:
        yield minute // 60, minute % 60
    yield from said.plain - known.faces


def _strange_days(reply: str, said: Facts, known: Facts) -> Iterator[str]:
    months = {f"month {date[1]}" for date in known.dates if not isinstance(date, str)}
    months_said = {f"month {date[1]}" for date in said.dates if not isinstance(date, str)}
    for day in said.days - known.days - months - months_said:
        if day != "today" or not _POLITE_TODAY.search(reply):
            yield day


def _strange_names(said: Facts, known: Facts, grounds: Grounds, language: str) -> Iterator[str]:
    text = normalise(" ".join(grounds.texts))
    named = known.names | known.starts
    for name in said.names:
        if name not in named and not (_is_cjk(name) and name in text):
            yield name
    own = words.STARTERS if language[:2] == "en" else words.FUNCTION_WORDS.get(language[:2], ())
    for name in said.starts - known.words - named:
        if name not in own and name not in words.ENGLISH_NUMBERS:
            yield name


def _is_cjk(name: str) -> bool:
    return regex.search(_CJK + r"|\p{Hangul}", name) is not None


def _strange_values(reply: str, grounds: Grounds) -> Iterator[str]:
    source = normalise("\n".join(grounds.texts)).casefold()
    for value in grounds.alternatives:
        if _contains(normalise(reply).casefold(), value) and not _contains(source, value):
            yield value


def _contains(text: str, value: str) -> bool:
    wanted = regex.escape(normalise(value).casefold())
    edge = r"" if _is_cjk(value) else r"(?<!\w){}(?!\w)"
    return regex.search(edge.format(wanted) if edge else wanted, text) is not None


def _missing(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    text = " ".join(normalise(reply).casefold().split())
    said = facts_of(reply, language=language)
    for value in (flat for one in grounds.required for flat in _flat(one)):
        wanted = " ".join(normalise(value).casefold().split())
        if not _contains(text, wanted) and not _states(said, facts_of(value, language=language)):
            yield f"the value {value!r} is missing"


def _echoed(reply: str, grounds: Grounds) -> Iterator[str]:
    """Say whether a reply is made of what users said, as that of a model which obeys them."""
    heard = set(_content_words(" ".join(grounds.heard)))
    source = set(_content_words("\n".join(grounds.texts)))
    content = _content_words(reply)
    echoed = [word for word in content if word in heard and word not in source]
    if echoed and 2 * len(echoed) >= len(content):
        yield f"it says what the user said: {' '.join(echoed)!r}"


def _content_words(text: str) -> list[str]:
    """List words that carry meaning; in scripts without spaces, pairs of signs."""
    plain = normalise(text).casefold()
    common = words.STARTERS | words.FUNCTION_WORDS["en"]
    spaced = [
        word
        for word in regex.findall(r"[\p{L}--\p{Han}]{3,}", plain, regex.V1)
        if word not in common
    ]
    runs = regex.findall(r"\p{Han}{2,}", plain)
    return spaced + [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def _states(said: Facts, value: Facts) -> bool:
    """Whether a text states a value that is a number, a time, a date or a link in another form."""
    is_number = value.amounts and not value.words - set(words.ENGLISH_NUMBERS) - set(words.UNITS)
    numbers = {number for number, _ in said.amounts} | {Decimal(hour) for hour, _ in said.faces}
    return bool(
        (is_number and {number for number, _ in value.amounts} <= numbers)
        or (value.minutes and value.minutes <= said.minutes)
        or (value.dates and all(_is_known_date(date, said) for date in value.dates))
        or (value.digits and value.digits <= said.digits)
        or (value.links and value.links <= said.links)
    )


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _flat(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _amount(amount: tuple[Decimal, str | None]) -> str:
    number, unit = amount
    return f"{number:f} {unit}" if unit else f"{number:f}"


def _clock(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}"
