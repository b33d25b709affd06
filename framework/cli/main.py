"""The command `frame`: a table of commands, each in a module that is imported when it is called."""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import itertools
import os
import re
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from framework import __version__
from framework.cli import output
from framework.cli.logs import configure_logging
from framework.cli.output import Options
from framework.cli.rasa_options import instead_of, instead_of_action
from framework.errors import FrameError, Location, Problem, UsageError
from framework.registry import did_you_mean, load_object

INTERRUPTED, UNREAD = 130, 141
"""What shells give for a program that Ctrl-C, or a reader who has gone, has ended."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command: `add_arguments(parser)` and `run(arguments, options)` of a module."""

    name: str
    module: str
    summary: str
    aliases: tuple[str, ...] = ()


COMMANDS = (
    Command(name="init", module="framework.cli.init", summary="write a starter bot"),
    Command(
        name="check",
        module="framework.cli.check",
        summary="report every problem of the project",
        aliases=("validate",),
    ),
    Command(name="train", module="framework.cli.train", summary="train the bot"),
    Command(name="tune", module="framework.cli.tune", summary="search the best settings"),
    Command(name="shell", module="framework.cli.shell", summary="chat with the bot"),
    Command(name="parse", module="framework.cli.parse", summary="show what the bot understands"),
    Command(name="test", module="framework.cli.test", summary="play conversations and score them"),
    Command(name="data", module="framework.cli.data", summary="set data aside to test with"),
)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors of Frame, rendered like all others."""

    def error(self, message: str) -> NoReturn:
        hint = instead_of_action(_unknown_choice(message)) if self.prog == "frame data" else ""
        raise UsageError(message, hint=hint or f"see `{self.prog} --help`")


class _Formatter(argparse.HelpFormatter):
    """Help that reads the same under every version of Python: `-d, --domain PATH`."""

    def add_argument(self, action: argparse.Action) -> None:
        """Leave room for the names of commands, which stand further in than options."""
        super().add_argument(action)
        for command in self._iter_indented_subactions(action):
            width = len(self._format_action_invocation(command)) + self._current_indent
            self._action_max_length = max(self._action_max_length, width)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, action.dest.upper())
        return f"{', '.join(action.option_strings)} {value}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code.

    0 fine; 1 the bot failed the check or test; 2 the project or the call is wrong; 3 something
    broke; 130 stopped with Ctrl-C; 141 nobody reads the output any more, so that a failed test
    isn't taken for a passed one.
    """
    _prepare_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _early_options(given)
    try:
        return _run(given, options)
    except SystemExit as done:  # `--help` and `--version`
        return int(done.code or 0)
    except BrokenPipeError:
        _silence_output()
        return UNREAD
    except KeyboardInterrupt:
        output.say("\nstopped")
        return INTERRUPTED
    except FrameError as error:
        _report(error.problems(), options)
        _explain(error, options)
        return error.exit_code
    except BaseException as error:  # noqa: BLE001  the outermost door; a bot may raise anything
        _report((_unexpected(error, options),), options)
        _explain(error, options)
        return 3


def _run(given: list[str], options: Options) -> int:
    command = _find_command(given)
    parser = _parser(command)
    arguments, unknown = parser.parse_known_args(given)
    if unknown:
        _refuse(command, unknown)
    if command is None:
        parser.print_help()
        return 0
    configure_logging(options)
    run: Any = load_object(f"{command.module}:run")
    _check_here()
    folder = Path(arguments.project)
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder {str(folder)!r}", hint="give the project's with `--project`"
        )
    printing = (
        contextlib.redirect_stdout(sys.stderr) if options.is_json else contextlib.nullcontext()
    )
    with contextlib.chdir(folder), printing:
        return int(run(arguments, options))


def _refuse(command: Command | None, unknown: Sequence[str]) -> NoReturn:
    """Say what a command can't do anything with, and what does the same here."""
    name = command.name if command is not None else ""
    raise UsageError(
        f"unrecognized arguments: {' '.join(unknown)}",
        hint=instead_of(name, unknown) or f"see `{f'frame {name}'.strip()} --help`",
    )


def _unknown_choice(message: str) -> str:
    found = re.search(r"invalid choice: '(\w+)'", message)
    return found[1] if found is not None else ""


def _check_here() -> None:
    """Refuse to work in a folder that somebody removed meanwhile."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise UsageError(
            "the folder in which you are doesn't exist any more",
            id="missing-folder",
            hint="change to one that does: `cd …`",
        ) from error


def _find_command(given: Sequence[str]) -> Command | None:
    """Find the command among the arguments, which options may precede."""
    words = iter(given)
    for word in words:
        if word == "--project":
            next(words, None)
        elif not word.startswith("-"):
            return _named(word)
    return None


def _named(word: str) -> Command:
    known = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
    if word not in known:
        raise UsageError(
            f"there is no command {word!r}",
            id="unknown-command",
            hint=did_you_mean(word, known) or "see `frame --help`",
        )
    return known[word]


def _parser(command: Command | None) -> argparse.ArgumentParser:
    """Make the parser; only the called command's own options are in it."""
    parser = _Parser(
        prog="frame", description="Train, test and chat with bots.", formatter_class=_Formatter
    )
    parser.set_defaults(project=".", verbose=0, quiet=False)
    _add_global_options(parser)
    parser.add_argument("--version", action="version", version=f"frame {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for known in COMMANDS:
        sub = commands.add_parser(
            known.name,
            help=known.summary,
            description=known.summary[0].upper() + known.summary[1:] + ".",
            aliases=known.aliases,
            formatter_class=_Formatter,
        )
        _add_global_options(sub)
        if known is command:
            load_object(f"{known.module}:add_arguments")(sub)
    return parser


def _add_global_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that stand before or after the command."""
    unset = argparse.SUPPRESS
    group = parser.add_argument_group("global options")
    group.add_argument(
        "--project", metavar="DIR", default=unset, help="the project's folder (default: this one)"
    )
    group.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=unset,
        help="tell more; -vv tells all, user messages included",
    )
    group.add_argument(
        "-q", "--quiet", action="store_true", default=unset, help="tell only what failed"
    )


def _early_options(given: Sequence[str]) -> Options:
    """Read the options that errors need, even errors of the call itself."""
    louder = sum(len(word) - 1 for word in given if re.fullmatch("-v+", word))
    quiet = "-q" in given or "--quiet" in given
    return Options(
        verbosity=-1 if quiet else louder + given.count("--verbose"),
        is_json="--format=json" in given or ("--format", "json") in itertools.pairwise(given),
        stdout=sys.stdout,
    )


def _report(problems: Sequence[Problem], options: Options) -> None:
    if options.is_json:
        with contextlib.suppress(OSError):  # standard output may be what failed
            output.emit(output.failure(problems), options.stdout)
            return
    errors, warnings = output.count(problems)
    if options.verbosity > 0 or not errors:
        output.show(problems)
    else:
        output.show(problem for problem in problems if problem.severity == "error")
    if len(problems) > 1 and options.verbosity >= 0:
        more = ": `frame check` shows all" if warnings and options.verbosity == 0 else ""
        counts = f"{output.plural(errors, 'error')}, {output.plural(warnings, 'warning')}"
        output.say(f"{counts}{more}")


def _unexpected(error: BaseException, options: Options) -> Problem:
    """Describe what nobody foresaw: the system refuses a file, or something is broken in here."""
    if isinstance(error, OSError) and (error.filename or error.errno in _FULL):
        file = str(error.filename or "")
        return Problem(
            id="file-access",
            severity="error",
            message=f"{file!r} can't be used: {error.strerror}" if file else str(error.strerror),
            where=Location(file=file) if file else None,
            hint="see that the disk has room, and that your user may read and write there",
        )
    return Problem(
        id="internal",
        severity="error",
        message=f"{type(error).__name__}: {error}",
        hint="" if options.verbosity > 0 else "run it again with `-v` to see where",
    )


def _explain(error: BaseException, options: Options) -> None:
    """Show where an error arose, to those who asked."""
    if options.verbosity > 0:
        output.say("".join(traceback.format_exception(error)).rstrip())


def _prepare_streams() -> None:
    """Let nothing stand in for streams that are closed, and no character stop those that are open.

    A caller may close them (`frame shell <&-`), send bytes that are no text, or have a terminal
    that lacks the characters which the bot says.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            null = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  open until the end
            setattr(sys, name, null)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if mode == "r" else "backslashreplace")


def _silence_output() -> None:
    """Let the interpreter flush into nothing once the reader of a pipe is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
