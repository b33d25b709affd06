"""Services and channels: known ones, their addresses, and those that nothing uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.projects import found, write_minimal


@pytest.mark.parametrize(
    ("service", "url", "is_fine"),
    [
        ("action_endpoint", "localhost:5055/webhook", False),
        ("action_endpoint", "http://localhost:5055/webhook", True),
        ("action_endpoint", "${ACTIONS}", True),
        ("nlg", "/nlg", False),
        ("tracker_store", "localhost", True),
    ],
)
def test_an_address_that_is_called_names_its_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, url: str, is_fine: bool
) -> None:
    monkeypatch.delenv("ACTIONS", raising=False)
    project = write_minimal(tmp_path, {"endpoints.yml": f'{service}: {{url: "{url}"}}\n'})

    ids = {problem.id for problem in inspect(project)}

    assert ("bad-address" not in ids) == is_fine


def test_a_misspelt_channel_or_service_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path, {"credentials.yml": "socktio: {a: 1}\n", "endpoints.yml": "action_endpont: {}\n"}
    )

    assert found(inspect(project)) == {
        ("unknown-channel", "warning", "credentials.yml:1:1"),
        ("unknown-key", "warning", "endpoints.yml:1:1"),
    }


def test_services_that_nothing_here_reads_may_be_of_any_kind(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"endpoints.yml": "url: http://app\nmodel_groups: [x]\n"})

    assert found(inspect(project)) == {
        ("unknown-key", "warning", "endpoints.yml:1:1"),
        ("unknown-key", "warning", "endpoints.yml:2:1"),
    }


@pytest.mark.parametrize("url", ['""', "", "' '"])
def test_an_empty_address_of_a_service_is_none(tmp_path: Path, url: str) -> None:
    endpoints = f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  url: {url}\n"
    project = write_minimal(tmp_path, {"endpoints.yml": endpoints})

    assert found(inspect(project)) == {("ignored-key", "warning", "endpoints.yml:1:1")}
    assert load_project(project).endpoints.services["tracker_store"].url is None


@pytest.mark.parametrize("service", ["action_endpoint", "nlg"])
def test_a_service_that_is_called_needs_an_address(tmp_path: Path, service: str) -> None:
    project = write_minimal(tmp_path, {"endpoints.yml": f"{service}: {{timeout: 5}}\n"})

    assert found(inspect(project)) == {("missing-address", "warning", "endpoints.yml:1:1")}
