# One command each. `make demo` and `make test` work on a fresh clone with python3, make and git.
.DEFAULT_GOAL := help
.PHONY: help demo test check lock setup clean

bin := .venv/bin
demo_run := runs/demo

help:
	@echo "make demo    forecast DAISY at demonstration size and say where the report is"
	@echo "make test    run the tests"
	@echo "make check   format, lint, types, import contracts, evidence"
	@echo "make lock    write requirements.lock anew (UPGRADE=--upgrade for the newest releases)"
	@echo "make clean   remove the environment and what tools left behind"

setup:
	@sh .ci/setup

demo: setup
	@$(bin)/ifntrial forecast daisy --out $(demo_run)
	@echo "Report: $(CURDIR)/$(demo_run)/report.html"

test: setup
	$(bin)/python -m pytest

check: setup
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/ifntrial evidence check

lock: setup
	$(bin)/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url \
	    --python-version 3.11 --only-binary :all: --no-header --no-annotate --quiet $(UPGRADE) -o requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
