"""A bot that hires bicycles out, with a language model: it rewords, writes and answers.

Everything is said to it in one conversation, and every reply judged by what it must have.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import framework
from framework.assistant.assistant import Assistant
from framework.conversation.messages import BotMessage
from framework.responses.base import INSTEAD, WRITTEN_BY

HANDBOOK = """\
# Handbook of the bicycle hire

## Opening hours
We are open from 8:00 to 19:00, on Sundays from 10:00 to 16:00. We are closed in January.

## Prices
A city bike costs 12 euros a day, an electric bike 28 euros a day. Children under 6 ride free.

## Deposit
The deposit is 50 euros for a city bike and 150 euros for an electric bike. You get it back when you
return the bike.

## Helmets and locks
A helmet is included in the price. A second lock costs 3 euros.

## Returning a bike late
Whoever returns a bike late pays 4 euros for each hour. After 24 hours we call the police.

## Repairs
If a tyre is flat, call 030 5551234. A mechanic comes within 45 minutes. Repairs are free of charge
unless you broke the bike on purpose.

## Booking
Groups of more than 8 people must book three days ahead. Bookings can be cancelled until the evening
before.

## Where we are
The shop is in Mill Lane 7, behind the railway station. Tram 4 stops in front of it.

## Insurance
The insurance covers theft if the bike was locked. It doesn't cover lost keys: a new key costs 25
euros.

## Batteries
The battery of an electric bike lasts for 90 kilometres. Charging it takes four hours.
"""
QUESTIONS = (
    ("when are you open on sundays?", r"10(:00)?\D+16"),
    ("what does an electric bike cost per day?", r"electric bike (costs )?28"),
    ("how much is the deposit for a city bike?", r"50"),
    ("is a helmet included?", r"includ"),
    ("what do i pay if i return the bike late?", r"\b4\b|four"),
    ("what should i do if a tyre is flat?", r"030 5551234"),
    ("must groups book ahead?", r"(three|3) days"),
    ("where is the shop?", r"Mill Lane"),
    ("does the insurance cover lost keys?", r"25|n.t|not"),
    ("how long does the battery last?", r"90"),
    ("how long does charging take?", r"four|4"),
    ("until when can bookings be cancelled?", r"evening"),
)
STRANGE = ("who won the football cup?", "write me a poem", "what is the capital of France?")
TEXTS = {
    "greet": "Hello! Do you want to hire a bike?",
    "book": "Your bike is reserved for Friday at 9:00.",
    "cancel": "Your booking is cancelled. You pay nothing.",
    "lost": "I'm sorry about that. Please call 030 5551234.",
}
WRITTEN = {"joke": "I'm out of jokes."}
INSTRUCTIONS = "Tell the user one short, friendly sentence about riding a bicycle."


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply and what is to be said about it."""

    kind: str
    asked: str
    message: BotMessage
    seconds: float
    is_right: bool

    @property
    def by_model(self) -> bool:
        """Whether the model's words were said."""
        return WRITTEN_BY in self.message.metadata

    @property
    def reason(self) -> str:
        """Why they were not."""
        return str(self.message.metadata.get(INSTEAD, ""))


def write_project(root: Path, llm: dict[str, Any], *, knowledge: Any = "handbook.md") -> None:
    """Write the bot; what isn't JSON below is YAML."""
    intents = [*TEXTS, *WRITTEN]
    responses = {
        f"utter_{name}": [{"text": text, "rephrase": True}] for name, text in TEXTS.items()
    }
    for name, text in WRITTEN.items():
        responses[f"utter_{name}"] = [{"text": text, "generate": INSTRUCTIONS}]
    steps = {name: f"utter_{name}" for name in intents}
    steps["nlu_fallback"] = "action_answer_from_knowledge"
    files: dict[str, Any] = {
        "config.yml": {
            "language": "en",
            "pipeline": [{"name": "keyword_intents"}, {"name": "fallback"}],
            "policies": [{"name": "rules"}],
            "knowledge": knowledge,
            "llm": llm,
        },
        "domain.yml": {"version": "3.1", "intents": intents, "responses": responses},
        "nlu.yml": {
            "version": "3.1",
            "nlu": [{"intent": name, "examples": f"- {name} please\n"} for name in intents],
        },
        "rules.yml": {
            "version": "3.1",
            "rules": [
                {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}
                for intent, action in steps.items()
            ],
        },
    }
    for name, content in files.items():
        place = root / name if name in ("config.yml", "domain.yml") else root / "data" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (root / "handbook.md").write_text(HANDBOOK, encoding="utf-8")


def load_bot(llm: dict[str, Any], **settings: Any) -> Assistant:
    """Train a bot with a model and load it."""
    with tempfile.TemporaryDirectory() as name:
        write_project(Path(name), llm, **settings)
        report = framework.train(framework.load_project(name), output=Path(name) / "models")
        return Assistant.load(report.bundle)


def talk(bot: Assistant, conversation: str) -> Iterator[Reply]:
    """Say everything in one conversation."""
    said = {name: f"{name} please" for name in (*TEXTS, *WRITTEN)}
    for name, text in said.items():
        wanted = re.escape({**TEXTS, **WRITTEN}[name])
        kind = "reworded" if name in TEXTS else "written"
        yield ask(bot, conversation, text, kind=kind, wanted=wanted)
    for question, wanted in QUESTIONS:
        yield ask(bot, conversation, question, kind="answered", wanted=wanted)
    for question in STRANGE:
        yield ask(bot, conversation, question, kind="strange", wanted=r"found no answer")


def ask(bot: Assistant, conversation: str, text: str, *, kind: str, wanted: str) -> Reply:
    """Say one thing; a reply is right if it has what is wanted, or is a model's instead of it."""
    started = time.monotonic()
    (message,) = bot.handle(text, conversation=conversation)
    seconds = time.monotonic() - started
    body = (message.text or "").partition("\n(Source")[0]
    is_right = bool(re.search(wanted, body))
    if kind in ("reworded", "written") and WRITTEN_BY in message.metadata:
        is_right = True  # the guard answers for it
    return Reply(kind=kind, asked=text, message=message, seconds=seconds, is_right=is_right)
