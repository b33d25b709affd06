"""The line on which people write to the bot: history, editing, and buttons to choose from."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from framework.cli.console import wrapped
from framework.cli.output import wants_colour
from framework.cli.replies import payload_of, title_of

_HELP = "(arrows and Enter, a number, or type)"


class Prompt:
    """Asks for messages, one after the other."""

    def __init__(self) -> None:
        """Make the prompt; what was typed in earlier sessions is at hand."""
        self._buttons: Sequence[Mapping[str, Any]] = ()
        self._chosen: int | None = None
        self._session: PromptSession[str] = PromptSession(
            message=self._message, key_bindings=self._keys(), history=_history()
        )

    async def ask(self, buttons: Sequence[Mapping[str, Any]]) -> str:
        """Ask for a message; one of the buttons gives its payload.

        Raises:
            EOFError: the user pressed Ctrl-D.
            KeyboardInterrupt: the user pressed Ctrl-C.
        """
        self._buttons, self._chosen = buttons, None
        typed = (await self._session.prompt_async()).strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(buttons):
            return payload_of(buttons[int(typed) - 1])
        return typed

    async def interject(self, write: Callable[[], None]) -> None:
        """Write above the line that is being typed, which then goes on as it was."""
        if self._session.app.is_running:
            await run_in_terminal(write)
        else:
            write()

    def _message(self) -> StyleAndTextTuples:
        """Give what stands before the cursor: the buttons, and the sign to write."""
        colours = wants_colour(sys.stdout)
        parts: StyleAndTextTuples = []
        for place, button in enumerate(self._buttons):
            is_chosen = place == self._chosen
            sign, style = (">", "bold ansigreen") if is_chosen else (" ", "ansicyan")
            number = f"{sign} {place + 1}: "
            title = wrapped(f"{number}{title_of(button)}", sys.stdout, indent=" " * len(number))
            parts.append((style if colours else "", "\n".join(title) + "\n"))
        if self._buttons:
            said = "\n".join(wrapped(f"  {_HELP}", sys.stdout, indent="  "))
            parts.append(("ansibrightblack" if colours else "", f"{said}\n"))
        parts.append(("bold ansigreen" if colours else "", "you> "))
        return parts

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        is_choosing = Condition(
            lambda: bool(self._buttons) and not self._session.default_buffer.text
        )
        has_chosen = is_choosing & Condition(lambda: self._chosen is not None)

        @keys.add("down", filter=is_choosing)
        def next_button(event: KeyPressEvent) -> None:
            self._move(1)

        @keys.add("up", filter=is_choosing)
        def previous_button(event: KeyPressEvent) -> None:
            self._move(-1)

        @keys.add("enter", filter=has_chosen)
        def press(event: KeyPressEvent) -> None:
            button = self._buttons[self._chosen or 0]
            event.current_buffer.text = title_of(button)  # what stays on the screen
            event.app.exit(result=payload_of(button))

        return keys

    def _move(self, steps: int) -> None:
        start = (-1 if steps > 0 else 0) if self._chosen is None else self._chosen
        self._chosen = (start + steps) % len(self._buttons)


def _history() -> History:
    """Keep what was typed among the user's own files; for this session only where that fails."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    file = Path(home) / "frame" / "shell_history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(file)
