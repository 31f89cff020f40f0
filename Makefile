# One command each. `make demo` and `make test` work on a fresh clone with python3, make and git.
.DEFAULT_GOAL := help
.PHONY: help demo test test-random check check-interruption check-processors mutants docs coverage benchmark release hooks misses baseline held-out lock setup setup-dev tree clean
# Two of these at once would build one environment twice.
.NOTPARALLEL:

bin := .venv/bin
# The folder is named after the program, so that a demo of changed code does not meet an older run; the same code goes on.
program = $(shell find src requirements.lock -type f ! -name '*.pyc' | LC_ALL=C sort | xargs cksum | cksum | cut -d ' ' -f 1)

help:
	@echo "make demo    forecast DAISY and say where the report is"
	@echo "make test    run the tests"
	@echo "make test-random   try ten times as many new examples where tests try some (SEED=N repeats a run)"
	@echo "make check   format, lint, types, import contracts, evidence"
	@echo "make check-interruption   kill and resume many runs, half an hour"
	@echo "make check-processors     the same answer as other processors give, an hour (VARIANTS=\"Haswell plain-libm\")"
	@echo "make mutants   change the program in 30 places and see which no test notices (SAMPLE=30 SEED=1)"
	@echo "make docs    write docs/model.md with its picture and docs/derived_or_assumed.md anew, run the tutorials and make the pages in docs/_build"
	@echo "make coverage   run the tests and count the lines they reach; fails below the floor in pyproject.toml"
	@echo "make benchmark  time a few usual tasks and add a line to benchmarks/history.json"
	@echo "make hooks   let git run the quick checks before each commit"
	@echo "make release VERSION=0.2.0   raise the version everywhere, date the changelog, commit, tag and build"
	@echo "make misses  validate, and write the misses by cause into docs/known_misses.md"
	@echo "make baseline REASON=\"why\"  freeze the numbers of now in tests/baseline, with a line in the changelog"
	@echo "make held-out REASON=\"why\"  lock anew what is held out from every fit, with a line in tests/held_out/changes.csv"
	@echo "make lock    write both locks anew (UPGRADE=--upgrade for the newest releases)"
	@echo "make tree    what lives in which folder"
	@echo "make clean   remove the environment and what tools left behind"

setup:
	@sh .ci/setup

setup-dev:
	@sh .ci/setup dev

demo: setup
	@$(bin)/ifntrial forecast daisy --out runs/demo-$(program)

# A file of tests stays in one process, as its tests share what is slow to make. WORKERS=0 runs all in this process.
test: setup-dev
	$(bin)/python -m pytest -n $(or $(WORKERS),auto) --maxprocesses 8 --dist loadfile

test-random: seed := $(or $(SEED),$(shell date +%s))
test-random: setup-dev
	@echo "make test-random SEED=$(seed) repeats this run"
	$(bin)/python -m pytest -m hypothesis --hypothesis-profile=random --hypothesis-seed=$(seed)

check: setup-dev
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/ifntrial evidence check

check-interruption: setup-dev
	PYTHONPATH=tests $(bin)/python -m interruption.kill_at_random

check-processors: setup-dev
	$(bin)/python tests/processors/check.py $(VARIANTS)

# Which changes, and how many; more options in OPTIONS, which "--help" lists.
SAMPLE ?= 30
mutants: setup-dev
	@PYTHONPATH=tests $(bin)/python -m mutants --sample $(SAMPLE) --seed $(or $(SEED),1) $(OPTIONS)

# The same tests, with the lines that they reach; numbers of compiled code are not counted.
coverage: setup-dev
	$(bin)/python -m pytest -n $(or $(WORKERS),auto) --maxprocesses 8 --dist loadfile --cov --cov-report=term:skip-covered

# A file beside it first, so that a failure leaves the page as it was.
docs: setup-dev
	$(bin)/python .ci/model_page.py >docs/model.md.new
	mv docs/model.md.new docs/model.md
	$(bin)/python .ci/pathway_picture.py >docs/pathway.svg.new
	mv docs/pathway.svg.new docs/pathway.svg
	$(bin)/python .ci/standing_page.py >docs/derived_or_assumed.md.new
	mv docs/derived_or_assumed.md.new docs/derived_or_assumed.md
	$(bin)/python -m sphinx -W --keep-going -q -b html -d docs/_build/doctrees docs docs/_build/html
	@echo "The pages: docs/_build/html/index.html"

benchmark: setup-dev
	$(bin)/python benchmarks/usual.py

release: setup-dev
	@$(bin)/python .ci/release.py "$(VERSION)"

hooks: setup-dev
	$(bin)/pre-commit install

misses: setup-dev
	rm -rf runs/misses
	$(bin)/ifntrial validate --out runs/misses >/dev/null
	$(bin)/python .ci/misses_page.py runs/misses/validation.json >docs/known_misses.md.new
	mv docs/known_misses.md.new docs/known_misses.md

# A few tables only: make baseline REASON="why" TABLES="forecast doses"
baseline: setup-dev
	@PYTHONPATH=tests $(bin)/python -m baseline "$(REASON)" $(TABLES)

held-out: setup-dev
	@PYTHONPATH=tests $(bin)/python -m held_out "$(REASON)"

# One version of each package for every Python, so that numbers and checks do not depend on it; the small lock takes those
# of the large one. Goes on where the set-up stops at an incomplete lock, which is mended here.
compile = $(bin)/uv pip compile pyproject.toml --group build --universal --fork-strategy fewest --generate-hashes \
    --no-emit-index-url --python-version 3.11 --only-binary :all: --no-header --no-annotate --quiet

lock:
	@sh .ci/setup dev || test -x $(bin)/uv
	$(compile) --all-extras $(UPGRADE) -o requirements-dev.lock
	$(compile) -c requirements-dev.lock $(UPGRADE) -o requirements.lock

tree:
	@python3 .ci/tree.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .mutants docs/_build docs/_tutorials
