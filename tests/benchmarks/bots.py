"""Real bots, from check to chat: seconds, memory, size and test results of each.

Every project under `../shared/bots` is copied, checked, trained, chatted with and tested by the
commands a user has. With `--rasa PYTHON` (the interpreter of an environment that holds Rasa 3.6.21)
Rasa does the same in the same run, on the project that `rasa init` writes and on the bots named by
`--rasa-bots`. The result is written to `docs/benchmarks/bots.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from ruamel.yaml import YAML

from tests.benchmarks.results import REPORTS, ROOT, commit

BOTS = ROOT.parent / "shared" / "bots"
REPORT = REPORTS / "bots.md"
FRAME = (sys.executable, "-m", "framework")
STARTER = "rasa init"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One finished command.

    Attributes:
        seconds: wall time.
        peak_mb: largest resident memory of the process.
        code: exit code.
        out: what it printed on stdout.
    """

    seconds: float
    peak_mb: float
    code: int
    out: str


@dataclass(kw_only=True)
class Row:
    """The measurements of one bot by one framework, in the words of the table."""

    bot: str
    framework: str
    cells: dict[str, str] = field(default_factory=dict)


def run(command: Sequence[str], *, cwd: Path, stdin: str = "", limit_seconds: int = 3600) -> Run:
    """Run a command, and take its time and its own peak memory."""
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
    }
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen(
            ["timeout", "--foreground", str(limit_seconds), *command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT if stdin else subprocess.DEVNULL,
        )
        with process.stdin:  # a pipe: Rasa's prompt doesn't read from files
            process.stdin.write(stdin.encode())
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode(errors="replace")
    if process.returncode not in (0, 1):
        print(f"{' '.join(command)}: exit {process.returncode}\n{text[-2000:]}", file=sys.stderr)
    peak_mb = usage.ru_maxrss / 1024
    return Run(seconds=seconds, peak_mb=peak_mb, code=process.returncode, out=text)


def first_line(project: Path) -> str:
    """Give the bot's first training example without annotations, as something to say to it."""
    for path in sorted((project / "data").rglob("*.yml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.strip().removeprefix("- ")
            if line.strip().startswith("- ") and "[" not in text and ":" not in text:
                return text
    return "hello"


def measure_frame(project: Path, *, bot: str) -> Row:
    """Check, train, chat and test a project with Frame."""
    row = Row(bot=bot, framework="Frame")
    check = run([*FRAME, "check", "--format", "json"], cwd=project)
    row.cells["check s"] = f"{check.seconds:.2f}" + ("" if check.code == 0 else " (errors)")
    train = run([*FRAME, "train", "--force", "--format", "json"], cwd=project)
    if train.code != 0:
        row.cells["train s"] = f"failed ({train.code})"
        return row
    row.cells["train s"] = f"{train.seconds:.1f}"
    row.cells["train MB"] = f"{train.peak_mb:.0f}"
    bundle = Path(json.loads(train.out)["model"])
    size = (bundle if bundle.is_absolute() else project / bundle).stat().st_size
    row.cells["bundle MB"] = f"{size / 1e6:.1f}"
    chat = run([*FRAME, "shell"], cwd=project, stdin=first_line(project) + "\n")
    row.cells["first reply s"] = f"{chat.seconds:.2f}" + ("" if chat.code == 0 else " (failed)")
    row.cells["serving MB"] = f"{chat.peak_mb:.0f}"
    if (project / "tests").is_dir():
        row.cells["stories"] = stories(project)
        row.cells["stories, given intents"] = stories(project, "--given-intents")
    return row


def stories(project: Path, *options: str) -> str:
    """Play the project's own conversations, and say how many went as written."""
    played = run([*FRAME, "test", "--format", "json", *options], cwd=project)
    if played.code not in (0, 1):
        return f"failed ({played.code})"
    result = json.loads(played.out)["stories"]
    actions = result["actions"]
    return f"{result['passed']}/{result['total']} ({actions['correct']}/{actions['total']} actions)"


def measure_rasa(project: Path, *, bot: str, rasa: Path) -> Row:
    """Train and chat with a project in Rasa."""
    command = [str(rasa), "-m", "rasa"]
    row = Row(bot=bot, framework="Rasa 3.6.21")
    train = run([*command, "train", "--force"], cwd=project)
    row.cells["train s"] = f"{train.seconds:.1f}" if train.code == 0 else f"failed ({train.code})"
    row.cells["train MB"] = f"{train.peak_mb:.0f}"
    models = sorted((project / "models").glob("*.tar.gz"))
    if not models:
        return row
    row.cells["bundle MB"] = f"{models[-1].stat().st_size / 1e6:.1f}"
    chat = run([*command, "shell"], cwd=project, stdin=first_line(project) + "\n/stop\n")
    row.cells["first reply s"] = f"{chat.seconds:.2f}"
    row.cells["serving MB"] = f"{chat.peak_mb:.0f}"
    return row


def start_times(rasa: Path | None) -> Iterable[str]:
    """How long the bare command takes, best of three."""
    here = Path.cwd()
    best = min(run([*FRAME, "--help"], cwd=here).seconds for _ in range(3))
    yield f"`frame --help`: {best:.2f} s"
    if rasa:
        best = min(run([str(rasa), "-m", "rasa", "--help"], cwd=here).seconds for _ in range(3))
        yield f"`rasa --help`: {best:.2f} s"


def rasa_starter(folder: Path, *, rasa: Path) -> Path:
    """Let `rasa init` write its starter, and take away the model that it trains."""
    project = folder / "rasa-starter"
    project.mkdir()
    run([str(rasa), "-m", "rasa", "init", "--no-prompt", "--init-dir", str(project)], cwd=folder)
    for left in ("models", ".rasa"):
        shutil.rmtree(project / left, ignore_errors=True)
    return project


def without_spacy(project: Path) -> Path:
    """Take out components whose package Rasa's environment here lacks; neither trains anything."""
    path = project / "config.yml"
    yaml = YAML()
    config = yaml.load(path)
    config["pipeline"] = [
        part for part in config["pipeline"] or () if not part["name"].startswith("Spacy")
    ] or None
    yaml.dump(config, path)
    return project


def copied(project: Path, folder: Path) -> Path:
    """Copy a project to where it may be written to."""
    target = folder / f"{project.name}-{len(list(folder.iterdir()))}"
    shutil.copytree(project, target)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def report(rows: Sequence[Row], *, notes: Iterable[str]) -> str:
    """Render the page."""
    columns: list[str] = list(dict.fromkeys(column for row in rows for column in row.cells))
    arguments = [Path(part).name if "/" in part else part for part in sys.argv[1:]]
    lines = [
        "# Real bots",
        "",
        "Each project is checked, trained, chatted with and tested by its own conversations, as it",
        "is. Custom actions are not run: the projects come without their action servers.",
        "",
        f"- command: `python tests/benchmarks/bots.py {' '.join(arguments)}`".rstrip("` ") + "`",
        f"- commit: {commit()}; seed 0; one run",
        f"- machine: {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, torch {version('torch')}, onnxruntime "
        f"{version('onnxruntime')}",
        *(f"- {note}" for note in notes),
        "",
        f"| bot | framework | {' | '.join(columns)} |",
        f"|{'---|' * (len(columns) + 2)}",
    ]
    for row in rows:
        cells = " | ".join(row.cells.get(column, "-") for column in columns)
        lines.append(f"| {row.bot} | {row.framework} | {cells} |")
    lines += [
        "",
        "check s, train s: wall time of the whole command. train MB, serving MB: peak resident",
        "memory of the process. first reply s: from starting `frame shell` to its end after one",
        "message and its reply. stories: conversations that went as written, with the user's words",
        "understood by the NLU, and with the annotated intents given. Rasa trains without the",
        "spaCy components of a configuration.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--bots", nargs="*", help="names of projects; default: all")
    parser.add_argument("--rasa", type=Path, help="Python interpreter that has Rasa")
    parser.add_argument("--rasa-bots", nargs="*", default=[], help="bots to train in Rasa too")
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args()
    if not BOTS.is_dir():
        sys.exit(f"there is no folder {BOTS}")
    rows: list[Row] = []
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if options.rasa:
            starter = rasa_starter(folder, rasa=options.rasa)
            rows.append(measure_frame(copied(starter, folder), bot=STARTER))
            rows.append(measure_rasa(copied(starter, folder), bot=STARTER, rasa=options.rasa))
        for project in sorted(path for path in BOTS.iterdir() if path.is_dir()):
            if options.bots and project.name not in options.bots:
                continue
            rows.append(measure_frame(copied(project, folder), bot=project.name))
            if project.name in options.rasa_bots:
                for_rasa = without_spacy(copied(project, folder))
                rows.append(measure_rasa(for_rasa, bot=project.name, rasa=options.rasa))
            print(rows[-1], file=sys.stderr, flush=True)
        notes = (f"load of the machine before the run: {busy:.1f}", *start_times(options.rasa))
    options.out.write_text(report(rows, notes=notes), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
