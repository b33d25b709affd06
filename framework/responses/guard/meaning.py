"""Whether a reply says with its words and facts what is known, and neither more nor else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from framework.responses.guard.agents import orders_in_han, other_agents
from framework.responses.guard.bindings import rebound
from framework.responses.guard.bounds import turned_bounds
from framework.responses.guard.claims import overstated
from framework.responses.guard.conditions import assumed, generalised, unconditional, undecided
from framework.responses.guard.contrasts import (
    exchanged,
    opposed,
    other_modifiers,
    other_objects,
    vague,
)
from framework.responses.guard.costs import charged, freed
from framework.responses.guard.doings import (
    done_in_han,
    done_in_words,
    obliged,
    promised,
    weakened,
)
from framework.responses.guard.grounds import Grounds
from framework.responses.guard.han import turned_in_han
from framework.responses.guard.paraphrases import in_one_form
from framework.responses.guard.persons import of_another_owner, untold, untold_in_han
from framework.responses.guard.provisions import carried_by_others, provided_in_han
from framework.responses.guard.rates import strange_rates, unrated
from framework.responses.guard.reading import normalise
from framework.responses.guard.restrictions import by_others, joined, newly_limited, other_titles
from framework.responses.guard.roles import misplaced
from framework.responses.guard.stems import as_written
from framework.responses.guard.steps import turned_steps
from framework.responses.guard.structure import Sentence, sentences_of
from framework.responses.guard.vocabulary.reading import Vocabulary, vocabulary_of
from framework.responses.guard.ways import other_channels, turned_ways
from framework.responses.guard.wording import strange_words
from framework.responses.guard.yesno import contradicted


def misstated(reply: str, *, grounds: Grounds, language: str) -> tuple[str, ...]:
    """Say what a reply, or its first sentences, makes of what is known."""
    strange = strange_words(reply, grounds=grounds, language=language)
    return (
        *(f"the word {word!r} is neither known nor stands for what is" for word in strange),
        *_misstated(reply, grounds, language[:2]),
    )


def _misstated(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    source = "\n".join((grounds.template, *grounds.passages))
    plain, told = (in_one_form(normalise(text), language) for text in (reply, source))
    known, words = sentences_of(told, language), vocabulary_of(language)
    said = sentences_of(plain, language)
    asked = sentences_of(normalise(grounds.heard[-1]), language) if grounds.heard else ()
    for message, found in (
        *_of_texts(plain, told, language),
        *_of_sentences(said, known, words),
        *_of_users(reply, source, grounds.heard, language),
        ("it leaves out a condition of {}", unconditional(said, known, words, asked)),
        ("it says {}, which is only supposed", assumed(plain, known, language, words)),
    ):
        for word in found:
            yield message.format(repr(as_written(word, reply, source, language=language)))


def _of_texts(reply: str, source: str, language: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Give what texts show as they stand, with how to say it."""
    yield "it goes the other way about {}", turned_ways(reply, source)
    yield "it says that {} comes first, which comes later", turned_steps(reply, source)
    yield "it says {}, of which nothing is known", other_channels(reply, source)
    yield "it says {}, of which nobody knows whether it is so", undecided(reply, source, language)
    yield "it counts by {} what is counted otherwise", strange_rates(reply, source, language)
    yield "it says {}, which is more than is known", overstated(reply, source)
    yield "it says that {} was done, which isn't known", done_in_han(reply, source)
    yield "it says of {} what is known of somebody else", other_titles(reply, source)
    yield "it says {} of what is done by somebody else", by_others(reply, source)
    if language == "zh":
        yield "it says {}, and its source the contrary", turned_in_han(reply, source)
        yield "it says {} of what is known of the bot", orders_in_han(reply, source)
        yield "it says {}, which the user brings", provided_in_han(reply, source)


def _of_users(
    reply: str, source: str, heard: Sequence[str], language: str
) -> Iterator[tuple[str, Iterator[str]]]:
    """Give what shows beside what users said, with how to say it."""
    said, known = (sentences_of(normalise(text), language) for text in (reply, source))
    asked = normalise(heard[-1]) if heard else ""
    yield "it leaves out that it is counted by {}", unrated(reply, source, asked, language)
    yield "it begins with {}, which it contradicts", contradicted(reply, source, heard, language)
    if language == "zh":
        yield "it says {}, which nobody told", untold_in_han(reply, source, heard)
    else:
        words = vocabulary_of(language)
        yield "it says of the user {}, which nobody told", untold(said, known, heard, words)
        yield "it says whose {} is, which is somebody else's", of_another_owner(said, known)


def _of_sentences(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], words: Vocabulary | None
) -> Iterator[tuple[str, Iterator[str]]]:
    """Give what words and facts show in their sentences, with how to say it."""
    yield "it says {} of something else", turned_bounds(said, known)
    yield "it says of {} what is known of something else", misplaced(said, known, words)
    yield "it says of {} what is known of something else", rebound(said, known, words)
    yield "it says of {} what is known of another", other_modifiers(said, known, words)
    yield "it says of {} what is known of another", other_objects(said, known, words)
    yield "it says of {} what is known of another", exchanged(said, known)
    yield "it says of {} what is known of somebody else", other_agents(said, known)
    yield "it says {}, and its source what excludes it", opposed(said, known, words)
    yield "it says {}, and its source that it is free", charged(said, known, words)
    yield "it says {} of what has a price", freed(said, known, words)
    yield "it says who brings {}, which is somebody else", carried_by_others(said, known)
    yield "it says {}, and not how long", vague(said, known, words)
    yield "it says {}, which limits what isn't limited", newly_limited(said, known, words)
    yield "it says {}, which is joined otherwise", joined(said, known)
    yield "it says {}, which is more than is known", generalised(said, known, words)
    yield "it says that {} was done, which isn't known", done_in_words(said, known, words)
    yield "it says that {} must be, which isn't known", obliged(said, known)
    yield "it says that {} can be, and its source that it must", weakened(said, known)
    yield "it says that the bot will {}, and its source that it can", promised(said, known)
