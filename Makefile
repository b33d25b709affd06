# Two commands from a fresh clone: `make demo` and `make test`. Both need Python 3.11 or newer.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A test runs offline: a model that is not on this machine must not be looked for elsewhere.
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: help demo test check bench docs clean

help:
	@echo "make demo    train example_bot, play its regression conversations, show a short chat"
	@echo "make test    format, lint, types, import contracts and all tests"
	@echo "make check   the same without the tests"
	@echo "make bench   measure the bots in ../shared and write docs/benchmarks/bots.md"
	@echo "make docs    regenerate the generated reference pages"
	@echo "make clean   remove the virtual environment and what tools left behind"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; give one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV); the first time takes some minutes."
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/frame --project example_bot train
	$(BIN)/frame --project example_bot test --run-actions
	@echo
	@echo "A short chat, with the reasons (frame shell --why):"
	$(BIN)/frame --project example_bot shell --why < example_bot/demo.txt

test: check
	$(BIN)/python -m pytest -q

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy framework/project/templates/*/actions/*.py
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	$(BIN)/python tests/benchmarks/bots.py

docs: $(VENV)/.installed-dev
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
