"""A sealed zip: uncompressed, written whole or not at all, opened only when no byte differs.

The zip comment ends with the SHA-256 of everything before it, so that truncation and any change
are noticed before the zip's own structure is looked at.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from framework.errors import BundleError, Location, UsageError
from framework.project.files import naming

_SEAL = b"frame-bundle sha256:"
_DIGEST_BYTES = 64
_CHUNK_BYTES = 1 << 20
_MAX_MEMBERS = 10_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_GZIP = b"\x1f\x8b"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError)


def write(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a sealed zip beside the target and rename it when it is on the disk.

    Raises:
        BundleError: a member has a name that `read` would refuse.
    """
    for name in members:
        if not _NAME.fullmatch(name):
            raise BundleError(f"a part may not keep a file named {name!r}", id="bundle-name")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary_name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".partial")
    temporary = Path(temporary_name)
    try:
        with naming(path), os.fdopen(handle, "w+b") as file:
            _write_members(file, members)
            file.seek(-_DIGEST_BYTES, os.SEEK_END)
            end = file.tell()
            file.write(_digest(file, end).encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def check(path: Path) -> frozenset[str]:
    """Check the seal and the structure, and give the names of the members.

    Raises:
        UsageError: there is no such file.
        BundleError: the file is truncated, altered or malformed.
    """
    _check_seal(path)
    with _opened(path) as archive:
        entries = archive.infolist()
    if len(entries) > _MAX_MEMBERS:
        raise fault(path, f"it has {len(entries)} members, more than {_MAX_MEMBERS}")
    names: set[str] = set()
    for entry in entries:
        wrong = "appears twice" if entry.filename in names else _entry_fault(entry)
        if wrong:
            raise fault(path, f"its member {entry.filename!r} {wrong}")
        names.add(entry.filename)
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise fault(path, "its members claim more bytes than the file has")
    return frozenset(names)


def read(path: Path, name: str, *, digest: str | None = None) -> bytes:
    """Read one member.

    Args:
        path: the zip.
        name: the member.
        digest: SHA-256 that it must have, where it is known.

    Raises:
        BundleError: it isn't there, can't be read or is not what was written.
    """
    try:
        with _opened(path) as archive:
            content = archive.read(name)
    except KeyError as error:
        raise fault(path, f"it lacks the member {name!r}") from error
    except _BROKEN as error:
        raise fault(path, f"its member {name!r} can't be read: {error}") from error
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise fault(path, f"its member {name!r} was altered or damaged")
    return content


def fault(path: Path, text: str, *, hint: str = "train again with `frame train`") -> BundleError:
    """Make the error for a file that can't be used."""
    return BundleError(
        f"the file is no usable bundle: {text}", where=Location(file=str(path)), hint=hint
    )


def _write_members(file: BinaryIO, members: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = _SEAL + b"0" * _DIGEST_BYTES
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)


def _check_seal(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start, seal, given, found = _read_seal(file)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise UsageError(
            f"there is no trained bot at {str(path)!r}",
            id="no-model",
            hint="run `frame train` first, or name a file with `--model`",
        ) from error
    except OSError as error:
        hint = "check that your user may read it"
        raise fault(path, f"it can't be read: {error.strerror}", hint=hint) from error
    if start == _GZIP:
        raise fault(path, "it is a gzip archive, as Rasa writes them")
    if seal != _SEAL:
        raise fault(path, "it is truncated, or was never one")
    if given != found.encode():
        raise fault(path, "it was altered or damaged after training")


def _read_seal(file: BinaryIO) -> tuple[bytes, bytes, bytes, str]:
    """Give the first bytes, the seal's label, the digest in the file and the one it should be."""
    end = max(0, file.seek(0, os.SEEK_END) - _DIGEST_BYTES)
    found = _digest(file, end)
    given = file.read()
    file.seek(max(0, end - len(_SEAL)))
    seal = file.read(len(_SEAL))
    file.seek(0)
    return file.read(len(_GZIP)), seal, given, found


def _digest(file: BinaryIO, end: int) -> str:
    """Give the SHA-256 of the bytes before `end`, and leave the file there."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(min(_CHUNK_BYTES, end - file.tell())):
        digest.update(chunk)
    return digest.hexdigest()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise fault(path, f"it can't be opened: {error}") from error


def _entry_fault(entry: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not _NAME.fullmatch(entry.filename):
        return "has a path that is not allowed"
    if kind not in (0, stat.S_IFREG):
        return "is a link or another special file"
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
        return "is compressed"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    return ""
