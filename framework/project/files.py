"""Which files a project consists of."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framework.errors import Location, Severity, UsageError
from framework.project.findings import Findings

PathLike = str | os.PathLike[str]
Paths = PathLike | Sequence[PathLike] | None
OnError = Callable[[OSError], None]

YAML_SUFFIXES = (".yml", ".yaml")
_MARKDOWN = (".md",)
_JSON = (".json",)
TEST_FOLDERS = ("stories", "tests")
TEST_PREFIX = "test_"
"""Begins the name of a file among the data that holds regression conversations."""

_FOLDERS = ("data", "domain", "actions", *TEST_FOLDERS)
_SKIPPED_FOLDERS = ("__pycache__", "node_modules", "models", "results")


@dataclass(frozen=True, kw_only=True)
class ProjectFiles:
    """The files of a project, each in the order in which it is read.

    Attributes:
        root: the project's folder.
        config: the configuration, None where there is none.
        domain: files named as the domain.
        data: training files that aren't among `domain`.
        json: JSON files among the training files.
        markdown: Markdown files among them, a format that isn't read.
        endpoints: `endpoints.yml`, None where there is none.
        credentials: `credentials.yml`, None where there is none.
        tests: regression conversations.
    """

    root: Path
    config: Path | None
    domain: tuple[Path, ...]
    data: tuple[Path, ...]
    json: tuple[Path, ...]
    markdown: tuple[Path, ...]
    endpoints: Path | None
    credentials: Path | None
    tests: tuple[Path, ...]


def find_files(
    root: Path, findings: Findings, *, data: Paths, domain: Paths, config: PathLike | None
) -> ProjectFiles:
    """List the files of a project; given paths that don't exist are reported.

    Args:
        root: the project's folder.
        findings: takes what is missing.
        data: training files or folders; `data/` when None.
        domain: domain files or folders; `domain.yml`, or else `domain/`, when None.
        config: the configuration; `config.yml` when None.
    """
    _report_no_folders(root, findings)
    report = unreadable(root, findings)
    domain_files = _domain_files(root, findings, domain)
    places = _given(root, findings, data) if data is not None else [root / "data"]
    suffixes = (*YAML_SUFFIXES, *_JSON, *_MARKDOWN)
    found = list(_unique(path for place in places for path in walk(place, suffixes, report)))
    taken = {os.path.realpath(path) for path in domain_files}
    tests = (path for name in TEST_FOLDERS for path in walk(root / name, YAML_SUFFIXES, report))
    return ProjectFiles(
        root=root,
        config=_config_file(root, findings, config),
        domain=tuple(domain_files),
        data=tuple(
            path for path in _of(found, YAML_SUFFIXES) if os.path.realpath(path) not in taken
        ),
        json=tuple(_of(found, _JSON)),
        markdown=tuple(_of(found, _MARKDOWN)),
        endpoints=_first_file(root, "endpoints"),
        credentials=_first_file(root, "credentials"),
        tests=tuple(tests),
    )


def label(path: Path, root: Path) -> str:
    """Give a path as the user would type it: relative to the project where it lies inside."""
    for resolve in (os.path.abspath, os.path.realpath):
        try:
            return Path(resolve(path)).relative_to(resolve(root)).as_posix()
        except ValueError:
            continue
    return path.as_posix()


def unreadable(root: Path, findings: Findings, severity: Severity = "error") -> OnError:
    """Make what `walk` calls for a folder that can't be looked into, to report it in `findings`."""

    def report(error: OSError) -> None:
        fault = _closed(error, root)
        findings.add(severity, fault.id, fault.message, where=fault.where, hint=fault.hint)

    return report


def walk(place: Path, suffixes: Sequence[str], on_error: OnError | None = None) -> Iterator[Path]:
    """List the files with one of the suffixes in a folder and below, sorted; or the file itself.

    Links are followed, and every folder is looked into once, so that loops of links end.

    Args:
        place: a folder, a file, or nothing, which has no files.
        suffixes: in lower case.
        on_error: called for each folder that can't be looked into.

    Raises:
        UsageError: a folder can't be looked into, and there is no `on_error`.
    """

    def pass_on(error: OSError) -> None:
        if isinstance(error, FileNotFoundError | NotADirectoryError) or error.errno == errno.ELOOP:
            return
        if on_error is None:
            raise _closed(error, place) from error
        on_error(error)

    if place.is_file():
        if place.suffix.lower() in suffixes:
            yield place
        return
    found: list[Path] = []
    seen: set[str] = set()
    for folder, folders, names in os.walk(place, onerror=pass_on, followlinks=True):
        real = os.path.realpath(folder)
        folders[:] = () if real in seen else sorted(filter(_is_looked_into, folders))
        if real not in seen:
            found += [Path(folder, name) for name in names if _is_named_so(name, suffixes)]
        seen.add(real)
    yield from sorted(found, key=lambda path: path.as_posix())


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in errors of the system that don't, as those of a full disk."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text in place of what a file holds; an interruption leaves the one or the other."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def check_writable(folder: Path, *, hint: str) -> None:
    """Find out whether files can be written to a folder, which need not exist yet.

    Raises:
        UsageError: they can't.
    """
    present = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=present):
            return
    except OSError as error:
        fault = f"{str(present)!r} is a file" if present.is_file() else error.strerror
        raise UsageError(
            f"nothing can be written to {str(folder)!r}: {fault}",
            id="unwritable",
            hint=hint,
        ) from error


def _closed(error: OSError, root: Path) -> UsageError:
    name = label(Path(error.filename), root)
    return UsageError(
        f"the folder {name!r} can't be looked into: {error.strerror}",
        id="unreadable-folder",
        where=Location(file=name),
        hint="check that your user may read it",
    )


def _is_looked_into(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED_FOLDERS


def _is_named_so(name: str, suffixes: Sequence[str]) -> bool:
    return Path(name).suffix.lower() in suffixes and not name.startswith(".")


def _of(paths: Iterable[Path], suffixes: Sequence[str]) -> Iterator[Path]:
    return (path for path in paths if path.suffix.lower() in suffixes)


def _unique(paths: Iterable[Path]) -> Iterator[Path]:
    seen: set[str] = set()
    for path in paths:
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            yield path


def _report_no_folders(root: Path, findings: Findings) -> None:
    """Report what bears the name of one of the project's folders and can't be looked into."""
    for name in _FOLDERS:
        place = root / name
        if os.path.lexists(place) and not place.is_dir():
            kind = "a link that leads nowhere" if place.is_symlink() else "a file"
            report = findings.error if name == "data" else findings.warning
            report(
                "not-a-folder",
                f"`{name}` is {kind}, but a folder is expected",
                where=Location(file=name),
                hint="make it a folder, or give it another name",
            )


def _domain_files(root: Path, findings: Findings, domain: Paths) -> list[Path]:
    """List the files of the domain: `domain.yml` alone, as Rasa does, before a folder `domain/`."""
    if domain is not None:
        places = _given(root, findings, domain)
        walks = (walk(place, YAML_SUFFIXES, unreadable(root, findings)) for place in places)
        return list(_unique(path for found in walks for path in found))
    first = _first_file(root, "domain")
    spread = list(walk(root / "domain", YAML_SUFFIXES, unreadable(root, findings)))
    if first is None:
        return list(_unique(spread))
    if spread:
        findings.warning(
            "unread-folder",
            f"the folder domain/ is not read, since there is a {first.name}",
            where=Location(file="domain"),
            hint=f"move {first.name} into it, or read it alone with `--domain domain`",
        )
    return [first]


def _config_file(root: Path, findings: Findings, config: PathLike | None) -> Path | None:
    if config is None:
        return _first_file(root, "config")
    found = _given(root, findings, config)
    return found[0] if found else None


def _first_file(root: Path, stem: str) -> Path | None:
    """Give `<stem>.yml` or `<stem>.yaml`; a folder or a dead link counts, to be reported later."""
    candidates = (root / f"{stem}{suffix}" for suffix in YAML_SUFFIXES)
    return next((path for path in candidates if os.path.lexists(path)), None)


def _given(root: Path, findings: Findings, paths: PathLike | Sequence[PathLike]) -> list[Path]:
    """Resolve paths of the caller against the project, then against the working folder."""
    listed = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    found: list[Path] = []
    for name in listed:
        given = Path(name)
        path = root / given if (root / given).exists() else given
        if path.exists():
            found.append(path)
        else:
            findings.error(
                "missing-file",
                f"there is no file or folder {given.as_posix()}",
                where=Location(file=given.as_posix()),
                hint="check the path given on the command line",
            )
    return found
