"""Words that the guard knows: numbers, units, days, and those that begin a sentence naturally."""

# ruff: noqa: SIM905, RUF001  # words are read and kept more easily in lines than one by one

from __future__ import annotations

import regex

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

ENGLISH_NUMBERS: dict[str, int] = {
    **{word: number for number, word in enumerate(_ENGLISH.split())},
    **{word: number for number, word in enumerate(_ORDINALS.split())},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), start=2)},
    **{f"{word[:-1]}ieth": 10 * number for number, word in enumerate(_TENS.split(), start=2)},
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
    r"一下|一起|一定|一样|一些|一点儿?|一般|一直|一会儿?|统一|唯一|万一|千万别|千万不要|(?<![一二三四五六七八九])十分(?!钟)"
    r"|一位客|第一时间|一切|一旦|再一次|有一(?=[个位])|星期[一二三四五六]|周[一二三四五六]"
)

NUMBER_IDIOMS = (
    r"\b(?:one (?:moment|second|of|another|more thing)|(?:no|any|every|some|each|this|that|which"
    r"|another|the|right|next|new|other|only|last"
    r"|(?:fir|seco|thi|four|fif|six|seven|eigh|nin|ten)(?:st|nd|rd|th)) one|first of all|at first"
    r"|first names?|in the first place|(?:a|just a|another) second|(?:a|the) first step|at once)\b"
    r"|(?:^|(?<=[.!?] ))first,"
)
"""Numbers that don't count anything."""

UNITS: dict[str, str] = {
    word: unit
    for unit, words in {
        "$": "$ usd dollar dollars buck bucks us$ 美元",
        "€": "€ eur euro euros 欧元",
        "£": "£ gbp pound pounds quid",
        "¥": "¥ cny rmb yuan jpy yen 元 块 人民币 円",
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

BETWEEN = r"(?:working|business|calendar|full|whole|more|extra|swiss|canadian|australian|个)\s?"
"""What may stand between a number and its unit."""

_PERIODS = "second minute hour day night week month year"
RATES: dict[str, str] = {
    **{word: word for word in _PERIODS.split()},
    **{f"{word}ly": word for word in "hour night week month year".split()},
    "daily": "day",
    "annually": "year",
    "annual": "year",
    "秒": "second",
    "分钟": "minute",
    "小时": "hour",
    "天": "day",
    "日": "day",
    "周": "week",
    "月": "month",
    "年": "year",
}
ADVERBS_OF_RATE = (*(word for word in RATES if word.endswith("ly")), "annual")
HAN_PERIODS = tuple(word for word in RATES if not word.isascii())

CLAIMS = frozenset(
    "free gratis complimentary discount discounted discounts unlimited guaranteed guarantee bonus"
    " voucher vouchers coupon coupons prize half quarter quarters double triple cheapest fastest"
    " best zero".split()
)
"""Words that promise something, and may be said only where the bot's own words do."""

CLAIM_IDIOMS = (
    r"\bfeel free\b|\bfree to\b|\b(?:half|quarter) (?:past|to)\b|\b(?:hand|toll)s?-free\b"
    r"|\b(?:my|our|all the|do (?:my|our)|at) best\b|\bbest (?:wishes|regards|of luck|way)\b"
)

UNIT_PATTERN = "|".join(regex.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
"""Matches a unit; the longest comes first."""

WEEKDAYS: dict[str, str] = {
    word: day
    for day, words in {
        "mon": "monday mondays mon montag lunes lundi 星期一 周一",
        "tue": "tuesday tuesdays tue tues dienstag martes mardi 星期二 周二",
        "wed": "wednesday wednesdays wed mittwoch miércoles mercredi 星期三 周三",
        "thu": "thursday thursdays thu thur thurs donnerstag jueves jeudi 星期四 周四",
        "fri": "friday fridays fri freitag viernes vendredi 星期五 周五",
        "sat": "saturday saturdays samstag sábado samedi 星期六 周六",
        "sun": "sunday sundays sonntag domingo dimanche 星期日 星期天 周日",
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
}
# `hier`, `morgen` and `mañana` mean other things, too.

MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for word in words.split()
}

MONTH_PATTERN = "|".join(sorted(MONTHS, key=len, reverse=True))

STARTERS = frozenset(
    """
    accept act adjust afterwards aim allow alternatively answer apply apologies applicants
    approach arrange arrive assume avoid await aware bear begin believe beware buy buckle bye card
    care carry catch certain charge cheer classes clear close collect comfort compare complimentary
    concerning congrats connect continue costs count customers damage deal delay delete discover
    double doubt download drink drive drop each early eat emergency end ensure establish every
    everybody everyone exchange expires explore express feeling few fix forget fret free fuel glass
    guests hang happily have head hear heads hiya holiday hooray hurry imagine indoors inform inside
    invite items keeping know last late lastly leave lend lets list lock lost love luckily made
    mail make managed manage maximum mention message minimum missing most move nearly need neither
    never nights noted notice nowhere obviously off offer opened options otherwise outside own pack
    paid part pass passengers pets planned play please plenty points prepare press prices print
    proceed provide purchase quickly rate receive received recommended refund refunds reminder
    remain rest result return room rooms safe safely search secure settle share ship shop should
    sign simply sit slides slots sort speak spend stand started stay strictly students submit such
    suggest support swap switch tables tap task technically text tickets time tip tonight top
    touch tour towels track travel travellers treat turn unable under unlike update updates upgrade
    use used users usually verify via view visitors wake walk warm warning watch wear whoops whoa
    within woohoo work worries worry yum yummy

    a about above absolutely according add additionally after again ah ahead alas all alright also
    although always amazing an and another any anything anytime apologies are as ask at available
    awesome awful back bad be because before below best better book booked booking both bravo bring
    but by bye call can cancel cancelled certainly change check cheers choose click come coming
    complete completed confirmed congrats congratulations consider considering contact cool
    correct could couldn't create currently dear definitely delighted delivery details did didn't
    do does doesn't don't done due each either else enjoy enter every everything exactly excellent
    expect expected arriving arrives any both may visit drop delivery within delivered shipping
    excuse fair fantastic farewell feel fill finally find fine first follow following for forgive
    fortunately from further get getting give given glad go going good goodbye got gotcha great
    greetings had happy has hasn't have haven't having he hello help her here here's hey hi hmm
    hold hope hopefully how how's however hurray i i'd i'll i'm i've if in indeed information
    instead is isn't it it'd it'll it's its join just keep kindly lastly later learn least let let's
    like listen loads looking look looks lots lovely make many maybe me meanwhile might mind more
    moreover most much must my naturally need never next nice no nobody none not nothing note
    noted now number of off oh ok okay on once one only oops open opening or order ordered our
    ours out over pardon pay payment perfect perhaps pick place placed please pleased pleasure
    possibly press problem put quick quite rather reach read ready really regarding regards
    register remember reply reserved reservation return right roger same saved say see seems select
    send sent set shall she should simply since so some somebody someone something sometimes soon
    sorry sounds splendid start still stop sure surely table take talk tell terrific thank thanks
    that that'd that'll that's the their then there there'll there's therefore these they they'll
    they're they've this those though till to together too total totally tough tough try type
    ugh uh um understood unfortunately unless until up upon use usually very wait want was wasn't
    way we we'd we'll we're we've welcome well were what what's whatever when whenever where where's
    which while who who's whole whom whose why will wishing with within without won't wonderful
    would wow write wrong yay yeah yep yes yet you you'd you'll you're you've your yours yup
    """.split()
)
"""English words that may begin a sentence of a bot and are no names."""

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
    "it": frozenset(
        "il la gli e è per con che una un di non sono suo tuo grazie della nel puoi".split()
    ),
    "pt": frozenset("o a os as e é você seu para com que uma um de não em obrigado pode".split()),
    "nl": frozenset(
        "de het een en is u je uw voor met dat niet wij ik van op te kunt zijn".split()
    ),
}
