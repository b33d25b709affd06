"""`frame parse`: what the bot understands, in Rasa's parse format, and why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framework.assistant import bundle
from framework.assistant.bundle import Bundle
from framework.assistant.examples import KnownExamples
from framework.assistant.loading import load_pipeline
from framework.cli import output
from framework.cli.arguments import add_model
from framework.cli.explanations import show_explanation
from framework.cli.output import Options
from framework.errors import UsageError
from framework.evaluation import explain_pages
from framework.evaluation.explain import Explanation, explain
from framework.nlu.pipeline import Pipeline
from framework.nlu.wire import to_json
from framework.project.outline import CODE_PLACES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "texts", metavar="TEXT", nargs="*", help="messages; lines of standard input if none"
    )
    add_model(parser)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say which words moved the intent, which training examples are nearest, and why it "
        "isn't the runner-up",
    )
    parser.add_argument(
        "--html", metavar="FILE", help="write the explanation as a page with coloured words"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        help="text explains in lines, json is one document on standard output "
        "(default: text with --explain, otherwise json)",
    )


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Print an object for one message, a list for several; or explain them."""
    explains = arguments.explain or arguments.html is not None
    if arguments.format == "text" and not explains:
        raise UsageError("`--format text` is for explanations", hint="add `--explain`")
    texts = arguments.texts or [line.rstrip("\r\n") for line in sys.stdin]
    read = bundle.read(bundle.find(arguments.model))
    code = next((Path(place) for place in CODE_PLACES if Path(place).exists()), None)
    pipeline = load_pipeline(read, code=code)
    if explains:
        found = _explain(read, pipeline, texts)
        documents = [_document(item) for item in found]
        _write_page(arguments.html, found)
    else:
        found = []
        documents = [to_json(understanding) for understanding in pipeline.parse_batch(texts)]
    if explains and arguments.format != "json":
        for item in found:
            show_explanation(item, options.stdout)
    else:
        is_single = len(arguments.texts) == 1
        output.emit(documents[0] if is_single else documents, options.stdout)
    return 0


def _explain(read: Bundle, pipeline: Pipeline, texts: Sequence[str]) -> list[Explanation]:
    entry = read.manifest.examples
    known = KnownExamples.from_files(read.files(entry) if entry else {})
    return [explain(pipeline, text, known=known) for text in texts]


def _document(explanation: Explanation) -> dict[str, Any]:
    return {
        **to_json(explanation.understanding),
        "explanation": explain_pages.to_json(explanation),
    }


def _write_page(path: str | None, explanations: Sequence[Explanation]) -> None:
    if path is None:
        return
    try:
        Path(path).write_text(
            explain_pages.to_html(explanations), encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise UsageError(
            f"the page can't be written to {path!r}: {error.strerror}",
            id="unwritable",
            hint="name a file in a folder that is there",
        ) from error
