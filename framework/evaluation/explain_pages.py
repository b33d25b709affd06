"""`Explanation` -> JSON, and a page with coloured words; the page refers to nothing outside."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

from framework.assistant.examples import Neighbour
from framework.evaluation.explain import Explanation, WordEffect

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Why the bot understood it so</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; \
max-width: 50rem; padding: 0 1rem }}
section {{ border-top: 1px solid #8886; margin-top: 2rem }}
h1 {{ font-size: 1.5rem }}
h2 {{ font-size: 1rem; margin: 1.5rem 0 .3rem }}
.words {{ font-size: 1.25rem; line-height: 2.1; overflow-wrap: anywhere; white-space: pre-wrap }}
.words span {{ border-radius: .2em; padding: .15em .1em }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border-bottom: 1px solid #8884; padding: .2rem .8rem .2rem 0; text-align: left; \
vertical-align: top; overflow-wrap: anywhere }}
td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums; \
white-space: nowrap; width: 4rem }}
.faint {{ opacity: .7 }}
.for {{ background: rgb(38 112 233 / .45); padding: 0 .3em; border-radius: .2em }}
.against {{ background: rgb(240 130 20 / .45); padding: 0 .3em; border-radius: .2em }}
</style>
<h1>Why the bot understood it so</h1>
<p class="faint">A word's number is what the message's log-odds lose when the word is left out.
<span class="for">Blue</span> words speak for the intent, <span class="against">orange</span> ones
against it; the deeper the colour, the more.</p>
{body}
</html>
"""
_BLUE, _ORANGE = "38 112 233", "240 130 20"
_DEEPEST = 0.75
_LEAST_SCALE = 0.5
"""Log-odds that get the full colour at least, so that noise stays pale."""


def to_json(explanation: Explanation) -> dict[str, Any]:
    """Give the explanation as `frame parse --explain --format json` shows it."""
    intent, runner_up = explanation.intent, explanation.runner_up
    return {
        "intent": intent.name if intent else None,
        "runner_up": runner_up.name if runner_up else None,
        "words": [
            {
                "text": explanation.word(item),
                "start": item.start,
                "end": item.end,
                "confidence_without": item.confidence_without,
                "pull": item.pull,
                "over_runner_up": item.over_runner_up,
            }
            for item in explanation.words
        ],
        "nearest": [_neighbour(item) for item in explanation.nearest],
        "nearest_of_runner_up": [_neighbour(item) for item in explanation.nearest_of_runner_up],
    }


def to_html(explanations: Sequence[Explanation]) -> str:
    """Give one page for some messages; everything that a user or a project wrote is escaped."""
    return _PAGE.format(body="\n".join(_section(item) for item in explanations))


def _neighbour(item: Neighbour) -> dict[str, Any]:
    where = item.example.where
    return {
        "text": item.example.text,
        "intent": item.example.label,
        "similarity": item.similarity,
        **({"file": where.file, "line": where.line} if where else {}),
    }


def _section(explanation: Explanation) -> str:
    return "\n".join(("<section>", *_blocks(explanation), "</section>"))


def _blocks(explanation: Explanation) -> Iterable[str]:
    intent, runner_up = explanation.intent, explanation.runner_up
    if intent is None:
        yield f'<p class="words">{html.escape(explanation.understanding.text)}</p>'
        yield "<p>Nothing was classified.</p>"
        return
    note = ", but too unsure to act on it" if explanation.is_fallback else ""
    yield f"<h2>{html.escape(intent.name)} {intent.confidence:.2f}{note}</h2>"
    yield _coloured(explanation, [item.pull for item in explanation.words])
    if explanation.words:
        yield _word_table(explanation)
    if runner_up is not None and explanation.words:
        names = html.escape(intent.name), html.escape(runner_up.name)
        yield f"<h2>Why not {names[1]} {runner_up.confidence:.2f}</h2>"
        yield (
            f'<p class="faint"><span class="for">Blue</span> pulls towards {names[0]}, '
            f'<span class="against">orange</span> towards {names[1]}.</p>'
        )
        yield _coloured(explanation, [item.over_runner_up for item in explanation.words])
    yield from _neighbours("Nearest training examples", explanation.nearest)
    if runner_up is not None:
        title = f"Nearest training example of {html.escape(runner_up.name)}"
        yield from _neighbours(title, explanation.nearest_of_runner_up)


def _coloured(explanation: Explanation, strengths: Sequence[float]) -> str:
    text, end, parts = explanation.understanding.text, 0, []
    scale = max([_LEAST_SCALE, *(abs(value) for value in strengths)])
    for item, value in zip(explanation.words, strengths, strict=True):
        shown = html.escape(text[item.start : item.end])
        colour, depth = _BLUE if value > 0 else _ORANGE, _DEEPEST * abs(value) / scale
        parts.append(html.escape(text[end : item.start]))
        style = f"background:rgb({colour} / {depth:.2f})"
        parts.append(f'<span style="{style}" title="{value:+.2f}">{shown}</span>')
        end = item.end
    return f'<p class="words">{"".join(parts)}{html.escape(text[end:])}</p>'


def _word_table(explanation: Explanation) -> str:
    rows = "\n".join(_word_row(explanation, item) for item in explanation.by_pull())
    head = '<th>word</th><th class="number">pull</th><th class="number">confidence without it</th>'
    return (
        f"<details><summary>Word by word</summary>\n<table>\n<tr>{head}</tr>\n{rows}\n"
        "</table></details>"
    )


def _word_row(explanation: Explanation, item: WordEffect) -> str:
    return (
        f"<tr><td>{html.escape(explanation.word(item))}</td>"
        f'<td class="number">{item.pull:+.2f}</td>'
        f'<td class="number">{item.confidence_without:.2f}</td></tr>'
    )


def _neighbours(title: str, found: Sequence[Neighbour]) -> Iterable[str]:
    if not found:
        return
    rows = "\n".join(
        f'<tr><td class="number">{item.similarity:.2f}</td>'
        f"<td>{html.escape(item.example.text)}</td><td>{html.escape(item.example.label)}</td>"
        f'<td class="faint">{html.escape(str(item.example.where or ""))}</td></tr>'
        for item in found
    )
    yield f"<h2>{title}</h2>\n<table>\n{rows}\n</table>"
