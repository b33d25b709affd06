"""`frame shell`: chat with the trained bot."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress

from framework.assistant.assistant import Assistant
from framework.assistant.explain import explain, lines
from framework.cli import output
from framework.cli.arguments import add_endpoints, add_model
from framework.cli.bots import load_bot
from framework.cli.console import wrapped
from framework.cli.output import Options
from framework.cli.prompt import Prompt
from framework.cli.replies import choices, in_lines, numbered
from framework.cli.waiting import Waiting
from framework.conversation.messages import BotMessage, UserMessage

STOP = "/stop"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_model(parser)
    parser.add_argument(
        "--why",
        action="store_true",
        help="say what was understood, which slots changed and what decided",
    )
    parser.add_argument(
        "--conversation-id", metavar="ID", help="name of the conversation (default: a new one)"
    )
    add_endpoints(parser)


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Chat until the user stops."""
    bot = load_bot(arguments)
    conversation = arguments.conversation_id or uuid.uuid4().hex
    chat = Chat(bot, options, conversation=conversation, why=arguments.why)
    asyncio.run(chat.run())
    return 0


class Chat:
    """A conversation on the terminal, or from a pipe."""

    def __init__(self, bot: Assistant, options: Options, *, conversation: str, why: bool) -> None:
        """Make the chat."""
        self._bot = bot
        self._out = options.stdout
        self._conversation = conversation
        self._why = why
        self._is_quiet = options.verbosity < 0
        self._is_terminal = sys.stdin.isatty() and options.stdout.isatty()
        self._replies: list[BotMessage] = []
        self._prompt = Prompt() if self._is_terminal else None

    async def run(self) -> None:
        """Answer message after message, and show what the bot says on its own in between."""
        self._bot.receive(self._interject)
        messages = self._typed() if self._is_terminal else self._piped()
        async for text in messages:
            self._replies = []
            await self._answer(text)
        await self._bot.close()

    async def _typed(self) -> AsyncIterator[str]:
        if not self._is_quiet:
            self._say(f"Say something; {STOP} ends, /restart begins anew.")
        while self._prompt is not None:
            try:
                text = await self._prompt.ask(choices(self._replies))
            except (EOFError, KeyboardInterrupt):
                return
            if text == STOP:
                return
            if text:
                yield text

    async def _piped(self) -> AsyncIterator[str]:
        async for text in _piped_lines():
            if self._why:  # the transcript is read by people, so it has both sides
                output.say(f"> {text}", stream=self._out)
            yield text

    async def _answer(self, text: str) -> None:
        message = UserMessage(text=text, conversation=self._conversation)
        with Waiting(self._out, is_shown=self._is_terminal) as waiting:
            async for step in self._bot.steps(message):
                if step.replies:
                    waiting.stop()
                    self._replies += step.replies
                    self._show(step.replies)
                    waiting.start()
        turn = self._bot.explain_last(self._conversation)
        if self._why and turn is not None:
            for line in lines(explain(turn)):
                self._say(f"  | {line}", "faint", indent="  |   ")

    async def _interject(self, reply: BotMessage) -> None:
        """Show what no message asked for, above the line that is being typed."""
        if self._prompt is None:
            self._show([reply])
        else:
            await self._prompt.interject(lambda: self._show([reply]))

    def _show(self, replies: Iterable[BotMessage]) -> None:
        for reply in replies:
            for line in in_lines(reply):
                self._say(line, "bot")
            if not self._is_terminal:  # on a terminal the prompt shows them
                for line in numbered(choices([reply])):
                    output.say(line, stream=self._out)

    def _say(self, line: str, style: str = "", *, indent: str = "") -> None:
        for part in wrapped(line, self._out, indent=indent):
            shown = output.styled(part, style, self._out) if style else part
            output.say(shown, stream=self._out)


async def _piped_lines() -> AsyncIterator[str]:
    """Give what the pipe holds, line by line, until its end or `/stop`.

    It is read in a thread, so that reminders come while nobody writes.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the loop is closed where the shell was interrupted
            with suppress(OSError):  # nothing more comes from a pipe that broke
                for line in _lines_before_stop():
                    loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, STOP)

    threading.Thread(target=read, name="frame-shell-input", daemon=True).start()
    while (text := await lines.get()) != STOP:
        yield text


def _lines_before_stop() -> Iterator[str]:
    """Give what the pipe holds, line by line, until its end or `/stop`."""
    for line in sys.stdin:
        text = line.strip()
        if text == STOP:
            return
        if text:
            yield text
