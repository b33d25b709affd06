"""Words that the guard knows: numbers, units, days, promises, and those of grammar."""

# ruff: noqa: SIM905, RUF001  # words are read and kept more easily in lines than one by one

from __future__ import annotations

import regex

from framework.nlu.values.calendar_names import FULL_WEEKDAYS, WEEKDAYS
from framework.nlu.values.numbers import ONES, ORDINALS, ROUND_ORDINALS, TENS

ENGLISH_NUMBERS: dict[str, int] = {
    **ONES,
    "zeroth": 0,
    **ORDINALS,
    **TENS,
    **ROUND_ORDINALS,
    "once": 1,
    "twice": 2,
    "dozen": 12,
}
SCALES: dict[str, int] = {
    "hundred": 100,
    "thousand": 1000,
    "k": 1000,
    "million": 10**6,
    "billion": 10**9,
    "hundredth": 100,
    "thousandth": 1000,
}
_OTHERS = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
}
NUMBERS: dict[str, dict[str, int]] = {
    "en": ENGLISH_NUMBERS,
    **{
        language: {word: number for number, word in enumerate(words.split(), start=2)}
        for language, words in _OTHERS.items()
    },
}
HAN_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000, "萬": 10000, "亿": 10**8}
HAN_IDIOMS = (
    r"一下|第一次|一个人|一起|一定|一样|一些|(?<!十)一点儿?|一般|一直|一会儿?|统一|唯一|万一|千万别|千万不要|(?<![一二三四五六七八九])十分(?!钟)"
    r"|一[张位人份间本件个杯碗瓶](?=[\d一二三四五六七八九十百]+[元块])|(?<=[元块])一[张位人份间本件个杯碗瓶]|一位客|第一时间|一切|一旦|一共|一个(?=月|小时|星期)|再一次|有一(?=[个位])|星期[一二三四五六]|周[一二三四五六]"
)

NUMBER_IDIOMS = (
    r"\b(?:one (?:moment|second|of|another|more thing)|(?:no|any|every|some|each|this|that|which"
    r"|another|the|right|next|new|other|only|last"
    r"|(?:fir|seco|thi|four|fif|six|seven|eigh|nin|ten)(?:st|nd|rd|th)) one|first of all|at first"
    r"|(?:the|this|that|an?|your|our|my) \p{L}+ one"
    r"|(?<=(?:need|want|have|get|got|buy|use|bring|order|prefer|like) )one(?= *(?:[.,;!?]|$))"
    r"(?= *(?:[.,;!?]|$|is\b|was\b|will\b|can\b|until\b))"
    r"|first(?= *(?:[.,;!?]|$))|first names?|in the first place"
    r"|(?:a|just a|another) second(?! (?!please|and|while|or)\p{L})"
    r"|(?:a|the) first step|at once"
    r"|once (?=(?:every|each|it|you|we|they|he|she|i|the|your|our|that|this)\b))\b"
    r"|(?:^|(?<=[.!?] ))first,|\b(?:there's|there is|that's) one (?=every|at|on|in|from|for)"
    r"|\b(?:two|three|four|2|3|4) (?:options|ways|things|choices|possibilities|steps)\b"
)
"""Numbers that don't count anything."""

UNITS: dict[str, str] = {
    word: unit
    for unit, words in {
        "$": "$ usd dollar dollars buck bucks us$ 美元",
        "€": "€ eur euro euros 欧元",
        "£": "£ gbp pound pounds quid",
        "¥": "¥ cny rmb yuan jpy yen 元 块 块钱 元钱 人民币 円",
        "₹": "₹ inr rupee rupees rs",
        "cent": "cent cents",
        "%": "% percent 百分",
        "second": "s sec secs second seconds 秒",
        "minute": "min mins minute minutes 分钟",
        "hour": "h hr hrs hour hours 小时 个小时",
        "day": "day days 天 个工作日 工作日",
        "night": "night nights 晚",
        "week": "week weeks 周",
        "month": "month months 个月",
        "year": "year years yr yrs 年",
        "metre": "m meter meters metre metres 米",
        "km": "km kilometer kilometers kilometre kilometres 公里",
        "mile": "mile miles",
        "g": "g gram grams gramme grammes 克",
        "kg": "kg kilo kilos kilogram kilograms 公斤 千克",
        "jin": "斤",
        "mg": "mg milligram milligrams milligramme milligrammes 毫克",
        "mcg": "mcg µg μg microgram micrograms 微克",
        "ml": "ml millilitre millilitres milliliter milliliters 毫升",
        "litre": "l litre litres liter liters 升",
        "cm": "cm centimetre centimetres centimeter centimeters 厘米",
        "mm": "mm millimetre millimetres millimeter millimeters 毫米",
        "inch": "inch inches",
        "foot": "ft foot feet",
        "tb": "tb terabyte terabytes",
        "kb": "kb kilobyte kilobytes",
        "mbit": "mbps mbit",
        "gbit": "gbps gbit",
        "kcal": "kcal calories calorie",
        "kwh": "kwh",
        "‰": "‰ permille",
        "franc": "chf franc francs",
        "half": "halves",
        "degree": "° °c °f degree degrees 度",
        "star": "star stars 星",
        "gb": "gb gigabyte gigabytes",
        "mb": "mb megabyte megabytes",
    }.items()
    for word in words.split()
}

UNITS["per mille"] = "‰"
CURRENCIES = frozenset({"$", "€", "£", "¥", "₹", "cent", "franc"})

BETWEEN = r"(?:working|business|calendar|full|whole|more|extra|swiss|canadian|australian|个)\s?"
"""What may stand between a number and its unit."""

_PERIODS = "second minute hour day night week month year"
RATES: dict[str, str] = {
    **{word: word for word in _PERIODS.split()},
    **{f"{word}ly": word for word in "hour night week month year".split()},
    "daily": "day",
    "annually": "year",
    "annual": "year",
    **{
        word: period
        for period, those in {
            "hour": "stunde hora heure",
            "day": "tag tage täglich día día jour",
            "night": "nacht noche nuit",
            "week": "woche wöchentlich semana semaine",
            "month": "monat monatlich mes mensual mensuel mois",
            "year": "jahr jährlich año anual année",
        }.items()
        for word in those.split()
    },
    "秒": "second",
    "分钟": "minute",
    "小时": "hour",
    "天": "day",
    "日": "day",
    "晚": "night",
    "星期": "week",
    "周": "week",
    "月": "month",
    "年": "year",
}
ADVERBS_OF_RATE = (
    *(word for word in RATES if word.endswith("ly")),
    *"annual monatlich täglich wöchentlich jährlich mensual mensuel anual".split(),
)
HAN_PERIODS = tuple(word for word in RATES if not word.isascii())

CLAIMS = frozenset(
    "free gratis complimentary discount discounted discounts unlimited guaranteed guarantee bonus"
    " voucher vouchers coupon coupons prize half quarter quarters double triple cheapest fastest"
    " best zero kostenlos gratis umsonst kostenfrei gratuit gratuite gratuito gratuita".split()
)
"""Words that promise something, and may be said only where the bot's own words do."""

CLAIM_IDIOMS = (
    r"\b(?:an?|one|two|1|2) (?:hours? )?and a (?:half|quarter)\b"
    r"|\bhalf an? (?:hour|minute|day|year)\b"
    r"|\b(?:a )?quarters? of an hour\b|\bhalf[- ]hour\b|\bhalf[- ]marathon\b"
    r"|\bfeel free\b|\bfree to\b|\b(?:half|quarter) (?:past|to)\b|\b(?:hand|toll)s?-free\b"
    r"|\b(?:my|our|all the|do (?:my|our)|at) best\b"
    r"|\b(?:works?|suits?|fits?|like) (?:\w+ )?best\b|\bbest (?:for|suits?) you\b"
    r"|\b(?:it's|it is|would be) best\b"
    r"|\bbest (?:wishes|regards|of luck|way)\b"
)

FREE = (
    r"\bwithout (?:an? |any )?(?:extra |additional )?(?:fee|charge|cost)\b|"
    r"\b(?:free(?! (?:to|on|at|from|until)\b)|gratis|complimentary"
    r"|no (?:extra |additional )?(?:charge|cost|fee)s?"
    r"|(?:is|are|'s|'re) on us|on the house|(?:costs?|pays?|paying) nothing|nothing to pay"
    r"|without (?:charge|cost)s?"
    r"|(?:don't|do not|won't) (?:have to |need to )?(?:pay|be charged))\b"
)
"""Says that something costs nothing."""

WORDS_FOR_FREE = frozenset({"free", "gratis", "complimentary"})

FREE_AT = (
    r"\b(?:spots?|places?|seats?|tables?|rooms?|slots?|spaces?|beds?|courts?)\b[^.!?]{0,20}\bfree\b"
    r"|\b(?:is|are|am|'re|'m|'s|be) free (?=on|at|to|from|until|this|next)"
)
"""Where `free` says that somebody has time."""

UNIT_PATTERN = "|".join(regex.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
"""Matches a unit; the longest comes first."""

_SHORT_DAYS = "mon tue wed thu fri sat sun".split()
_ALSO_WORDS = frozenset({"sat", "sun"})
DAYS: dict[str, str] = {
    **{name: _SHORT_DAYS[number] for name, number in WEEKDAYS.items() if name not in _ALSO_WORDS},
    **{f"{name}s": short for name, short in zip(FULL_WEEKDAYS, _SHORT_DAYS, strict=True)},
    **{
        word: day
        for day, words in {
            "mon": "montag lunes lundi 星期一 周一",
            "tue": "dienstag martes mardi 星期二 周二",
            "wed": "mittwoch miércoles mercredi 星期三 周三",
            "thu": "donnerstag jueves jeudi 星期四 周四",
            "fri": "freitag viernes vendredi 星期五 周五",
            "sat": "samstag sábado samedi 星期六 周六",
            "sun": "sonntag domingo dimanche 星期日 星期天 周日",
            "weekend": "weekend weekends wochenende 周末",
            "today": "today tonight heute hoy aujourd'hui 今天 今晚",
            "tomorrow": "tomorrow demain 明天 明晚",
            "yesterday": "yesterday gestern ayer 昨天",
            "after": "后天",
            "the morning": "上午 早上 早晨 凌晨 清晨",
            "the afternoon": "下午 傍晚 晚上",
            "easter": "easter christmas thanksgiving halloween",
        }.items()
        for word in words.split()
    },
}
"""Weekdays, days named from today, parts of the day in Chinese, and holidays."""
# `hier`, `morgen` and `mañana` mean other things, too.

ALWAYS_CAPITAL = frozenset("i i'd i'll i'm i've ok faq pdf sms id url pin".split())

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "the and you your is are for with this that have of to we it can will please not my be on"
        " in at".split()
    ),
    "de": frozenset(
        "der die das und ist sie wir ich ein eine nicht mit für auf ihr ihre bitte haben wird den"
        " dem zu".split()
    ),
    "es": frozenset(
        "el la los las y es usted su para con que por una un de en no está puede gracias".split()
    ),
    "fr": frozenset(
        "le la les et est vous votre pour avec que une un de des en pas ne nous je merci".split()
    ),
    "it": frozenset("il la gli è con che una un di non sono suo tuo grazie della nel puoi".split()),
    "pt": frozenset("o a os as e é você seu para com que uma um de não em obrigado pode".split()),
    "nl": frozenset(
        "de het een en is u je uw voor met dat niet wij ik van op te kunt zijn".split()
    ),
}
