"""Benchmarks run by hand; what they import must still be there when somebody does."""

from __future__ import annotations

import importlib

import pytest

from tests.conftest import ROOT

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "tests" / "benchmarks").rglob("*.py")
)


@pytest.mark.parametrize("module", MODULES)
def test_a_benchmark_finds_what_it_imports(module):
    assert importlib.import_module(module).__doc__
