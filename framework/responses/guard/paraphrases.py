"""Turns of phrase that say the same, in one form: `aren't part of it` as `not included`.

So what is denied in one text and said by an opposite in the other can be compared word by word.
"""

# signs that look alike are told apart here

from __future__ import annotations

from functools import lru_cache

import regex

_NOT = r"(?:not|n't|never|hardly)"
_BE = r"(?:is|are|was|were|be|been)"
_NO = rf"(?:{_BE} not|{_BE}n't|won't be|will not be|can(?:not|'t| not) be)"
_DO_NOT = r"(?:do not|don't|does not|doesn't|did not|didn't|will not|won't|need not|needn't)"
_MUST_NOT = (
    r"(?:must not|mustn't|may not|can(?:'t|not| not)|shouldn't|should not|do not|don't"
    r"|are not allowed to|aren't allowed to)"
)

_OWN = r"(?:(?:have to|need to|must|should|will|'ll) )?pay for"

_ENGLISH: tuple[tuple[str, str], ...] = (
    # included or not
    (
        rf"\b{_NO} (?:a )?(?:part of|in)\b(?= (?:the|this|that|your|our) "
        r"(?:menu|price|rent|fee|deal|package|plan|cost|rate|offer|ticket|membership)\b)",
        "is not included in",
    ),
    (
        rf"\b{_BE} (?:a )?part of (?=the (?:menu|price|rent|fee|deal|package|rate)\b)",
        "is included in ",
    ),
    (rf"\b{_OWN} (?:your|their) own (\p{{L}}+)", r"\1 is not included"),
    (
        rf"\b{_OWN} (?:them|those|these|that|it) (?:yoursel\w+|separately|extra)\b",
        "it is not included",
    ),
    (rf"\b{_OWN} (\p{{L}}+) (?:yoursel\w+|separately|extra)\b", r"\1 is not included"),
    (rf"\b{_NO} (?:extra|excluded|at (?:your|their|one's) own (?:expense|cost))\b", "is included"),
    (
        rf"\b(?:{_BE} (?:(?:charged|billed|paid) )?(?:extra|separately|separate|excluded)"
        rf"|costs? extra|{_BE} at (?:your|their|one's) own (?:expense|cost)"
        rf"|{_BE} (?:charged|billed|sold|paid for) separately)\b",
        "is not included",
    ),
    (
        r"(?<=\b(?:month|year|week|day|night|person|euros|dollars|pounds|each)) "
        r"(?:plus|excluding|without) (\p{L}+)(?=[.,;!]|$)",
        r", \1 is not included",
    ),
    (r"\bcovers\b", "includes"),
    (r"\bcovered\b(?! by)", "included"),
    (r"(?<=(?:\bnot|n't|\bwill|\bto) )cover\b", "include"),
    (
        rf"\b{_DO_NOT} (?:need|require|(?:have|need) to (?:bring|have)) (?:your|their) own "
        r"([^.;,!?]+)",
        r"\1 is provided",
    ),
    # on and off
    (rf"\b{_BE} on(?= (?:from|between|at night|all|when|if|until)\b|[.,;!?]|$)", "is activated"),
    (rf"\b{_BE} off(?= (?:from|between|at night|all|when|if|until)\b|[.,;!?]|$)", "is deactivated"),
    (rf"\b{_BE} (?:turned|switched) on\b", "is activated"),
    (rf"\b{_BE} (?:turned|switched) off\b", "is deactivated"),
    (
        rf"\b(?:{_MUST_NOT} (?:come|go|be (?:taken|brought)) (?:in|inside)"
        rf"|{_NO} allowed (?:in|inside|indoors|to (?:come|go) (?:in|inside)))(?=[.,;!?]|$)",
        "must stay outside",
    ),
    # free
    (
        rf"\b(?:free of charge|for free|at no (?:extra |additional )?(?:cost|charge)"
        rf"|{_DO_NOT} (?:have to |need to |be )*(?:pay|charged?|cost)"
        r"(?: (?:anything|a thing|a cent))?"
        r"|without (?:paying|charge|(?:an? |any )?(?:extra |additional )?(?:fee|charge|cost)s?)"
        r"|on the house|costs? nothing"
        r"|(?:go|get in|enter|come in) free)\b",
        "free",
    ),
    # available
    (
        rf"\b(?:{_NO} (?:available|reachable|accessible|online|up)"
        rf"|(?:go|goes|going|{_BE}) (?:offline|down|unreachable)"
        r"(?= (?:for|on|from|between|due|at)\b)"
        r"|out of (?:service|order))\b",
        "be unavailable",
    ),
    (
        r"\b(?:there(?:'s| is| are) )?no (?:more )?(?:seats|tickets)"
        r"(?: (?:is |are )?(?:left|available|free))?(?= for\b| at\b| on\b|[.,;!?]|$)",
        "it is sold out",
    ),
    (r"\bplease note(?: that)?\b", "please"),
    (r"\b(?:nobody|no one|no-one) (?:but|except(?: for)?|other than) you\b", "only you"),
    (r"\b(?:nobody|no one|no-one) else(?= (?:can|may|will|could)\b)", "only you"),
    # needed or not
    (rf"\b(?:{_DO_NOT} (?:have|need) to|no need to|{_NO} (?:obliged|required) to)\b", "need not"),
    (r"\b(?:there's |there is )?no need for (?:an? )?([^.;,!?]+)", r"\1 is not needed"),
    (rf"\b{_DO_NOT} (?:need|require)\b(?! not)", "need not have"),
    (rf"\b{_NO} (?:required|necessary|mandatory|obligatory|needed|compulsory)\b", "is not needed"),
    (rf"\b{_NO} (?:optional|voluntary)\b", "is needed"),
    (rf"\b{_BE} (?:optional|voluntary)\b", "is not needed"),
    (
        r"\bno ((?:\p{L}+ )?\p{L}+) (?:(?:is|are) )?(?:required|necessary|needed)\b",
        r"\1 is not needed",
    ),
    (rf"\b{_BE} (?:required|necessary|mandatory|obligatory|compulsory)\b", "is needed"),
    # only for some
    (
        rf"\b(?:{_BE} )?(?:only (?:open|available|accessible) (?:to|for)"
        r"|(?:open|available|accessible) only (?:to|for)"
        r"|reserved (?:exclusively |only )?for"
        r"(?! (?:you|your|him|her|them|us|me|today|tomorrow|this|next|mr|mrs|ms)\b| \d)"
        r"|exclusive to|exclusively for|restricted to"
        r"|only for)\b",
        "is only for",
    ),
    # not with one
    (
        rf"\b{_MUST_NOT} (?:bring|carry) ([^.;:,!?]*?)(?: along| with (?:you|them))*(?=[.;:,!?]|$)",
        r"leave \1 at home",
    ),
    (
        r"\b(?:(?:as|so) long as|provided(?: that)?|on (?:the )?condition that)"
        r"(?= (?:the|your?|it|they|he|she|we|this|that|these|those|no|there)\b)",
        "if",
    ),
    # bounds
    (
        rf"\b{_MUST_NOT} ((?:\p{{L}}+ ){{1,3}})(?:more|longer|higher|heavier|larger) than\b",
        r"\1at most",
    ),
    (
        r"\b(?:opens?|is open) (?:at |from )?((?:\d[\d:.]*|noon|midnight)(?: ?[ap]\.?m\b\.?)?) and "
        r"(?:it )?closes? (?:at )?(?=\d|noon|midnight)",
        r"is open from \1 to ",
    ),
    (
        rf"\b{_MUST_NOT} ([^.;:,!?]{{0,60}}?)\bbefore(?= \d| noon| midnight)",
        r"\1no earlier than",
    ),
    (rf"\b{_MUST_NOT} ([^.;:,!?]{{0,60}}?)\bafter(?= \d| noon| midnight)", r"\1no later than"),
    (
        r"\bthe (day|evening|night|morning|week|month|year) before\b"
        r"(?! (?:the|your|an?|it|this|\p{L}+day)\b)",
        r"the previous \1",
    ),
    (
        r"(?<!\b(?:than|within|under|over) )\b(?:one|a|1) day"
        r" (?:ahead|before|in advance|earlier|beforehand)"
        r"(?: of time)?(?=[.,;!?]|$| (?:if|when|by|at|so|or|and|to)\b)",
        "the previous day",
    ),
    (
        r"\b(?:turn|switch|shut)(?:s|ed|ing|ting)? ((?:\p{L}+ ){0,4}?)off\b",
        r"deactivate \1",
    ),
    (r"\b(?:turn|switch)(?:s|ed|ing)? ((?:\p{L}+ ){0,4}?)on\b(?! to| \d)", r"activate \1"),
    (
        r"\bleave (?=(?:the|your|our) (?:flat|house|building|room|area|country|site|pool|hall)\b)",
        "exit ",
    ),
    (r"(?:^|(?<=[.!?] ))no ([^.?!,]{1,40})\?", r"if you don't have \1,"),
    (r"\bthe only \p{L}+ (?:that )?you can (\p{L}+)\b", r"you can only \1"),
    # not yet used
    (
        rf"\b(?:have|has|had)(?: {_NOT}|n't) (?:been )?(worn|used|opened|washed|signed|read)\b",
        r"not \1",
    ),
    (r"\bun(worn|used|opened|washed|signed|read)\b", r"not \1"),
    (r"\b(?:it|this) is (?:possible|allowed|permitted) to\b", "you can"),
)
_CHINESE: tuple[tuple[str, str], ...] = (
    (r"闭馆|休馆|不开门|不营业|休业|不上班", "不开放"),
    (r"一个人(?=最多|可|能|只|最少)", "每人"),
    (r"(?:不能|不可以?|不要|不得|不许|请?勿|别|禁止)(?:吃东西|进食|吃饭|饮食|吃任何东西)", "禁食"),
    (r"(?:不能|不可以?|不要|不得|不许|请?勿|别|禁止)(?:喝水|饮水)", "禁水"),
    (r"(?:不用|无需|不需要|不必|无须)(?:买|购)(?:门|车)?票", "免票"),
    (
        r"(?:不用|无需|不需要|不必|无须)(?:付|交|出)(?:任何)?(?:钱|费用?)|不要钱|不花钱|免费用",
        "免费",
    ),
    (r"(?:不用|无需|不需要|不必|无须)(?:付|交|缴|支付|出)(手续费|运费|押金|配送费)", r"不收\1"),
    (r"免(?:收)?(手续费|运费|押金|配送费)", r"不收\1"),
    (r"不(?:包括|包含|算)在内", "不含"),
    (r"(?:不能|不可以?|不要|不得|请?勿|别|禁止)(?:大声说话|大声喧哗|喧哗|吵闹|大声)", "保持安静"),
    (r"(?:不能|不可以?|不得|不许|请?勿|别)(?:吸|抽)烟", "禁止吸烟"),
)
_RULES = {
    "en": tuple((regex.compile(one, regex.IGNORECASE), other) for one, other in _ENGLISH),
    "zh": tuple((regex.compile(one), other) for one, other in _CHINESE),
}


@lru_cache(maxsize=128)
def in_one_form(text: str, language: str) -> str:
    """Write what may be said in several ways in one of them."""
    for pattern, plain in _RULES.get(language[:2], ()):
        text = pattern.sub(plain, text)
    return text
