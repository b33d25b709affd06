"""A machine counts as quiet where nothing else wants its processors."""

import os

import pytest

from framework.learning.load import has_quiet_processors


@pytest.fixture
def quota(tmp_path):
    (tmp_path / "cpu.max").write_text("max 100000\n")
    return tmp_path / "cpu.max"


def _load(folder, running):
    (folder / "loadavg").write_text(f"9.00 9.00 9.00 {running}/300 4711\n")
    return folder / "loadavg"


@pytest.mark.parametrize(("running", "quiet"), [(1, True), (2, False), (9, False)])
def test_other_threads_that_want_to_run_disturb(tmp_path, quota, running, quiet):
    assert has_quiet_processors(load=_load(tmp_path, running), quota=quota) is quiet


def test_a_container_with_a_share_of_the_processors_is_not_quiet(tmp_path, quota):
    quota.write_text(f"{(os.cpu_count() or 1) * 50_000} 100000\n")
    assert not has_quiet_processors(load=_load(tmp_path, 1), quota=quota)


def test_a_process_held_to_one_processor_of_several_is_not_quiet(tmp_path, quota, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {2}, raising=False)
    assert not has_quiet_processors(load=_load(tmp_path, 1), quota=quota)


@pytest.mark.parametrize("text", ["", "strange", "0.1 0.2 0.3 many/300 4711"])
def test_without_an_answer_of_the_system_the_machine_does_not_count_as_quiet(tmp_path, quota, text):
    (tmp_path / "loadavg").write_text(text)
    assert not has_quiet_processors(load=tmp_path / "loadavg", quota=quota)
    assert not has_quiet_processors(load=tmp_path / "missing", quota=quota)


def test_a_machine_without_quotas_is_judged_by_its_load(tmp_path):
    assert has_quiet_processors(load=_load(tmp_path, 1), quota=tmp_path / "missing")
