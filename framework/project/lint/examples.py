"""Examples, synonyms and patterns."""

from __future__ import annotations

import re
import warnings

from framework.errors import Location
from framework.project.lint.names import Names
from framework.project.schema.nlu import Example
from framework.project.yaml.nodes import shorten


def check_examples(names: Names) -> None:
    """Check for texts with two labels, wrong patterns, spellings with two values, variants."""
    _check_two_labels(names)
    _check_patterns(names)
    _check_synonyms(names)
    _check_paraphrases(names)


def _check_two_labels(names: Names) -> None:
    first: dict[str, Example] = {}
    reported: set[tuple[str, str]] = set()
    for example in names.project.nlu.examples:
        other = first.setdefault(example.text, example)
        label = (example.text, example.intent)
        if other.intent != example.intent and label not in reported:
            reported.add(label)
            names.findings.warning(
                "ambiguous-example",
                f"the example {shorten(example.text)!r} stands under the intents "
                f"{other.intent!r} and {example.intent!r}",
                where=example.where,
                hint=f"keep it under one of them; the other one is at {other.where}",
            )


def _check_patterns(names: Names) -> None:
    for feature in names.project.nlu.regexes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                re.compile(feature.pattern)
        except (re.error, OverflowError, RecursionError) as error:
            where = feature.where
            position = getattr(error, "pos", None)
            if where is not None and where.column and position:
                where = Location(file=where.file, line=where.line, column=where.column + position)
            names.findings.error(
                "invalid-regex",
                f"the pattern {shorten(feature.pattern)!r} of the regex {feature.name!r} is "
                f"invalid: {error}",
                where=where,
                hint="escape characters meant literally by a backslash",
            )


def _check_synonyms(names: Names) -> None:
    values: dict[str, tuple[str, Location | None]] = {}
    for synonym in names.project.nlu.synonyms:
        for spelling in synonym.spellings:
            value, where = values.setdefault(spelling.lower(), (synonym.value, synonym.where))
            if value != synonym.value:
                names.findings.warning(
                    "ambiguous-synonym",
                    f"{spelling!r} is a synonym both of {value!r} and of {synonym.value!r}",
                    where=synonym.where,
                    hint=f"the last one counts; the first is at {where}",
                )


def _check_paraphrases(names: Names) -> None:
    """Check that somebody is there who could be asked for paraphrases."""
    config = names.project.config
    augment = config.extras.get("augment")
    if isinstance(augment, dict) and augment.get("paraphrases") and not config.extras.get("llm"):
        names.findings.warning(
            "missing-model",
            "`paraphrases` of `augment` needs a language model, and there is no `llm:`",
            where=config.extras_where.get("augment"),
            hint="set `llm:` in the configuration, or take `paraphrases` away",
        )
