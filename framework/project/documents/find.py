"""Which files the documents of a project are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from framework.errors import Location
from framework.project.files import label, unreadable
from framework.project.findings import Findings
from framework.project.schema.knowledge import Knowledge, KnowledgePath

FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".text": "plain",
    ".rst": "plain",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
"""How files are read, by their suffix."""

_BESIDE = frozenset(
    (
        *(".css", ".js", ".map", ".json", ".yml", ".yaml", ".toml", ".ini", ".lock", ".py", ".ico"),
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".woff", ".woff2", ".ttf"),
        "",
    )
)
"""Suffixes of what lies beside documents and isn't expected to be read."""

_READ = "Markdown, text, HTML and PDF files are read; convert it to one of them"


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A file to be read.

    Attributes:
        path: where it is.
        file: its name in messages and sources.
        format: a value of `FORMATS`.
    """

    path: Path
    file: str
    format: str


def find_documents(root: Path, settings: Knowledge, findings: Findings) -> tuple[FoundFile, ...]:
    """List the documents; what is missing or can't be read is reported where it is named."""
    found: dict[Path, FoundFile] = {}
    for named in settings.paths:
        for path in _files(root, named, findings):
            file = FoundFile(path=path, file=label(path, root), format=FORMATS[path.suffix.lower()])
            found.setdefault(_real(path), file)
    return tuple(found.values())


def _files(root: Path, named: KnowledgePath, findings: Findings) -> Iterator[Path]:
    place = root / Path(named.path).expanduser()
    if not place.exists():
        findings.warning(
            "missing-document",
            f"`knowledge` names {named.path!r}, which doesn't exist",
            where=named.where,
            hint="give the path relative to the project",
        )
        return
    if place.is_file():
        if place.suffix.lower() in FORMATS:
            yield place
        else:
            findings.warning(
                "unknown-document",
                f"`knowledge` names {named.path!r}, which is of no known type",
                where=named.where,
                hint=_READ,
            )
        return
    files = list(_below(place, root, findings))
    yield from (path for path in files if path.suffix.lower() in FORMATS)
    _report_others(root, files, findings)
    if not any(path.suffix.lower() in FORMATS for path in files):
        findings.warning(
            "missing-document",
            f"the folder {named.path!r} has no documents",
            where=named.where,
            hint="put Markdown, text, HTML or PDF files into it",
        )


def _below(folder: Path, root: Path, findings: Findings) -> Iterator[Path]:
    """List the files of a folder and below, sorted, hidden ones left out; a loop ends.

    A link that leads out of both the folder and the project is reported and not followed: what a
    bot may quote is named by its author, not by whoever puts a link among the documents.
    """
    limits = (_real(root), _real(folder))
    seen: set[Path] = set()
    files: list[Path] = []
    report = unreadable(root, findings, "warning")
    for place, folders, names in os.walk(folder, onerror=report, followlinks=True):
        resolved = _real(place)
        if resolved in seen:
            folders.clear()
            continue
        seen.add(resolved)
        deeper = (Path(place, name) for name in folders if not name.startswith((".", "__")))
        folders[:] = [path.name for path in deeper if _stays(path, root, limits, findings)]
        shown = (Path(place, name) for name in names if not name.startswith((".", "~")))
        files += [path for path in shown if _stays(path, root, limits, findings)]
    yield from sorted(files, key=lambda path: path.as_posix())


def _real(path: str | Path) -> Path:
    """Follow all links; unlike `Path.resolve` it ends at one that leads to itself."""
    return Path(os.path.realpath(path))


def _stays(path: Path, root: Path, limits: tuple[Path, ...], findings: Findings) -> bool:
    """Tell whether a path stays within the limits once its links are followed; report if not."""
    target = _real(path)
    if any(target.is_relative_to(limit) for limit in limits):
        return True
    findings.warning(
        "document-outside-project",
        f"the link leads to {target.as_posix()!r}, outside of the project, and is not followed",
        where=Location(file=Path(os.path.relpath(path, root)).as_posix()),
        hint="put the documents themselves into the folder, or name their place under `knowledge`",
    )
    return False


def _report_others(root: Path, files: list[Path], findings: Findings) -> None:
    others: dict[str, list[Path]] = {}
    for path in files:
        suffix = path.suffix.lower()
        if suffix not in FORMATS and suffix not in _BESIDE:
            others.setdefault(suffix, []).append(path)
    for suffix, paths in others.items():
        more = f", and {len(paths) - 1} more of type {suffix}," if len(paths) > 1 else ""
        verb = "are" if more else "is"
        findings.warning(
            "unknown-document",
            f"{label(paths[0], root)!r}{more} {verb} not read: no reader knows the type {suffix}",
            where=Location(file=label(paths[0], root)),
            hint=_READ,
        )
