# make run    install, build the library from samples/ if there is none, serve the chat
# make test   install, run every test            make check   format, lint, types, import direction
# make eval   ask our own questions, report in OUT  make bench   print the figures of speed in README
# make local-llm   fetch a language model of 1.1 GB and what runs it: YOUJU_LLM=local youju serve
# make soak   what wears it down for minutes, see docs/reliability.md
# make audit  ask a network which known holes are in what is locked
# make lock   write the lock files anew          make baselines   install what youju eval --baselines needs
PYTHON ?= python3
BIN := .venv/bin
# Of the 24,000 files that are installed five thousand are ever imported: those are compiled once, by
# importing them, also where the environment tells Python to write nothing.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
IMPORTED := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c 'import app, eval.__main__, qa.__main__, index.load, index.embed, index.reading; index.embed.load_embedder()'

.PHONY: setup setup-dev run test soak audit check format eval baselines lock bench local-llm pictures clean

setup: .venv/.setup
setup-dev: .venv/.setup-dev

.venv/.setup: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Youju needs Python 3.11 or newer; name one: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing pinned dependencies into .venv (about 2 GB; a few minutes the first time) ..."
	$(PIP) --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	$(IMPORTED)
	touch $@

.venv/.setup-dev: .venv/.setup requirements-dev.lock
	$(PIP) --requirement requirements-dev.lock
	touch $@

run: setup
	$(BIN)/youju serve --samples samples

test: setup-dev
	$(BIN)/python -m pytest

# What wears it down for minutes: crashes, load, hostile files. See docs/reliability.md.
soak: setup-dev
	$(BIN)/python -m pytest -m soak --timeout=3600

# Of its own, for its needs are not ours. What is put up with, and until when: audit-ignores.toml.
IGNORES = $(PYTHON) -c 'import tomllib; [print("--ignore-vuln", one["id"]) for one in tomllib.load(open("audit-ignores.toml", "rb"))["ignore"]]'
audit:
	test -x var/audit/bin/pip-audit || $(PYTHON) -m venv var/audit
	var/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	var/audit/bin/pip-audit --requirement requirements.lock --no-deps --disable-pip $$($(IGNORES))

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# PyTorch names its own CUDA packages where its build has any; a lock of ours must not.
PINS := sed -E '/^(nvidia|cuda|triton)/d; s/^torch==.*/torch==2.13.0/' | uniq
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header pyproject.toml
lock:
	$(COMPILE) | $(PINS) > requirements.lock
	$(COMPILE) --extra dev --extra train --extra baselines --extra llm --extra local-llm --constraint requirements.lock | $(PINS) > requirements-dev.lock

OUT ?= var/eval
eval: setup
	$(BIN)/youju eval --out $(OUT) --gate eval/sets/samples/gate.toml

baselines: setup
	$(PIP) --constraint requirements-dev.lock --no-build-isolation --editable '.[baselines]'

local-llm: setup
	$(PIP) --constraint requirements-dev.lock --no-build-isolation --editable '.[llm,local-llm]'
	$(BIN)/python -m qa.local_model

bench: setup-dev
	$(BIN)/python -m eval.speed

pictures: setup-dev
	PYTHONPATH=. $(BIN)/python docs/pictures.py

clean:
	rm -rf .venv var
