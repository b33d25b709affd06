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
import statistics
import sys
from collections.abc import Sequence

from framework.responses.generative.models import make_model
from framework.responses.generative.settings import LlmSettings
from framework.responses.generative.sources import find
from tests.benchmarks.hire_bot import Reply, load_bot, talk
from tests.benchmarks.model_servers import ModelServer, faulty_servers

TIME_LIMIT_SECONDS = 2.0
"""Of the faulty servers."""


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
