"""What stands around a word: whether a value may end here, whether a capital makes a name."""

from __future__ import annotations

import regex

_FOLLOWING = (
    "a.m am p.m pm at in on of for to until till through and or from around about between after "
    "before by with without please pls is was are were will would should could can not do does did "
    "i we you he she they it that this there my what how which when where as if but because "
    "so then noon midnight morning afternoon evening night today tonight now again only too also "
    "instead work works thanks thank"
)
"""Words that begin what comes after a value, and never go on with it."""

_ENDS = regex.compile(
    rf"[ ]*(?:$|[^\w\s'-]|\d|(?:{'|'.join(map(regex.escape, _FOLLOWING.split()))})(?!\w))",
    regex.IGNORECASE,
)
_BEGINS = regex.compile(r"(?:^|[.!?:;\n\"'(]|,)[ ]*$")


def ends_here(text: str, end: int) -> bool:
    """Whether what ends here is no beginning of a longer name: `the 2nd`, not `the 2nd floor`."""
    return _ENDS.match(text, end) is not None


def is_name_by_its_capital(text: str, start: int, end: int) -> bool:
    """Whether a capital, or the lack of other words, says that a word is a name here.

    The first word of a sentence has its capital from there, and in a text of capitals all have.
    """
    if text.strip(" .,!?").lower() == text[start:end].lower():
        return True
    if not text[start].isupper() or _BEGINS.search(text, 0, start) is not None:
        return False
    return text[start:end].islower() or not text.isupper()
