"""Whole conversations with a bot that has a language model: it rewords, writes and answers.

The bot is trained as any other: rules, four responses to reword, one to write, and a handbook to
answer from. It talks with SmolLM2-135M-Instruct in its own process, with the same model behind a
local OpenAI-compatible server that streams its tokens, and with servers that fail in all manners.
Every reply is counted: whether the model's words were said, and if not, whether the template or the
quotation was, within the time limit.

    python tests/benchmarks/conversations.py [--seeds 1 2 3] [--models local server faulty]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import framework
from framework.assistant.assistant import Assistant
from framework.conversation.messages import BotMessage
from framework.responses.base import INSTEAD, WRITTEN_BY
from framework.responses.generative.base import ChatModel, Request
from framework.responses.generative.models import make_model
from framework.responses.generative.settings import LlmSettings
from framework.responses.generative.sources import find
from tests.responses.generative.stand_ins import Server

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
TIME_LIMIT_SECONDS = 2.0
"""Of the faulty servers."""


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


class ModelServer(Server):
    """An OpenAI-compatible server that streams what a real model writes."""

    def __init__(self, model: ChatModel, *, max_tokens: int) -> None:
        super().__init__(lambda messages: messages)
        self._model = model
        self._max_tokens = max_tokens
        self.first_seconds: list[float] = []

    def say(self, handler: Any, text: Any) -> None:
        """Stream the answer to the messages, which stand for the text."""
        asyncio.run(self._say(handler, text))

    async def _say(self, handler: Any, messages: Any) -> None:
        asked = {**self.requests[-1], "messages": messages}
        request = Request(
            messages=messages,
            max_tokens=asked.get("max_tokens", self._max_tokens),
            temperature=asked.get("temperature", 0),
            seed=asked.get("seed"),
        )
        started, is_first = time.monotonic(), True
        async with contextlib.aclosing(self._model.stream(request)) as stream:
            async for piece in stream:
                if piece.text and is_first:
                    self.first_seconds.append(time.monotonic() - started)
                    is_first = False
                choice = {"delta": {"content": piece.text}, "finish_reason": piece.finish}
                handler.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
                handler.wfile.flush()
        handler.wfile.write(b"data: [DONE]\n\n")


@contextlib.contextmanager
def faulty_servers() -> Iterator[dict[str, str]]:
    """Start servers that fail in different manners; give their addresses."""
    event = json.dumps({"choices": [{"delta": {"content": "The bike is free for 99 years. "}}]})
    kinds: dict[str, dict[str, Any]] = {
        "hangs before it answers": {"raw": b"", "pause_seconds": 60.0},
        "fails: 500": {"answers": [(500, {})] * 1000},
        "answers a web page": {"raw": b"<!doctype html><title>Welcome</title>", "streams": False},
        "streams bytes that mean nothing": {"raw": b"data: \xff\xfe\x00{]\n\n"},
        "stops in the middle of an event": {"raw": b'data: {"choices": [{"delta": {"con'},
        "makes things up": {"raw": f"data: {event}\n\ndata: [DONE]\n\n".encode()},
        "never ends": {"raw": f"data: {event.replace('. ', ' ')}\n\n".encode(), "endless": True},
        "says nothing": {"raw": b"data: [DONE]\n\n"},
    }
    started = {}
    for name, settings in kinds.items():
        server = started[name] = Server()
        for key, value in settings.items():
            setattr(server, key, value)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refusing = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    yield {"refuses connections": refusing, **{name: one.url for name, one in started.items()}}
    for server in started.values():
        server.http.server_close()


def show(name: str, replies: Sequence[Reply]) -> None:
    """Print the rows of a model."""
    for kind in dict.fromkeys(reply.kind for reply in replies):
        rows = [reply for reply in replies if reply.kind == kind]
        seconds = [reply.seconds for reply in rows]
        cells = (
            *(name, kind, len(rows), sum(reply.by_model for reply in rows)),
            sum(reply.is_right for reply in rows),
            *(f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}"),
        )
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def show_texts(replies: Sequence[Reply]) -> None:
    """Print what was said, and why where it isn't the model's."""
    for reply in replies:
        mark = "model" if reply.by_model else "bot"
        note = f"   [{reply.reason}]" if reply.reason else ""
        wrong = "" if reply.is_right else "   (WRONG)"
        sys.stderr.write(f"{reply.asked!r} -> {mark}: {reply.message.text!r}{note}{wrong}\n")


def main() -> None:
    """Talk with all models that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--models", nargs="+", default=["local", "server", "faulty"])
    parser.add_argument("--max-tokens", type=int, default=60)
    options = parser.parse_args()
    limits = {"max_tokens": options.max_tokens, "timeout_seconds": 300}
    own = {"model": "smollm2", "threads": 1, "load_timeout_seconds": 600, **limits}
    print("| model | replies | all | in its words | right | median s | longest s |")
    print("|---|---|---|---|---|---|---|", flush=True)
    if "local" in options.models:
        name = f"in the process ({find('smollm2').library})"
        found = [
            reply
            for seed in options.seeds
            for reply in talk(load_bot({**own, "seed": seed}), f"local-{seed}")
        ]
        show(name, found)
        show_texts(found)
    if "server" in options.models:
        server = ModelServer(make_model(LlmSettings(**own)), max_tokens=options.max_tokens)
        llm = {"url": server.url, "model": "smollm2", "examples": True, **limits}
        found = [
            reply
            for seed in options.seeds
            for reply in talk(load_bot({**llm, "seed": seed}), f"server-{seed}")
        ]
        show("behind a server", found)
        print(f"first words after {statistics.median(server.first_seconds):.2f} s at the median")
        show_texts(found)
        server.close()
    if "faulty" in options.models:
        with faulty_servers() as servers:
            for name, url in servers.items():
                llm = {"url": url, "model": "x", "timeout_seconds": TIME_LIMIT_SECONDS}
                found = list(talk(load_bot(llm), name))
                show(name, found)
                show_texts(found[:1])


if __name__ == "__main__":
    main()
