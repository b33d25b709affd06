"""Texts -> the terms by which passages are found word by word.

Chinese and Japanese, which set no spaces, are cut into pairs of neighbouring signs. English words
lose their plural by the rules of Harman's S stemmer (1991); other languages keep their words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

_WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]+|[[\p{L}\p{M}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}]]+",
    regex.VERSION1,
)
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_STOP_WORDS = {
    "en": (
        "a about after again all am an and any are as at be been but by can could did do"
        " does for from get give got had has have how i if in into is it its just know let"
        " like may me might mine must my need no not of on one or our ours please s shall"
        " she should so some tell than that the their them then there these they this"
        " those to too us want was we were what when where which who whom whose why will"
        " with would you your yours t m re ve ll d something anything hello hi thanks"
        " thank okay ok"
    ),
    "de": (
        "aber als am an auch auf aus bei bin bis bitte da das dass dein dem den der des"
        " die du ein eine einem einen einer er es für gibt habe haben hat ich ihr im in"
        " ist kann kannst können man mein meine meinen mich mir mit muss nach nicht noch"
        " oder sich sie sind so über um und uns unser von vor wann warum was welche"
        " welcher wer wie wird wo zu zum zur"
    ),
    "es": (
        "a al como cómo con cual cuál cuando cuándo cuánto de del donde dónde el ella en"
        " es esta está este esto hay la las lo los me mi mis no o para pero por porque"
        " puede puedo que qué quién se ser si sin son su sus tengo tiene un una usted y yo"
    ),
    "fr": (
        "a au aux avec ce ces cette combien comment dans de des du elle en est et être il"
        " ils j je l la le les leur ma mais me mes mon ne nous on ou où par pas peut peux"
        " pour pourquoi puis quand que quel quelle quelles quels qui quoi s sa se ses si"
        " son sont sur un une vos votre vous y"
    ),
    "it": (
        "a al alla che chi ci come con cosa da dal dei del della di dove e è gli ha ho i"
        " il in io la le lo ma mi mia mio nel non o per perché posso può quale quali"
        " quando quanto se si sono su un una"
    ),
    "pt": (
        "a ao as com como da das de do dos e é ela ele em está eu foi há isso me meu"
        " minha na não no o onde os ou para pode por porque posso qual quais quando quanto"
        " que quem se sem ser seu sua são tem tenho um uma você"
    ),
    "nl": (
        "aan als ben bij dan dat de die dit een en er had heb hebben heeft het hij hoe"
        " hoeveel ik in is je kan kun kunnen maar me met mijn moet naar niet of om ook op"
        " te tot uit u uw van voor waar waarom wanneer wat we welke wie wij zijn zou"
    ),
    "zh": (
        "什么 怎么 如何 哪里 哪儿 为什么 多少 是否 可以 吗 呢 吧 啊 的"
        " 了 是 我 你 您 我们 你们 请问 请 在 有 和 与 能 要 想 么样"
        " 怎样 样 哪 些 什 么 怎 如 何 为什 少 多 否 可 以 们 问"
        " 能不 不能 谁 几"
    ),
}
_STOPPED = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}


def terms(text: str, *, language: str) -> Iterator[str]:
    """Give the terms of a text, in order.

    Args:
        text: any.
        language: ISO code, which decides what happens to the endings of words.
    """
    is_english = language[:2].lower() == "en"
    plain = unicodedata.normalize("NFKC", text).casefold()
    for match in _WORD.finditer(plain):
        word = match[0]
        if _UNSPACED.match(word):
            yield from word
            yield from (word[place : place + 2] for place in range(len(word) - 1))
        else:
            yield _singular(word) if is_english else word


def telling(found: list[str], *, language: str) -> list[str]:
    """Leave out the words that every question has, unless there are no others."""
    stopped = _STOPPED.get(language[:2].lower(), frozenset())
    return [term for term in found if term not in stopped] or found


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies") and not word.endswith(("eies", "aies")):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
