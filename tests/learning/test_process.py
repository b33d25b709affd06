"""A process is prepared without overriding its user."""

import os

from framework.learning.process import prepare_process


def test_waiting_threads_sleep_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    monkeypatch.setenv("KMP_BLOCKTIME", "200")
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "7")
    prepare_process()
    assert os.environ.pop("OMP_WAIT_POLICY") == "passive"
    assert os.environ["KMP_BLOCKTIME"] == "200"
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "7"
