from __future__ import annotations

import asyncio
import os
import stat

import pytest

from framework.conversation.profile_file import SqliteProfiles
from framework.conversation.profiles import MemoryProfiles, ProfileSettings
from framework.errors import UsageError


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    return MemoryProfiles() if request.param == "memory" else SqliteProfiles(tmp_path / "p.sqlite")


def run(coroutine):
    return asyncio.run(coroutine)


def test_values_come_back_as_they_were_and_none_takes_one_away(store):
    run(store.save("ada", {"name": "Ada", "tags": ["a", {"b": 1}], "age": 36}))
    run(store.save("ada", {"age": None, "name": "Ada L."}))
    assert run(store.load("ada")) == {"name": "Ada L.", "tags": ["a", {"b": 1}]}


def test_users_dont_share_anything_and_one_can_be_erased(store):
    run(store.save("ada", {"name": "Ada"}))
    run(store.save("bob", {"name": "Bob"}))
    run(store.erase("ada"))
    assert run(store.load("ada")) == {}
    assert run(store.load("bob")) == {"name": "Bob"}


def test_the_file_outlives_the_store_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "p.sqlite"
    assert run(SqliteProfiles(path).load("ada")) == {}
    assert not path.exists()
    run(SqliteProfiles(path).save("ada", {"name": "Ada"}))
    assert run(SqliteProfiles(path).load("ada")) == {"name": "Ada"}
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_erased_is_gone_from_the_file(tmp_path):
    path = tmp_path / "p.sqlite"
    store = SqliteProfiles(path)
    run(store.save("ada", {"secret": "a very particular value"}))
    assert b"very particular" in path.read_bytes()
    run(store.erase("ada"))
    assert b"very particular" not in path.read_bytes()


def test_a_profile_expires_when_nothing_of_it_changed_for_long_enough(tmp_path):
    now = [0.0]
    store = SqliteProfiles(tmp_path / "p.sqlite", expires_days=30, clock=lambda: now[0])
    run(store.save("ada", {"name": "Ada"}))
    now[0] = 29 * 86400.0
    assert run(store.load("ada")) == {"name": "Ada"}
    now[0] = 31 * 86400.0
    assert run(store.load("ada")) == {}
    now[0] = 0.0
    assert run(store.load("ada")) == {}


def test_a_file_of_another_kind_is_refused_when_the_store_is_made(tmp_path):
    path = tmp_path / "p.sqlite"
    path.write_text("this is no database, although it is long enough to look like one" * 20)
    with pytest.raises(UsageError, match="file is not a database"):
        SqliteProfiles(path)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="its folder doesn't exist"):
        SqliteProfiles(tmp_path / "none" / "p.sqlite")


@pytest.mark.parametrize(
    ("settings", "hint"),
    [({"type": "sqlit"}, "did you mean 'sqlite'?"), ({"expires_days": 0}, "leave it out")],
)
def test_settings_that_cant_be_used_are_refused(settings, hint):
    with pytest.raises(UsageError) as raised:
        ProfileSettings(**settings)
    assert hint in raised.value.hint
