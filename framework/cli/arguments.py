"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from framework.errors import UsageError


def add_project_files(parser: argparse.ArgumentParser, *, also: Sequence[str] = ()) -> None:
    """Add the options that name the project's files other than where they usually are.

    Args:
        parser: of the command.
        also: other names of `--data`, which Rasa has for it.
    """
    group = parser.add_argument_group("the project's files")
    group.add_argument(
        "--data",
        *also,
        nargs="+",
        metavar="PATH",
        help="training data: files or folders (default: data)",
    )
    group.add_argument(
        "-d", "--domain", metavar="PATH", help="domain: a file or folder (default: domain.yml)"
    )
    group.add_argument("-c", "--config", metavar="FILE", help="configuration (default: config.yml)")


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the trained bot."""
    parser.add_argument(
        "-m",
        "--model",
        metavar="FILE",
        default="models",
        help="a trained bot, or a folder, of which the newest is taken (default: models)",
    )


def add_endpoints(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the bot's own code and services are."""
    parser.add_argument(
        "--actions",
        metavar="DIR",
        help="the bot's own Python (default: actions, where there is such a folder)",
    )
    parser.add_argument(
        "--endpoints",
        metavar="FILE",
        help="services around the bot (default: endpoints.yml, where there is such a file)",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the choice between text for people and a JSON document."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="json prints one document on standard output and nothing else there",
    )


def add_false_accept(parser: argparse.ArgumentParser, *, default: float, meaning: str) -> None:
    """Add the share of wrong intents that the fallback's threshold keeps to."""
    parser.add_argument(
        "--false-accept",
        type=float,
        default=default,
        metavar="SHARE",
        help=f"{meaning} (default: %(default)s)",
    )


def check_false_accept(arguments: argparse.Namespace) -> None:
    """Refuse what is no share.

    Raises:
        UsageError: it is none.
    """
    if not 0 <= arguments.false_accept < 1:
        raise UsageError(
            f"`--false-accept` is {arguments.false_accept:g}, expected from 0 to below 1",
            hint="give a share, such as 0.05",
        )
