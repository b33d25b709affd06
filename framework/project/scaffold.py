"""`frame init`: a new bot copied from a template that ships with the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from framework.errors import UsageError
from framework.project.files import check_writable
from framework.registry import did_you_mean

_TEMPLATES = Path(__file__).parent / "templates"
_SKIPPED = ("__pycache__",)


def available() -> tuple[str, ...]:
    """List the templates, sorted."""
    return tuple(sorted(path.name for path in _TEMPLATES.iterdir() if path.is_dir()))


def create(folder: Path, *, template: str = "starter") -> tuple[Path, ...]:
    """Write a new bot.

    Args:
        folder: where to; made if it doesn't exist.
        template: one of `available()`.

    Returns:
        the files written.

    Raises:
        UsageError: there is no such template, the folder can't be written to, or a file would be
            overwritten; nothing is written.
    """
    source = _TEMPLATES / template
    if template not in available():
        hint = did_you_mean(template, available()) or f"known: {', '.join(available())}"
        raise UsageError(f"there is no template {template!r}", id="unknown-template", hint=hint)
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{folder.as_posix()} is a file, but a folder is needed",
            id="not-a-folder",
            hint="choose another name",
        )
    check_writable(folder, hint="choose a folder that your user may write to")
    files = tuple(_files(source))
    existing = [file for file in files if (folder / file).exists()]
    if existing:
        shown = ", ".join(file.as_posix() for file in existing[:3])
        more = f" and {len(existing) - 3} more" if len(existing) > 3 else ""
        raise UsageError(
            f"{folder.as_posix()} already has {shown}{more}; nothing was written",
            id="file-exists",
            hint="choose a new folder, or move the files away",
        )
    return tuple(_copy(source, folder, files))


def _files(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        file = path.relative_to(source)
        if path.is_file() and not any(part in _SKIPPED for part in file.parts):
            yield file


def _copy(source: Path, folder: Path, files: Iterable[Path]) -> list[Path]:
    """Copy all files or, where the disk is full halfway, none."""
    written: list[Path] = []
    made: list[Path] = []
    try:
        for file in files:
            target = folder / file
            made += _make_folder(target.parent)
            written.append(target)
            target.write_bytes((source / file).read_bytes())
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        for place in reversed(made):
            place.rmdir()
        raise UsageError(
            f"the bot can't be written to {folder.as_posix()}: {error.strerror}; nothing was kept",
            id="unwritable",
            hint="see that the disk has room",
        ) from error
    return written


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; give the ones that there were not, the highest first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
