"""Which files a project consists of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from framework.errors import Location
from framework.project.findings import Findings

PathLike = str | os.PathLike[str]
Paths = PathLike | Sequence[PathLike] | None

YAML_SUFFIXES = (".yml", ".yaml")
LEGACY_SUFFIXES = (".md", ".json")
TEST_FOLDERS = ("stories", "tests")
_SKIPPED_FOLDERS = ("__pycache__", "node_modules", "models", "results")


@dataclass(frozen=True, kw_only=True)
class ProjectFiles:
    """The files of a project, each in the order in which it is read.

    Attributes:
        root: the project's folder.
        config: the configuration, None where there is none.
        domain: files named as the domain.
        data: training files that aren't among `domain`.
        legacy: training files of formats that aren't read (Markdown, JSON).
        endpoints: `endpoints.yml`, None where there is none.
        credentials: `credentials.yml`, None where there is none.
        tests: regression conversations.
    """

    root: Path
    config: Path | None
    domain: tuple[Path, ...]
    data: tuple[Path, ...]
    legacy: tuple[Path, ...]
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
        domain: domain files or folders; `domain.yml` and `domain/` when None.
        config: the configuration; `config.yml` when None.
    """
    domain_files = _domain_files(root, findings, domain)
    places = _given(root, findings, data) if data is not None else [root / "data"]
    found = [path for place in places for path in walk(place, YAML_SUFFIXES)]
    taken = {path.resolve() for path in domain_files}
    legacy = [path for place in places for path in walk(place, LEGACY_SUFFIXES)]
    return ProjectFiles(
        root=root,
        config=_config_file(root, findings, config),
        domain=tuple(domain_files),
        data=tuple(path for path in _unique(found) if path.resolve() not in taken),
        legacy=tuple(_unique(legacy)),
        endpoints=_first_file(root, "endpoints"),
        credentials=_first_file(root, "credentials"),
        tests=tuple(path for folder in TEST_FOLDERS for path in walk(root / folder, YAML_SUFFIXES)),
    )


def label(path: Path, root: Path) -> str:
    """Give a path as the user would type it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def walk(place: Path, suffixes: Sequence[str]) -> Iterator[Path]:
    """List the files with one of the suffixes in a folder and below, sorted; or the file itself."""
    if place.is_file():
        if place.suffix.lower() in suffixes:
            yield place
        return
    found: list[Path] = []
    for folder, folders, names in os.walk(place, followlinks=True):
        folders[:] = [
            name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS
        ]
        found += [
            Path(folder, name)
            for name in names
            if Path(name).suffix.lower() in suffixes and not name.startswith(".")
        ]
    yield from sorted(found, key=lambda path: path.as_posix())


def _unique(paths: Iterable[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() not in seen:
            seen.add(path.resolve())
            yield path


def _domain_files(root: Path, findings: Findings, domain: Paths) -> list[Path]:
    if domain is not None:
        places = _given(root, findings, domain)
    else:
        first = _first_file(root, "domain")
        places = ([first] if first is not None else []) + [root / "domain"]
    found = [path for place in places for path in walk(place, YAML_SUFFIXES)]
    return list(_unique(found))


def _config_file(root: Path, findings: Findings, config: PathLike | None) -> Path | None:
    if config is None:
        return _first_file(root, "config")
    found = _given(root, findings, config)
    return found[0] if found else None


def _first_file(root: Path, stem: str) -> Path | None:
    """Give `<stem>.yml` or `<stem>.yaml`; a folder of that name counts, to be reported later."""
    candidates = (root / f"{stem}{suffix}" for suffix in YAML_SUFFIXES)
    return next((path for path in candidates if path.exists()), None)


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
