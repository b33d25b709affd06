"""Explanations of how a message was understood, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from framework.assistant.examples import Neighbour
from framework.cli import output
from framework.evaluation.explain import Explanation, WordEffect

_SHOWN_WORDS = 12
_SHOWN_CONTRASTS = 4
_BAR = 20


def show_explanation(explanation: Explanation, stream: TextIO) -> None:
    """Write one explanation."""
    for line in _lines(explanation, stream):
        output.say(line, stream=stream)


def _lines(explanation: Explanation, stream: TextIO) -> Iterator[str]:
    text = output.printable(explanation.understanding.text)
    yield output.styled(text, "strong", stream)
    intent = explanation.intent
    if intent is None:
        yield "  nothing was classified"
        return
    unsure = ", but too unsure to act on it" if explanation.is_fallback else ""
    yield f"  {intent.name} {intent.confidence:.2f}{unsure}"
    beyond = explanation.understanding.out_of_scope
    if beyond is not None and beyond.is_likely:
        yield f"  out of scope {beyond.confidence:.2f} (limit {beyond.limit:.2f})"
    if explanation.words:
        yield "  words that moved it"
        yield from _words(explanation, stream)
    if explanation.nearest:
        yield "  nearest training examples"
        yield from _neighbours(explanation.nearest, stream)
    yield from _contrast(explanation, stream)


def _words(explanation: Explanation, stream: TextIO) -> Iterator[str]:
    shown = explanation.by_pull()[:_SHOWN_WORDS]
    width = max(len(_shown(explanation, item)) for item in shown)
    scale = max(0.5, *(abs(item.pull) for item in shown))
    for item in shown:
        bar = "█" * round(_BAR * abs(item.pull) / scale)
        style = "good" if item.pull > 0 else "error"
        yield (
            f"    {_shown(explanation, item):<{width}}  {item.pull:+6.2f}  "
            f"without it {item.confidence_without:.2f}  {output.styled(bar, style, stream)}"
        ).rstrip()
    left_out = len(explanation.words) - len(shown)
    if left_out:
        yield f"    and {output.plural(left_out, 'word')} that moved it less"


def _contrast(explanation: Explanation, stream: TextIO) -> Iterator[str]:
    intent, runner_up = explanation.intent, explanation.runner_up
    if intent is None or runner_up is None:
        return
    yield f"  why not {runner_up.name} {runner_up.confidence:.2f}"
    for name, words in (
        (intent.name, explanation.towards_intent()),
        (runner_up.name, explanation.towards_runner_up()),
    ):
        listed = ", ".join(
            f"{_shown(explanation, item)} {abs(item.over_runner_up):.2f}"
            for item in words[:_SHOWN_CONTRASTS]
        )
        yield f"    towards {name}: {listed or 'no word'}"
    yield from _neighbours(explanation.nearest_of_runner_up, stream)


def _neighbours(found: Sequence[Neighbour], stream: TextIO) -> Iterator[str]:
    for item in found:
        example = item.example
        place = output.styled(str(example.where), "place", stream) if example.where else ""
        text = output.printable(example.text)
        yield f"    {item.similarity:.2f}  {text}  ({example.label})  {place}".rstrip()


def _shown(explanation: Explanation, item: WordEffect) -> str:
    return output.printable(explanation.word(item))
