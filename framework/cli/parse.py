"""`frame parse`: what the bot understands, in Rasa's parse format."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from framework.assistant import bundle
from framework.assistant.loading import load_pipeline
from framework.cli import output
from framework.cli.arguments import add_model
from framework.cli.output import Options
from framework.nlu.wire import to_json
from framework.project.outline import CODE_PLACES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "texts", metavar="TEXT", nargs="*", help="messages; lines of standard input if none"
    )
    add_model(parser)
    parser.add_argument(
        "--format", choices=("json",), default="json", help="one document on standard output"
    )


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Print an object for one message, a list for several."""
    texts = arguments.texts or [line.rstrip("\n") for line in sys.stdin]
    code = next((Path(place) for place in CODE_PLACES if Path(place).exists()), None)
    pipeline = load_pipeline(bundle.read(bundle.find(arguments.model)), code=code)
    documents = [to_json(understanding) for understanding in pipeline.parse_batch(texts)]
    is_single = len(arguments.texts) == 1
    output.emit(documents[0] if is_single else documents, options.stdout)
    return 0
