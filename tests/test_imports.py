"""Serving a bot needs neither torch nor transformers: proven on the graph and at run time."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

HEAVY = {"torch", "transformers", "safetensors", "sentence_transformers"}
NOT_FOR_DEVELOPMENT = {"llama_cpp"}
"""Packages of extras that the extra `dev` leaves out: they would be compiled for half an hour."""

PACKAGE = ROOT / "framework"


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "templates" not in path.parts and "__pycache__" not in path.parts
}


def contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def serving_modules():
    [contract] = [c for c in contracts() if "torch" in c.get("forbidden_modules", ())]
    patterns = [
        re.escape(source).replace(r"\.\*\*", r"(\..+)").replace(r"\*", r"[^.]+")
        for source in contract["source_modules"]
    ]
    return {name for name in MODULES if any(re.fullmatch(p, name) for p in patterns)}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_is_either_light_by_contract_or_trains_with_torch():
    serving = serving_modules()
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    training = set(MODULES) - serving - packages
    for name in training:
        needs = {used.partition(".")[0] for used in imported(MODULES[name])} & HEAVY
        needs |= set(imported(MODULES[name])) & training
        assert needs, f"{name} is light: add it to the contract on torch in pyproject.toml"


def test_importing_everything_that_serves_loads_no_training_library():
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    script = (
        "import importlib, sys\n"
        f"for name in {sorted(serving_modules() | packages)}:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except ModuleNotFoundError as error:\n"
        f"        if error.name not in {sorted(NOT_FOR_DEVELOPMENT)}:\n"
        "            raise\n"
        f"loaded = set({sorted(HEAVY)}) & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("line", ["import framework", "import framework.cli.main"])
def test_the_package_and_the_command_start_without_any_heavy_library(line):
    slow_to_load = HEAVY | {"onnxruntime", "onnx", "spacy", "sklearn", "scipy"}
    script = f"import sys; {line}; print(*sorted(set({sorted(slow_to_load)}) & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == ""


def test_a_bot_loads_what_finds_numbers_only_if_it_needs_them():
    line = "import framework.cli.main, framework.assistant.loading"
    script = f"import sys; {line}; print(*(n for n in sys.modules if '.nlu.values.' in n))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == ""
