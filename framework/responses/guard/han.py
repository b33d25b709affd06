"""What a reply in Chinese turns round: `以上` for `以下`, `可以` for `禁止`."""

# ruff: noqa: RUF001, SIM905  # signs that look alike are told apart; words stand in lines

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import regex

_CLAUSE_END = regex.compile(r"[，。！？；、,!?;\n~～]+")
_FILLED = regex.compile(r"[以之]|\s")
_PAIRS = """
    上下 上内 下外 内外 前后 进出 入出 左右 男女 大小 高低 开关 加减 增减 早晚 买卖 多少 升降 涨跌
    涨降 长短 快慢 冷热 新旧 单双 东西 东南 东北 西南 西北 南北 首末 借还 存取 收发 公私 轻重 甜咸
    生熟 干湿 迎送 软硬
    """.split()
_EXCLUDING: dict[str, set[str]] = {}
for _pair in _PAIRS:
    _EXCLUDING.setdefault(_pair[0], set()).add(_pair[1])
    _EXCLUDING.setdefault(_pair[1], set()).add(_pair[0])

_PHRASES = tuple(
    (regex.compile(one), regex.compile(other))
    for one, other in (
        ("加收|多收|上涨|上调|增加|提高", "减少|下降|下调|降低|少收|优惠|减免"),
        ("首班|第一班|头班", "末班|最后一班"),
        ("最早|不早于", "最晚|最迟|不晚于"),
        (r"(?:以|之)后|后(?=[也可就再才都]|$)", r"(?:以|之)前|前(?=[也可就再才都]|$)"),
        ("照常|正常", "停运|停用|停业|停止|暂停|取消"),
        ("全部|所有|全体", "部分|个别"),
        ("免费|免票|免收", "收费|加价|自费|自理"),
        ("必须|务必", "自愿|可选|任选"),
        ("室内", "室外|户外"),
        ("线上|网上|在线", "线下|现场|当面"),
        ("成人|大人", "儿童|小孩|孩子"),
        ("旺季", "淡季"),
        ("工作日", "周末|节假日"),
        ("单程", "往返"),
        ("现金", "刷卡|银行卡|微信|支付宝"),
    )
)
_MAY = regex.compile(r"(?<![不无没])(?:可以|可|能|允许|支持|准许)(?!能|否)")
_MAY_NOT = regex.compile(
    r"禁止|严禁|不得|不能|不可|不允许|不准|谢绝|请勿|勿|不支持|无法|拒绝|不接受"
)
_NOT = regex.compile(r"[不没未勿禁]|无(?!人|线|烟|障)|别(?!人|的)|谢绝|拒绝|吗|？")
_DONE = regex.compile(
    r"已(?!知|有|为|帮|给|收到|了解)|(?<!为您)(?:完成|办好|送达|到账|发出|取消|退还)了"
)
_NOT_DONE = regex.compile(r"(?:没有?|尚?未)(?P<act>\p{Han}{2})")
_PAST = regex.compile(r"已|了|过|完成|成功|好|完毕|正在|刚")


def turned_in_han(reply: str, source: str) -> Iterator[str]:
    """Give what a reply says in Chinese, and its source in the contrary way."""
    yield from _undone(reply, source)
    yield from _other_signs(_FILLED.sub("", reply), _FILLED.sub("", source))
    known = [clause for clause in _CLAUSE_END.split(source) if clause]
    for clause in (one for one in _CLAUSE_END.split(reply) if one):
        homes = _nearest(clause, known)
        if homes:
            yield from _other_phrases(clause, homes)
            yield from _permitted(clause, homes)
        yield from _finished(clause, homes or known)


def _other_signs(reply: str, source: str) -> Iterator[str]:
    """Find a sign in whose place the source has one that excludes it: `上山` for `下山`."""
    for place, sign in enumerate(reply):
        for other in _EXCLUDING.get(sign, ()):
            before, behind = reply[max(0, place - 1) : place], reply[place + 1 : place + 2]
            for own, rival in ((before + sign, before + other), (sign + behind, other + behind)):
                is_word = len(own) > 1 and regex.fullmatch(r"[\p{Han}\d]+", own)
                if is_word and own not in source and rival in source:
                    yield own


def _undone(reply: str, source: str) -> Iterator[str]:
    """Find what a reply says isn't done yet, of what its source says for the case that it is."""
    for match in _NOT_DONE.finditer(reply):
        act = match["act"]
        if regex.search(rf"已经?{act}|{act}[的了]|{act}之?以?后", source) and not regex.search(
            rf"[没未不](?:有)?{act}", source
        ):
            yield match[0]


def _other_phrases(clause: str, homes: list[str]) -> Iterator[str]:
    for one, other in chain(_PHRASES, ((other, one) for one, other in _PHRASES)):
        found = one.search(clause)
        if found is None or _NOT.search(clause) or any(one.search(home) for home in homes):
            continue
        if any(other.search(home) and not _NOT.search(home) for home in homes):
            yield found[0]


def _permitted(clause: str, homes: list[str]) -> Iterator[str]:
    """Find what a reply permits, and its source forbids."""
    found = _MAY.search(clause)
    if found and not _NOT.search(clause) and all(_MAY_NOT.search(home) for home in homes):
        yield found[0]


def _finished(clause: str, homes: list[str]) -> Iterator[str]:
    """Find what a reply says was done, where its source tells of nothing done."""
    found = _DONE.search(clause)
    if found and not any(_PAST.search(home) for home in homes):
        yield clause


def _nearest(clause: str, known: list[str]) -> list[str]:
    """Give the clauses of a source that share most pairs of signs with one of a reply."""
    pairs = _pairs(clause)
    shares = [len(pairs & _pairs(one)) for one in known]
    most = max(shares, default=0)
    return [one for one, share in zip(known, shares, strict=True) if share == most > 0]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
