"""Words without their endings, so that `delivered`, `delivery` and `delivers` are one."""

# words are read and kept more easily in lines than one by one

from __future__ import annotations

from functools import cache

import regex

_SUFFIX = regex.compile(r"(?:ability|able|ible|ation|ment|ing|ed|es|(?<!s)s|e)$")
_DERIVED = regex.compile(
    r"(?:ation|ition|ption|sion|ion|ance|ence|ment|ness|ship|ly|ity|al|ful|ive|est|er|or|y|i|n)$"
)
_LEAST_STEM = 3
_LEAST_ROOT = 4
_LIKELY_SHARE = 0.6
_LACKING = ("los", "lose", "losen", "loser", "loses", "frei", "freie", "freien")

IRREGULAR: dict[str, str] = {
    form: line.split()[0]
    for line in """
        send sent
        pay paid
        leave left
        lend lent
        make made
        get got gotten
        go went gone
        come came
        sell sold
        buy bought
        find found
        keep kept
        hold held
        win won
        eat ate eaten
        choose chose chosen choice
        break broke broken
        take took taken
        give gave given gift
        drive drove driven
        write wrote written
        shut shutting
        tell told
        say said
        know knew known
        think thought
        bring brought
        begin began begun
        speak spoke spoken speech
        stand stood
        understand understood
        meet met
        lose lost loss
        steal stole stolen
        spend spent
        feel felt
        hear heard
        fly flew flown flight
        ride rode ridden
        wear wore worn
        run ran
        rise rose risen
        grow grew grown
        fall fell fallen
        see saw seen
        do did done does
        have has had having
        be is are was were been being am
        child children
        person people persons
        man men
        woman women
        foot feet
        tooth teeth
        half halves
        shelf shelves
        arrive arrival
        receive receipt
        lie lay lain
        pick picked
        drink drank drunk
        swim swam swum
        sleep slept
        sit sat
        teach taught
        catch caught
        build built
        forget forgot forgotten
        wake woke woken
        weigh weight
        long length
        high height
        die died death
        live life lives
        own owned owner
        need needn
        use used using
        good better best
        late latest
        old older oldest
        young younger youngest
        safe safety
        wear worn wore
        early earlier earliest
        far further furthest
        big bigger biggest
        register registration registered
        try tried tries trying
        vary varies
        fee fees
        """.strip().splitlines()
    for form in line.split()[1:]
}
"""Forms that cutting endings doesn't find -> the word."""


def stem(word: str) -> str:
    """Cut the ending of an English word, so that its forms are equal."""
    word = word.removesuffix("'s")
    cut = _SUFFIX.sub("", word)
    if len(cut) < _LEAST_STEM:
        cut = word.removesuffix("s")
    if len(cut) < _LEAST_STEM:
        return word
    cut = cut[:-1] if len(cut) > _LEAST_STEM and cut[-1] == cut[-2] and cut[-1] not in "sl" else cut
    return cut.removesuffix("e") if len(cut) > _LEAST_STEM else cut


@cache
def root(word: str, language: str) -> str:
    """Give what a word has in common with those made from it; other languages keep all of it."""
    word = word.casefold()
    if language != "en" or not word.isascii():
        return word
    cut = stem(IRREGULAR.get(word, word))
    while len(bare := _DERIVED.sub("", cut)) >= _LEAST_ROOT and bare != cut:
        cut = bare
    return cut


def are_forms_of_one(one: str, other: str) -> bool:
    """Say whether two words of a language with endings begin alike, but for their ends."""
    if one.endswith(_LACKING) != other.endswith(_LACKING):
        return False
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    longest = max(len(one), len(other))
    return shared >= _LEAST_ROOT and shared >= _LIKELY_SHARE * longest
