"""Short name -> class, for the six kinds of extension.

A built-in is listed here with the module that holds it, which is imported when it is asked
for. Other packages add theirs through entry points in the group `framework.<kind>s`; a bot's own
classes are handed to the assistant by its caller and never named in a bundle.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from framework.errors import UsageError

Kind = Literal["component", "policy", "action", "response", "channel", "store"]

BUILT_IN: dict[Kind, dict[str, str]] = {
    "component": {
        "bert_tagger": "framework.nlu.bert.tagger:BertTagger",
        "duckling_entities": "framework.nlu.entities.duckling:DucklingEntities",
        "fallback": "framework.nlu.fallback:Fallback",
        "keyword_intents": "framework.nlu.keyword:KeywordIntents",
        "regex_entities": "framework.nlu.entities.regex:RegexEntities",
        "response_selector": "framework.nlu.selector:ResponseSelector",
        "sentiment": "framework.nlu.sentiment:SentimentClassifier",
        "spacy_entities": "framework.nlu.entities.spacy:SpacyEntities",
        "synonyms": "framework.nlu.entities.synonyms:Synonyms",
    },
    "policy": {
        "augmented_memory": "framework.policies.memory:AugmentedMemoryPolicy",
        "learned": "framework.policies.learned.policy:LearnedPolicy",
        "memory": "framework.policies.memory:MemoryPolicy",
        "rules": "framework.policies.rules:RulePolicy",
        "unexpected_intent": "framework.policies.unexpected:UnexpectedIntentPolicy",
    },
    "action": {},
    "response": {
        "llm": "framework.responses.generative.responder:LlmResponder",
        "nlg": "framework.responses.nlg:NlgServer",
        "seq2seq": "framework.responses.seq2seq.responder:Seq2seqResponder",
    },
    "channel": {},
    "store": {
        "memory": "framework.conversation.stores.memory:MemoryStore",
    },
}


@cache
def _table(kind: Kind) -> dict[str, str]:
    entry_points = load_object("importlib.metadata:entry_points")  # slow to import
    installed = {entry.name: entry.value for entry in entry_points(group=f"framework.{kind}s")}
    return {**installed, **BUILT_IN[kind]}


def names(kind: Kind) -> tuple[str, ...]:
    """List the short names of a kind, sorted."""
    return tuple(sorted(_table(kind)))


def find(kind: Kind, name: str) -> Any:
    """Import and return the class that a short name stands for.

    Raises:
        UsageError: no class of that kind has the name; the hint gives the nearest one.
    """
    table = _table(kind)
    if name not in table:
        raise UsageError(
            f"there is no {kind} named {name!r}",
            id=f"unknown-{kind}",
            hint=did_you_mean(name, table) or f"known: {', '.join(sorted(table))}",
        )
    return load_object(table[name])


def load_object(path: str) -> Any:
    """Import `module:name` or `module`, so that a stage reaches what must not load with it."""
    module, _, attribute = path.partition(":")
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give "did you mean 'x'?" for the nearest known name, or an empty text."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""
