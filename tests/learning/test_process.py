"""A process is prepared without overriding its user."""

import os

import pytest

from framework.learning import process


@pytest.fixture(autouse=True)
def untouched_environment(monkeypatch):
    for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize("quiet", [True, False])
def test_waiting_threads_sleep_and_spin_before_only_on_a_quiet_machine(monkeypatch, quiet):
    monkeypatch.setattr(process, "has_quiet_processors", lambda: quiet)
    process.prepare_process()
    assert os.environ["OMP_WAIT_POLICY"] == "passive"
    assert os.environ["KMP_BLOCKTIME"] == "0"
    assert ("GOMP_SPINCOUNT" in os.environ) == quiet


def test_what_the_user_has_set_stays(monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    monkeypatch.setenv("KMP_BLOCKTIME", "200")
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "7")
    process.prepare_process()
    assert os.environ["OMP_WAIT_POLICY"] == "active"
    assert "GOMP_SPINCOUNT" not in os.environ
    assert os.environ["KMP_BLOCKTIME"] == "200"
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "7"
