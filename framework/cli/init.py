"""`frame init`: write a starter bot that trains and passes its tests."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from framework.cli import output
from framework.cli.output import Options
from framework.project.scaffold import create


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("directory", metavar="DIR", nargs="?", default=None, help="where to")
    parser.add_argument("--init-dir", dest="init_dir", metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument(
        "--template", metavar="NAME", default="starter", help="which bot (default: starter)"
    )
    parser.add_argument(
        "--no-prompt", action="store_true", help="ask nothing; take this folder if none is given"
    )


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Write the files and say what to do next."""
    folder = Path(arguments.directory or arguments.init_dir or _ask(arguments))
    files = create(folder, template=arguments.template)
    if options.verbosity >= 0:
        output.say(f"wrote {output.plural(len(files), 'file')} to {folder}:", stream=options.stdout)
        for file in files:
            output.say(f"  {_shown(file, folder)}", stream=options.stdout)
        output.say("\nnext:", stream=options.stdout)
        steps = ["frame train", "frame shell", "frame test stories/"]
        for step in steps if folder == Path() else [f"cd {folder}", *steps]:
            output.say(f"  {step}", stream=options.stdout)
    return 0


def _ask(arguments: argparse.Namespace) -> str:
    if arguments.no_prompt or not sys.stdin.isatty():
        return "."
    return input("Folder for the new bot [.]: ").strip() or "."


def _shown(file: Path, folder: Path) -> str:
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else str(file)
