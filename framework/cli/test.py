"""`frame test`: play conversations and score examples."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from framework.assistant.assistant import Assistant
from framework.assistant.bundle import find
from framework.cli import output
from framework.cli.arguments import (
    add_endpoints,
    add_false_accept,
    add_format,
    add_model,
    add_project_files,
    check_false_accept,
)
from framework.cli.bots import load_bot
from framework.cli.output import Options
from framework.cli.results import show_results
from framework.cli.validation import validate
from framework.data.utterances import from_examples
from framework.errors import ProjectError, UsageError
from framework.evaluation.conversations.outcomes import ConversationsOutcome
from framework.evaluation.conversations.suite import play
from framework.evaluation.nlu.confidence import FALSE_ACCEPT
from framework.evaluation.nlu.report import NluReport
from framework.evaluation.nlu.score import evaluate
from framework.evaluation.replies import RepliesReport, evaluate_replies
from framework.evaluation.report import Results
from framework.nlu.pipeline import Pipeline
from framework.project.files import TEST_FOLDERS, check_writable
from framework.project.load import load_project, read_tests
from framework.project.schema.nlu import Example
from framework.project.schema.pairs import Pair
from framework.project.schema.stories import Story
from framework.project.schema.tests import TestSuite

KINDS = ("nlu", "core")
"""Words that may stand before the paths, as with Rasa: examples alone, conversations alone."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="files or folders with `stories:`, `nlu:` or `pairs:`, and tables of questions and "
        "answers (default: stories and tests); "
        "`nlu` in front scores examples alone, `core` plays conversations alone",
    )
    parser.add_argument(
        "-u",
        "--nlu",
        "-s",
        "--stories",
        dest="further_paths",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help="further PATHs, as Rasa names them; with --cross-validation the training data",
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
    add_false_accept(
        parser,
        default=FALSE_ACCEPT,
        meaning="wanted share of wrong intents among the messages that the bot acts on; the "
        "fallback threshold for it is suggested",
    )
    add_endpoints(parser)
    add_format(parser)
    _add_validation(parser)


def _add_validation(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cross-validation")
    group.add_argument(
        "--cross-validation",
        action="store_true",
        help="train the NLU on parts of the training examples, and score the parts left out",
    )
    group.add_argument(
        "-f", "--folds", type=int, default=5, metavar="N", help="number of parts (default: 5)"
    )
    group.add_argument(
        "--seed", type=int, default=0, metavar="N", help="decides the parts (default: 0)"
    )
    add_project_files(parser)


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Test the bot; 1 where a conversation went otherwise than written."""
    kind, paths = _kind_and_paths(arguments)
    check_false_accept(arguments)
    check_writable(Path(arguments.out), hint="give another folder with `--out`")
    if arguments.cross_validation:
        if kind == "core":
            raise UsageError("cross-validation is for the NLU", hint="leave out `core`")
        suite = TestSuite()
        results = Results(nlu=validate(arguments, options, paths=paths))
    else:
        suite = _suite(arguments, kind=kind, paths=paths)
        results = _test(suite, arguments)
    files = results.write(Path(arguments.out))
    if options.is_json:
        output.emit(results.to_json(), options.stdout)
    else:
        if options.verbosity >= 0:
            output.show(suite.problems)
        show_results(results, options, files)
    return 0 if results.passed else 1


def _kind_and_paths(arguments: argparse.Namespace) -> tuple[str | None, list[Path]]:
    """Take `nlu` or `core` for what it says, unless something is there under that name."""
    words = [*arguments.paths, *arguments.further_paths]
    kind = words[0] if words and words[0] in KINDS and not Path(words[0]).exists() else None
    return kind, [Path(word) for word in (words[1:] if kind else words)]


def _suite(arguments: argparse.Namespace, *, kind: str | None, paths: Sequence[Path]) -> TestSuite:
    usual = [Path(folder) for folder in TEST_FOLDERS if Path(folder).exists()]
    chosen = paths or usual
    if not chosen and kind != "nlu":
        raise UsageError(
            "there are no tests: neither a folder 'stories' nor 'tests'",
            id="no-tests",
            hint="name the files, or write conversations into stories/",
        )
    suite = _only(kind, read_tests(Path(), chosen)) if chosen else TestSuite()
    if any(problem.severity == "error" for problem in suite.problems):
        raise ProjectError(suite.problems)
    if kind == "nlu" and not paths and not suite.examples:
        suite = _training_examples(arguments)
    if not suite.stories and not suite.examples and not suite.pairs:
        wanted = {"nlu": "no `nlu:`", "core": "no `stories:`"}
        raise UsageError(
            f"there is nothing to test: {wanted.get(str(kind), 'nothing to play or score')} in "
            + ", ".join(str(path) for path in chosen),
            id="no-tests",
            hint="write a conversation, see docs/how-to/test-a-bot.md",
        )
    return suite


def _only(kind: str | None, suite: TestSuite) -> TestSuite:
    if kind == "nlu":
        return replace(suite, stories=(), pairs=())
    return replace(suite, examples=(), pairs=()) if kind == "core" else suite


def _training_examples(arguments: argparse.Namespace) -> TestSuite:
    """Fall back on the examples that the bot learned from, as Rasa does, and say so."""
    project = load_project(
        Path(), data=arguments.data, domain=arguments.domain, config=arguments.config
    )
    output.say(
        "no test has examples, so the bot is scored on those it learned from; "
        "`--cross-validation` scores it on examples that it hasn't seen"
    )
    return TestSuite(examples=project.nlu.examples)


def _test(suite: TestSuite, arguments: argparse.Namespace) -> Results:
    bot = load_bot(arguments, with_actions=arguments.run_actions)
    return Results(
        conversations=_play(bot, suite.stories, arguments),
        nlu=_score(bot, suite.examples, false_accept=arguments.false_accept),
        replies=_answer(bot, suite.pairs) if suite.pairs else None,
        model=str(find(arguments.model)),
    )


def _play(
    bot: Assistant, stories: Sequence[Story], arguments: argparse.Namespace
) -> ConversationsOutcome:
    playing = play(
        bot, stories, given_intents=arguments.given_intents, run_actions=arguments.run_actions
    )
    return asyncio.run(playing)


def _answer(bot: Assistant, pairs: Sequence[Pair]) -> RepliesReport:
    threshold = bot.generator.threshold if bot.generator else 0.0
    return evaluate_replies(bot.generator, pairs, threshold=threshold)


def _score(bot: Assistant, examples: Sequence[Example], *, false_accept: float) -> NluReport | None:
    pipeline = bot.engine.nlu
    if not examples or not isinstance(pipeline, Pipeline):
        return None
    return evaluate(pipeline, from_examples(examples), false_accept=false_accept)
