"""A bundle is written whole, read only when no byte differs, and never leads out of itself."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from framework.assistant import archive, bundle
from framework.assistant.manifest import FORMAT, Manifest, PartEntry
from framework.errors import BundleError, Location, UsageError
from framework.project.schema.domain import (
    ActionDeclaration,
    Domain,
    EntityType,
    Form,
    Intent,
    MappingCondition,
    Response,
    ResponseVariation,
    SessionConfig,
    Slot,
    SlotCondition,
    SlotMapping,
)

PLACE = Location(file="domain.yml", line=3, column=5)
DOMAIN = Domain(
    intents={"greet": Intent(name="greet", use_entities=("city",), threshold=0.4, where=PLACE)},
    entities={"city": EntityType(name="city", roles=("from", "to"), groups=("1",))},
    slots={
        "city": Slot(
            name="city",
            type="categorical",
            initial_value=["a", {"b": 1.5}],
            values=("paris", "rome"),
            mappings=(
                SlotMapping(
                    type="from_entity",
                    entity="city",
                    role="to",
                    conditions=(MappingCondition(active_loop="trip", requested_slot="city"),),
                ),
            ),
        )
    },
    forms={"trip": Form(name="trip", required_slots=("city",), ignored_intents=("greet",))},
    responses={
        "utter_greet": Response(
            name="utter_greet",
            variations=(
                ResponseVariation(
                    text="Grüße, {city} 🌍",
                    buttons=({"title": "Yes", "payload": '/affirm{"a": "b"}'},),
                    custom={"deep": [1, {"x": None}]},
                    conditions=(SlotCondition(slot="city", value="rome"),),
                ),
            ),
        )
    },
    actions={"action_book": ActionDeclaration(name="action_book", send_domain=True)},
    e2e_actions=("Well done!",),
    session=SessionConfig(expiration_minutes=5, carry_over_slots=False),
)
MANIFEST = Manifest(
    format=FORMAT,
    framework="0.1.0",
    created="2026-01-01T00:00:00Z",
    pipeline=(PartEntry(name="bert_tagger", settings={"epochs": 3}, folder="c1_bert_tagger"),),
    policies=(PartEntry(name="rules", folder=None),),
)
PARTS = {"c1_bert_tagger": {"model.onnx": bytes(range(256)) * 8, "labels.json": b'["greet"]'}}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return bundle.write(tmp_path / "bot.frame", manifest=MANIFEST, domain=DOMAIN, parts=PARTS)


def _seal(path: Path) -> None:
    """Give a hand-made zip a valid seal, as an attacker could."""
    raw = path.read_bytes()
    path.write_bytes(raw[:-64] + hashlib.sha256(raw[:-64]).hexdigest().encode())


def _rebuild(path: Path, change: Callable[[zipfile.ZipFile, dict[str, bytes]], None]) -> Path:
    """Write the bundle's members again, changed, under a valid seal."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    target = path.with_name("changed.frame")
    with zipfile.ZipFile(target, "w") as new:
        new.comment = b"frame-bundle sha256:" + b"0" * 64
        change(new, members)
        for name, content in members.items():
            new.writestr(name, content)
    _seal(target)
    return target


def test_what_was_written_is_read_back(written: Path) -> None:
    found = bundle.read(written)

    assert found.domain == DOMAIN
    assert found.manifest.pipeline == MANIFEST.pipeline
    assert found.manifest.policies == MANIFEST.policies
    assert dict(found.files(found.manifest.pipeline[0])) == PARTS["c1_bert_tagger"]
    assert dict(found.files(found.manifest.policies[0])) == {}


def test_equal_content_gives_equal_bytes(written: Path) -> None:
    again = bundle.write(
        written.with_name("again.frame"), manifest=MANIFEST, domain=DOMAIN, parts=PARTS
    )

    assert again.read_bytes() == written.read_bytes()


def test_only_the_manifest_and_the_seal_differ_when_the_stamp_does(written: Path) -> None:
    later = MANIFEST.model_copy(update={"created": "2027-01-01T00:00:00Z"})
    other = bundle.write(written.with_name("b.frame"), manifest=later, domain=DOMAIN, parts=PARTS)

    with zipfile.ZipFile(written) as a, zipfile.ZipFile(other) as b:
        differing = [name for name in a.namelist() if a.read(name) != b.read(name)]
    assert differing == ["manifest.json"]


def test_a_flip_of_any_byte_is_noticed(tmp_path: Path) -> None:
    small = {"c1_bert_tagger": {"labels.json": b'["greet"]'}}
    path = tmp_path / "small.frame"
    raw = bundle.write(path, manifest=MANIFEST, domain=Domain(), parts=small).read_bytes()
    target = tmp_path / "flipped.frame"

    for place in range(len(raw)):
        target.write_bytes(raw[:place] + bytes([raw[place] ^ 0x41]) + raw[place + 1 :])
        with pytest.raises(BundleError):
            bundle.read(target)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_bundle_is_refused(written: Path, share: float) -> None:
    raw = written.read_bytes()
    written.write_bytes(raw[: int(len(raw) * share)])

    with pytest.raises(BundleError, match=r"truncated|altered"):
        bundle.read(written)


@pytest.mark.parametrize("junk", [b"", b"\0", b"PK\x05\x06" + b"\0" * 18, b"x" * 500])
def test_appended_bytes_and_foreign_files_are_refused(written: Path, junk: bytes) -> None:
    written.write_bytes(junk if len(junk) != 1 else written.read_bytes() + junk)

    with pytest.raises(BundleError):
        bundle.read(written)


def test_a_model_of_rasa_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(b"\x1f\x8b" + b"0" * 200)

    with pytest.raises(BundleError, match="as Rasa writes them") as caught:
        bundle.read(path)
    assert "frame train" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/evil",
        "c1_bert_tagger/../../x",
        "a\\b",
        "C:/x",
        "c1_bert_tagger/",
        "./x",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(written: Path, name: str) -> None:
    def add(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        members[name] = b"x"

    with pytest.raises(BundleError, match="path that is not allowed"):
        bundle.read(_rebuild(written, add))


def test_a_link_is_refused(written: Path) -> None:
    def add(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        info = zipfile.ZipInfo("c1_bert_tagger/link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        new.writestr(info, b"/etc/passwd")

    with pytest.raises(BundleError, match="link"):
        bundle.read(_rebuild(written, add))


def test_an_unknown_member_is_refused(written: Path) -> None:
    def add(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        members["c1_bert_tagger/extra.bin"] = b"x"

    with pytest.raises(BundleError, match=r"unknown member 'c1_bert_tagger/extra\.bin'"):
        bundle.read(_rebuild(written, add))


def test_a_member_that_appears_twice_is_refused(written: Path) -> None:
    def add(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        new.writestr("domain.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            new.writestr("domain.json", members.pop("domain.json"))

    with pytest.raises(BundleError, match="appears twice"):
        bundle.read(_rebuild(written, add))


def test_a_compressed_member_is_refused(written: Path) -> None:
    def add(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        info = zipfile.ZipInfo("c1_bert_tagger/bomb")
        info.compress_type = zipfile.ZIP_DEFLATED
        new.writestr(info, b"0" * 1_000_000)

    with pytest.raises(BundleError, match="compressed"):
        bundle.read(_rebuild(written, add))


def test_a_missing_member_is_refused(written: Path) -> None:
    def remove(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        del members["c1_bert_tagger/labels.json"]

    with pytest.raises(BundleError, match="lacks the member"):
        bundle.read(_rebuild(written, remove))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b'{"format": 99, "anything": "else"}', "format 99"),
        (b'{"format": 0}', "manifest can't be read: format"),
        (b'{"format": 1}', "manifest can't be read: framework"),
        (b'{"format": 1, "surprise": 2}', "manifest can't be read"),
        (b"[]", "manifest can't be read"),
        (b"\xff\xfe", "manifest can't be read"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(
    written: Path, manifest: bytes, message: str
) -> None:
    def replace(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        members["manifest.json"] = manifest

    with pytest.raises(BundleError, match=message):
        bundle.read(_rebuild(written, replace))


def test_a_member_replaced_under_a_new_seal_is_refused(written: Path) -> None:
    def replace(new: zipfile.ZipFile, members: dict[str, bytes]) -> None:
        members["c1_bert_tagger/labels.json"] = b'["goodbye"]'

    found = bundle.read(_rebuild(written, replace))
    with pytest.raises(BundleError, match="altered"):
        found.files(found.manifest.pipeline[0])["labels.json"]


def test_an_interruption_leaves_the_earlier_bundle_and_nothing_else(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written.read_bytes()

    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        bundle.write(written, manifest=MANIFEST, domain=Domain(), parts={})

    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == ["bot.frame"]


def test_a_part_may_not_keep_a_file_outside_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="may not keep"):
        archive.write(tmp_path / "bot.frame", {"part/../../x": b""})
    assert list(tmp_path.iterdir()) == []


def test_the_newest_bundle_is_the_one_trained_last_whatever_the_dates_of_the_files(
    written: Path,
) -> None:
    later = MANIFEST.model_copy(update={"created": "2026-01-01T00:00:01+00:00"})
    newer = bundle.write(written.with_name("a.frame"), manifest=later, domain=DOMAIN, parts={})
    os.utime(newer, ns=(1, 1))

    assert bundle.newest_first(written.parent) == [newer, written]


def test_a_damaged_bundle_keeps_its_place_by_the_date_of_its_file(written: Path) -> None:
    damaged = written.with_name("a.frame")
    damaged.write_bytes(written.read_bytes()[:-200])
    (written.with_name("folder.frame")).mkdir()
    os.utime(written.with_name("folder.frame"), ns=(1, 1))

    assert bundle.latest(written.parent) == damaged


def test_a_folder_stands_for_its_newest_bundle(written: Path) -> None:
    newer = bundle.write(written.with_name("a.frame"), manifest=MANIFEST, domain=DOMAIN, parts={})
    os.utime(written, ns=(1, 1))

    assert bundle.find(written.parent) == newer
    assert bundle.find(written.with_suffix("")) == written


def test_a_missing_model_says_how_to_get_one(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.frame"):
        with pytest.raises(UsageError, match="no trained bot") as caught:
            bundle.find(path)
        assert "frame train" in caught.value.hint


def test_a_folder_that_may_not_be_looked_into_is_not_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    with pytest.raises(UsageError, match="can't be looked into"):
        bundle.find(tmp_path)
