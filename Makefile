# Everything a fresh machine needs: Python 3.11 or newer, make, and the package index.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run test check bench bench-quality fuzz mutants docs lock clean
.DEFAULT_GOAL := run

setup: .venv/dev.stamp

define INSTALL
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Segue needs Python 3.11 or newer: make PYTHON=python3.12"; exit 1; }
@test -x $(BIN)/python || $(PYTHON) -m venv .venv
@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
	--require-hashes -r $<
@$(BIN)/python -W ignore -m compileall -q -j 0 .venv/lib || true  # bytecode alone, on all cores
endef

# `make run` needs the bot alone; tests and checks bring their tools, and the bot with them.
.venv/run.stamp: requirements.lock
	$(INSTALL)
	@touch $@

.venv/dev.stamp: requirements-dev.lock
	$(INSTALL)
	@touch .venv/run.stamp $@

run: .venv/run.stamp
	@$(BIN)/python -m bot chat

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# LARGE=1 asks a million segments as well; ONLY=storage measures that part alone.
bench: setup
	$(BIN)/python -m benchmarks $(if $(LARGE),--large) $(if $(ONLY),--only "$(ONLY)")

# DATA is a folder of episodes; QUERIES is a file of judged queries about them, and OUT a folder
# for what was measured, where they are given.
bench-quality: setup
	@test -n "$(DATA)" || { echo "Say where episodes are: make bench-quality DATA=<folder>"; exit 2; }
	$(BIN)/python -m benchmarks.quality --data "$(DATA)" $(if $(QUERIES),--queries "$(QUERIES)") \
		$(if $(OUT),--out "$(OUT)")

# INPUTS are for each parser; SEED makes others.
INPUTS ?= 100000
SEED ?= 1
fuzz: setup
	$(BIN)/python -m tests.fuzz --inputs $(INPUTS) --seed $(SEED)

mutants: setup
	$(BIN)/python -m tests.mutants

docs: setup
	$(BIN)/python -m docs.build

lock: setup
	$(BIN)/uv pip compile --quiet --no-strip-extras --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --no-strip-extras --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" --group dev -o requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
