# Mado: `make run` shows the dashboard, `make test` checks everything. See README.md.
# `MADO_HOME=folder DEMO=no make run` begins with an empty folder instead of the demo.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8501
MADO_HOME ?= var
export MADO_HOME

VENV := .venv
BIN := $(VENV)/bin
# With a wheels/ folder beside this file nothing is fetched from anywhere.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(wildcard wheels),--no-index --find-links wheels)

.PHONY: run install test lint browser bench-load bench-excel bench-publish bench-gap wheels lock docs clean

run: install
	@if [ ! -e "$(MADO_HOME)/CURRENT" ]; then \
	  if ls "$(MADO_HOME)"/lake/ledger/*.json >/dev/null 2>&1; then $(BIN)/python -m pipelines publish; \
	  elif [ "$(DEMO)" != no ]; then $(BIN)/python -m pipelines demo; fi; \
	fi
	@echo "Mado: http://localhost:$(PORT)"
	@exec $(BIN)/python -m streamlit run app.py --server.port $(PORT)

install: $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 以上が必要です / Mado needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "venv が作れません。python3-venv を入れてください / Install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(PIP) -r requirements-dev.txt
	@touch $@

# -n 2: the suite starts real servers and browsers; more workers only wait for each other.
test: $(VENV)/.installed-dev browser lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

browser:
	@sh tests/browser/install.sh

# Timings, each beside a reference in the same run. On a quiet machine; no part of `test`.
bench-load: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.bench_load

bench-excel: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.bench_excel

bench-publish: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.bench_publish

bench-gap: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench.bench_gap

# Collect every package for a machine without internet: run here, carry the folder there.
wheels: $(VENV)/bin/python
	$(BIN)/python -m pip download --quiet --dest wheels -r requirements.txt -r requirements-dev.txt

lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-options --no-emit-index-url --no-emit-find-links -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-emit-options --no-emit-index-url --no-emit-find-links -o requirements-dev.txt requirements-dev.in

# Rewrite the catalogues of metrics and sources from their YAML.
docs: install
	$(BIN)/python -m docs.catalogue

clean:
	rm -rf $(VENV) artifacts .mypy_cache .ruff_cache .pytest_cache .hypothesis
