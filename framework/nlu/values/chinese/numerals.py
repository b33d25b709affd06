"""Chinese numbers: `三千五百`, `两万`, `3.5万`, `二〇二五`, `零点五`, and ordinals with `第`.

A single numeral is part of many words (`一起`, `三明治`), so it counts only before a measure word
or alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.nlu.values.match import Match
from framework.nlu.values.numbers import Number

_DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇", "一壹", "二两贰俩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_SCALES = {**_SMALL, **_LARGE}

_D, _Z = "[一二两三四五六七八九壹贰俩叁肆伍陆柒捌玖]", "[零〇]"
_SECTION = rf"(?:{_D}[千仟])?(?:{_Z}?{_D}[百佰])?(?:{_Z}?{_D}?[十拾])?(?:{_Z}?{_D})?"
_WELL_FORMED = regex.compile(rf"(?:{_SECTION}亿)?(?:{_Z}?{_SECTION}万)?{_Z}?{_SECTION}|{_Z}")
_BARE_SCALE = regex.compile(r"(?:^|[亿零〇])[万亿百佰千仟]")
_SPELLED = regex.compile(r"[零〇一二三四五六七八九]{3,}")
_TRADITIONAL = str.maketrans(
    "兩萬億點後鐘個週禮號時間開從負幾處過內來貳參陸圓塊幣錢歐鎊這節",
    "两万亿点后钟个周礼号时间开从负几处过内来贰叁陆圆块币钱欧镑这节",
)

CHARACTERS = "".join((*_DIGITS, *_SCALES))
NUMERAL = rf"(?:\d+(?:\.\d+)?[十百千万亿]*|[{CHARACTERS}]+(?:点[零〇一二三四五六七八九]+)?)"
"""What may be a number; `read_numeral` says whether it is one."""

_MEASURES = (
    "位 个 人 张 份 件 杯 瓶 碗 盘 双 把 条 只 辆 台 间 套 支 枝 片 箱 袋 盒 桶 斤 公斤 千克 克 "
    "吨 升 毫升 毫米 厘米 平米 平方 米 公里 层 楼 岁 名 家 次 场 部 首 篇 项 座 棵 朵 颗 粒 滴 "
    "头 匹 群 组 批 排 串 束 桌 锅 罐 壶 顿 趟 种 款 晚 夜 室 厅 倍 折 门"
)
_MEASURE = "|".join(sorted(set(_MEASURES.split()), key=len, reverse=True))
_CANDIDATE = regex.compile(
    rf"""(?<![\d.,])(?P<minus>负)?
    (?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?[十百千]?[万亿]+[\d{CHARACTERS}]*
    | [{CHARACTERS}]+(?:点[零〇一二三四五六七八九]+(?![{CHARACTERS}分刻钟]))?)""",
    regex.VERBOSE,
)
_SINGLE = regex.compile(rf"(?:{_MEASURE})")
_IN_A_WORD = regex.compile(r"\p{Han}")
_ORDINAL = regex.compile(rf"第(?P<number>\d{{1,9}}|[{CHARACTERS}]+)")
_WORDS = regex.compile(r"十(?:分(?!钟|之)|足|字)|一(?:个劲|次性|条龙|部分)")
"""Words in which a numeral counts nothing, although it could."""


def simplified(text: str) -> str:
    """Put the simplified forms of the characters used here in place of traditional ones."""
    return text.translate(_TRADITIONAL)


def read_numeral(written: str) -> int | float | None:
    """Read a number in digits, Chinese numerals or both; None for what is none."""
    whole, _, decimals = written.partition("点")
    if decimals:
        value = read_numeral(whole)
        return None if value is None else float(f"{value}.{''.join(map(_digit, decimals))}")
    head = regex.match(r"[\d,]+(?:\.\d+)?", written)
    if head is not None:
        return _read_mixed(head.group().replace(",", ""), written[head.end() :])
    if _SPELLED.fullmatch(written):
        return int("".join(map(_digit, written)))
    if not written or not _WELL_FORMED.fullmatch(written) or _BARE_SCALE.search(written):
        return None
    return _read_sections(written)


def find_numerals(text: str) -> Iterator[Number]:
    """Find numbers with Chinese numerals in them."""
    doubtful = {place for match in _WORDS.finditer(text) for place in range(*match.span())}
    for match in _CANDIDATE.finditer(text):
        value = read_numeral(match["number"])
        if value is None or match.start("number") in doubtful:
            continue
        if len(match["number"]) == 1 and not match["minus"] and not _stands_alone(match, text):
            continue
        signed = -value if match["minus"] else value
        yield Number(start=match.start(), end=match.end(), value=signed)


def ordinal_numerals(text: str) -> Iterator[Match]:
    """Find ordinals (`第三`, `第2`), Duckling's dimension `ordinal`."""
    for match in _ORDINAL.finditer(text):
        value = read_numeral(match["number"])
        if value is not None:
            content = {"value": value, "type": "value"}
            yield Match(start=match.start(), end=match.end(), dimension="ordinal", value=content)


def _stands_alone(match: regex.Match[str], text: str) -> bool:
    """Whether a single numeral is a number: before a measure word, or beside no other character."""
    if _SINGLE.match(text, match.end()) is not None:
        return True
    beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    return not _IN_A_WORD.search(beside)


def _digit(character: str) -> str:
    return str(_DIGITS[character])


def _read_mixed(digits: str, rest: str) -> int | float | None:
    """Read digits with scales after them: `3.5万`, `2千`."""
    value: float = float(digits) if "." in digits else int(digits)
    scales = regex.match(r"[十百千]?[万亿]*", rest)
    taken = scales.group() if scales is not None else ""
    for scale in taken:
        value *= _SCALES[scale]
    tail = rest[len(taken) :]
    if tail:
        more = read_numeral(tail)
        if more is None or not taken:
            return None
        is_short = len(tail) == 1 and tail not in "零\u30070"
        value += more * _SCALES[taken[-1]] // 10 if is_short else more
    value = round(value, 9)
    return int(value) if value == int(value) else value


def _read_sections(written: str) -> int:
    """Add up a well-formed numeral; a last digit right after a scale counts tenths of it."""
    total = section = digit = 0
    last_scale = 0
    for character in written:
        if character in _DIGITS:
            digit = _DIGITS[character]
            last_scale = 0 if digit == 0 else last_scale
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit, last_scale = 0, _SMALL[character]
        else:
            total += (section + digit) * _LARGE[character]
            section = digit = 0
            last_scale = _LARGE[character]
    is_short = digit and last_scale >= 100 and len(written) > 1
    return total + section + digit * (last_scale // 10 if is_short else 1)
