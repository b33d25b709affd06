"""A trained bot on disk: what training hands to the assistant.

A bundle is a sealed zip (`framework.assistant.archive`) of `manifest.json`, `domain.json` and a
folder for each part that learned something; the manifest holds the SHA-256 of every other member.
Nothing in a bundle is code or names code: parts are known by registered names, the bot's own
Python comes from its folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from framework.assistant import archive
from framework.assistant.manifest import FORMAT, Manifest, PartEntry
from framework.errors import BundleError, Location, UsageError
from framework.project.schema.domain import Domain

SUFFIX = ".frame"
MANIFEST = "manifest.json"
DOMAIN = "domain.json"

_DOMAIN: TypeAdapter[Domain] = TypeAdapter(Domain)
_ANY_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


class PartFiles(Mapping[str, bytes]):
    """The files of one part; each is read and checked when it is asked for."""

    def __init__(self, *, path: Path, folder: str, digests: Mapping[str, str]) -> None:
        """Make the view of a folder; `digests` holds the SHA-256 of each of its files."""
        self._path = path
        self._folder = folder
        self._digests = digests

    def __getitem__(self, name: str) -> bytes:
        """Read a file.

        Raises:
            BundleError: it isn't what was written.
        """
        return archive.read(self._path, f"{self._folder}/{name}", digest=self._digests[name])

    def __contains__(self, name: object) -> bool:
        return name in self._digests

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle that was read and found whole.

    Attributes:
        path: the file.
        manifest: what it says about itself.
        domain: the bot's domain.
    """

    path: Path
    manifest: Manifest
    domain: Domain

    def files(self, part: PartEntry) -> Mapping[str, bytes]:
        """Give what a part learned, to hand to its `load`; empty where it learned nothing."""
        if part.folder is None:
            return {}
        prefix = f"{part.folder}/"
        digests = {
            name.removeprefix(prefix): digest
            for name, digest in self.manifest.members.items()
            if name.startswith(prefix)
        }
        return PartFiles(path=self.path, folder=part.folder, digests=digests)


def write(
    path: Path, *, manifest: Manifest, domain: Domain, parts: Mapping[str, Mapping[str, bytes]]
) -> Path:
    """Write a bundle; an interruption leaves neither half a file nor a damaged earlier one.

    Args:
        path: the file; its folder is made when missing.
        manifest: complete but for `members`, which are filled in here.
        domain: the bot's domain.
        parts: files of each part by its folder.

    Returns:
        The path.

    Raises:
        BundleError: a file of a part has a name that isn't allowed.
    """
    members = {DOMAIN: _DOMAIN.dump_json(domain, indent=1)}
    for folder, files in parts.items():
        members.update({f"{folder}/{name}": files[name] for name in sorted(files)})
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    complete = manifest.model_copy(update={"members": digests})
    archive.write(path, {MANIFEST: complete.model_dump_json(indent=1).encode(), **members})
    return path


def read(path: Path | str) -> Bundle:
    """Read a bundle and check every byte of it.

    Raises:
        UsageError: there is no such file.
        BundleError: it is damaged, altered, malformed, or written by a newer Frame.
    """
    path = Path(path)
    present = archive.check(path)
    manifest = _read_manifest(path)
    _check_members(path, present=present, manifest=manifest)
    raw = archive.read(path, DOMAIN, digest=manifest.members[DOMAIN])
    try:
        domain = _DOMAIN.validate_json(raw)
    except ValidationError as error:
        raise archive.fault(path, f"its domain can't be read: {_first(error)}") from error
    return Bundle(path=path, manifest=manifest, domain=domain)


def find(model: Path | str) -> Path:
    """Find the bundle that a caller means.

    Args:
        model: a bundle, the same without its suffix, or a folder, which stands for its newest.

    Raises:
        UsageError: there is none, or the folder can't be looked into.
    """
    model = Path(model)
    if model.is_dir() and not os.access(model, os.R_OK | os.X_OK):
        raise UsageError(
            f"the folder {str(model)!r} can't be looked into",
            id="unreadable-folder",
            where=Location(file=str(model)),
            hint="check that your user may read it",
        )
    newest = latest(model) if model.is_dir() else None
    for candidate in (newest, model, model.with_name(model.name + SUFFIX)):
        if candidate is not None and candidate.is_file():
            return candidate
    raise UsageError(
        f"there is no trained bot at {str(model)!r}",
        id="no-model",
        hint="run `frame train` first, or name a file with `--model`",
    )


def latest(folder: Path) -> Path | None:
    """Give the newest bundle of a folder, None where there is none."""
    return next(iter(newest_first(folder)), None)


def newest_first(folder: Path) -> list[Path]:
    """List the bundles of a folder, the one trained last first; none where it doesn't exist.

    When a bot was trained stands in the bundle: the date of the file changes with every copy.
    """
    dated = [
        (_trained_at(file), file.stat().st_mtime_ns, file.name, file)
        for file in folder.glob(f"*{SUFFIX}")
        if file.exists()
    ]
    return [file for *_, file in sorted(dated, reverse=True)]


def _trained_at(path: Path) -> float:
    """Give the seconds since the epoch; of what is no readable bundle, those of the file."""
    try:
        if path.is_file():
            return datetime.fromisoformat(_read_manifest(path).created).timestamp()
    except (BundleError, ValueError):
        pass
    return path.stat().st_mtime


def _read_manifest(path: Path) -> Manifest:
    raw = archive.read(path, MANIFEST)
    try:
        version = _ANY_OBJECT.validate_json(raw).get("format")
        if isinstance(version, int) and version > FORMAT:
            raise BundleError(
                f"the bundle has format {version}, this Frame reads up to {FORMAT}",
                id="bundle-too-new",
                where=Location(file=str(path)),
                hint="upgrade with `pip install -U frame-dialogue`, or train again",
            )
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise archive.fault(path, f"its manifest can't be read: {_first(error)}") from error


def _check_members(path: Path, *, present: frozenset[str], manifest: Manifest) -> None:
    """Refuse a bundle whose members are not exactly those that the manifest lists and explains."""
    folders = {part.folder for part in manifest.kept() if part.folder}
    listed = {MANIFEST, *manifest.members}
    explained = {
        name for name in listed if name in (MANIFEST, DOMAIN) or name.split("/")[0] in folders
    }
    unknown = sorted((present | listed) - explained)
    if unknown:
        raise archive.fault(path, f"it has the unknown member {unknown[0]!r}")
    missing = sorted((listed | {DOMAIN}) - (present & listed))
    if missing:
        raise archive.fault(path, f"it lacks the member {missing[0]!r}")


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
