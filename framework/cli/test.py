"""`frame test`: play conversations and score examples."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from framework.assistant.assistant import Assistant
from framework.assistant.bundle import find
from framework.cli import output
from framework.cli.arguments import add_endpoints, add_format, add_model
from framework.cli.bots import load_bot
from framework.cli.output import Options
from framework.cli.results import show_results
from framework.data.utterances import from_examples
from framework.errors import ProjectError, UsageError
from framework.evaluation.nlu import NluReport, evaluate
from framework.evaluation.outcomes import ConversationsOutcome
from framework.evaluation.report import Results
from framework.evaluation.suite import play
from framework.nlu.pipeline import Pipeline
from framework.project.load import read_tests
from framework.project.schema.nlu import Example
from framework.project.schema.stories import Story

DEFAULT_FOLDERS = ("stories", "tests")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="files or folders with `stories:` or `nlu:` (default: stories and tests)",
    )
    add_model(parser)
    parser.add_argument(
        "--out",
        metavar="DIR",
        default="results",
        help="where report.json, junit.xml and failed_stories.yml go (default: results)",
    )
    parser.add_argument(
        "--given-intents",
        action="store_true",
        help="take the annotated intents and entities as understood",
    )
    parser.add_argument(
        "--run-actions",
        action="store_true",
        help="let actions run, and check the replies and slots that the tests state",
    )
    add_endpoints(parser)
    add_format(parser)


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Test the bot; 1 where a conversation went otherwise than written."""
    suite = read_tests(Path(), _paths(arguments))
    if any(problem.severity == "error" for problem in suite.problems):
        raise ProjectError(suite.problems)
    if not suite.stories and not suite.examples:
        raise UsageError(
            "there is nothing to test: no `stories:` and no `nlu:` in "
            + ", ".join(str(path) for path in _paths(arguments)),
            id="no-tests",
            hint="write a conversation, see docs/how-to/test-a-bot.md",
        )
    bot = load_bot(arguments, with_actions=arguments.run_actions)
    results = Results(
        conversations=_play(bot, suite.stories, arguments),
        nlu=_score(bot, suite.examples),
        model=str(find(arguments.model)),
    )
    files = results.write(Path(arguments.out))
    if options.is_json:
        output.emit(results.to_json(), options.stdout)
    else:
        if options.verbosity >= 0:
            output.show(suite.problems)
        show_results(results, options, files)
    return 0 if results.passed else 1


def _play(
    bot: Assistant, stories: Sequence[Story], arguments: argparse.Namespace
) -> ConversationsOutcome:
    playing = play(
        bot, stories, given_intents=arguments.given_intents, run_actions=arguments.run_actions
    )
    return asyncio.run(playing)


def _score(bot: Assistant, examples: Sequence[Example]) -> NluReport | None:
    pipeline = bot.engine.nlu
    if not examples or not isinstance(pipeline, Pipeline):
        return None
    return evaluate(pipeline, from_examples(examples))


def _paths(arguments: argparse.Namespace) -> list[Path]:
    if arguments.paths:
        return [Path(path) for path in arguments.paths]
    found = [Path(folder) for folder in DEFAULT_FOLDERS if Path(folder).exists()]
    if not found:
        raise UsageError(
            "there are no tests: neither a folder 'stories' nor 'tests'",
            id="no-tests",
            hint="name the files, or write conversations into stories/",
        )
    return found
