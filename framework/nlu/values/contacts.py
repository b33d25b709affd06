"""E-mail addresses, web addresses and phone numbers."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.nlu.values.match import Match

_EMAIL = regex.compile(r"(?<![\w.+-])[\w.+-]++@(?:[\w-]++\.)+[\p{L}]{2,24}(?![\w@])")
_ENDINGS = (
    "com org net edu gov mil int info biz io ai app dev me tv co online shop site tech xyz uk de "
    "fr es it nl be ch at se no dk fi pl pt ie eu us ca au nz in jp cn kr br mx ru ua tr gr cz za "
    "sg hk tw il ar cl"
)
_URL = regex.compile(
    rf"""(?<![\w@./-])
    (?: (?:https?|ftp)://(?P<host>[^\s/?\#:<>"\ufffd]++)
        | (?P<host>www\.(?:[\w-]++\.)+[\p{{L}}]{{2,24}})
        | (?P<host>(?:[\w-]++\.)+(?P<ending>{"|".join(_ENDINGS.split())})(?![\w@-]|\.\w)) )
    (?: :\d{{1,5}} )?
    (?: [/?\#][^\s<>"\ufffd]* )?""",
    regex.VERBOSE | regex.IGNORECASE,
)
_PHONE = regex.compile(
    r"""(?<![\w+.,-])
    (?: (?P<code>\(?\+\d{1,3}\)?)[ .-]? (?P<local>\(?\d{1,4}\)?(?:[ .-]{0,2}\d{1,8}){1,6}+)
        | (?P<local>(?:1[ .-])?\(?\d{2,5}\)?(?:[ .-]{1,2}\d{2,5}){1,4}
            |\(?0\d{1,4}\)?[ .-]{1,2}\d{5,8}(?:-\d{1,5})?|\d{7,15}) )
    (?P<extension>[ ]?(?:ext\.?|x)[ ]?\d{1,6})?
    (?![\w-])""",
    regex.VERBOSE | regex.IGNORECASE,
)
_LOOKS_LIKE_DATE = regex.compile(
    r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4}|\d+[ ]\d\d?([:.]\d\d)?"
)
_OTHER_NUMBER = regex.compile(
    r"""\b(?:order|invoice|ticket|booking|reservation|reference|ref|tracking|account|case|serial
    |customer|member(?:ship)?|policy|transaction|card|passport|isbn|iban|sku|item|product|part|model
    |version|confirmation|flight|zip|postal|pin|tax|vat|id)
    (?:[ ](?:number|no|nr|code|id|card))?[ ]?(?:\.|\#|:|[ ](?:is|was)(?=[ ]))*[ ]*\#?$
    |(?:订单|单|发票|账|帐|卡|会员|学|工|编|运单|流水|身份证|护照|快递|序列|车牌|房间|航班)(?:编)?(?:号|号码)
    [是为]?[ :]?$|(?<!\w)\#[ ]?$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""What names a number that nobody can call."""

_NEAR = 40
_MOST_DIGITS, _FEWEST_DIGITS = 15, 7
_SENTENCE_ENDS = ".,;:!?)'"


def email_matches(text: str) -> Iterator[Match]:
    """Find e-mail addresses, Duckling's dimension `email`."""
    for match in _EMAIL.finditer(text):
        value = {"value": match.group()}
        yield Match(start=match.start(), end=match.end(), dimension="email", value=value)


def url_matches(text: str) -> Iterator[Match]:
    """Find web addresses with a scheme, `www.` or a common ending, Duckling's dimension `url`."""
    for match in _URL.finditer(text):
        written = match.group().rstrip(_SENTENCE_ENDS)
        domain = match["host"].rstrip(_SENTENCE_ENDS).lower().removeprefix("www.")
        if not domain or _is_sentence_border(match):
            continue
        value = {"value": written, "domain": domain}
        end = match.start() + len(written)
        yield Match(start=match.start(), end=end, dimension="url", value=value)


def phone_matches(text: str, before: str | None = None) -> Iterator[Match]:
    """Find phone numbers of 7 to 15 digits, Duckling's dimension `phone-number`.

    Args:
        text: where to look.
        before: the same text with words that `text` lacks, which name what a number is.
    """
    named = text if before is None else before
    for match in _PHONE.finditer(text):
        digits = regex.sub(r"\D", "", match["local"])
        is_date = not match["code"] and _LOOKS_LIKE_DATE.fullmatch(match["local"])
        if is_date or not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
            continue
        start = match.start()
        if not match["code"] and _OTHER_NUMBER.search(named, max(0, start - _NEAR), start):
            continue
        code = f"(+{regex.sub(r'[^0-9]', '', match['code'])})" if match["code"] else ""
        extension = regex.sub(r"\D", "", match["extension"]) if match["extension"] else ""
        value = f"{code}{digits}" + (f" ext {extension}" if extension else "")
        yield Match(start=start, end=match.end(), dimension="phone-number", value={"value": value})


def _is_sentence_border(match: regex.Match[str]) -> bool:
    """Whether what looks like an ending begins the next sentence: `I like it.It is good`."""
    ending, host = match["ending"], match["host"]
    return ending is not None and ending[0].isupper() and not host.isupper()
