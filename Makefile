# Each target does its own set-up: the first run makes .venv, later ones reuse it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# nbgrader calls `alembic` by name, so the environment's programs must be found first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# For pipefail.
SHELL := bash
# Built checks are linted where they are built to; this names the lines in labs/ that they come from.
WRITTEN := python -m coursekit.authoring.lines
# Another environment that happens to be active has no say here.
unexport VIRTUAL_ENV

.PHONY: demo test notebooks trials weekly pyodide versions coverage check build lab site bench mutants attacks field fuzz soak kills clean

demo: $(VENV)/.ready  ## grade an invented class and show the table
	coursekit demo

test: $(VENV)/.ready  ## run the tests that take minutes together, or those in TESTS
	pytest -n $(or $(TEST_JOBS),2) --dist worksteal --durations=10 $(TESTS)

notebooks: $(VENV)/.ready  ## run the labs, on the built-in sample and on the real images in COURSEKIT_DATA
	pytest -n $(or $(TEST_JOBS),2) -m long --durations=10 tests/test_notebooks.py

trials: $(VENV)/.ready  ## run whole classes and commands: kept answers graded, the handbook followed, attacks, browsers
	pytest -n $(or $(TEST_JOBS),2) --dist worksteal -m 'long and not weekly' --durations=10 tests/test_labs.py
	pytest -n $(or $(TEST_JOBS),2) --dist loadfile --no-loadscope-reorder -m 'long and not weekly' --durations=10 --ignore tests/test_notebooks.py --ignore tests/test_labs.py

weekly: $(VENV)/.ready  ## run what is much the same as the trials: every kept answer in a class, every case in a kernel, one more seed
	pytest -n $(or $(TEST_JOBS),2) --dist worksteal -m weekly --durations=10

pyodide: $(VENV)/.ready  ## fetch Python for the browser, which some of the trials need, into the user's cache folder
	python -m tests.pyodide

versions: $(VENV)/.ready  ## do labs 00 to 02 pass with the lowest versions that pyproject.toml names, and on NEWEST (Python 3.13 unless given)?
	python -m tests.versions $(if $(NEWEST),--newest $(NEWEST))

coverage: $(VENV)/.ready  ## print what share of src the tests reach
	pytest -n $(or $(TEST_JOBS),2) --dist worksteal --cov --cov-report=term:skip-covered $(TESTS)

check: $(VENV)/.ready  ## is what is built what the sources build? lint and types, by the lines that authors wrote
	coursekit build --check
	set -o pipefail; ruff check --output-format concise . | $(WRITTEN)
	ruff format --check .
	set -o pipefail; mypy | $(WRITTEN)

build: $(VENV)/.ready  ## build the notebooks from their sources
	coursekit build

lab: $(VENV)/.ready  ## open the labs in JupyterLab, at the first one
	jupyter lab --ServerApp.root_dir=notebooks notebooks/00_numpy/00_numpy.ipynb

site: $(VENV)/.ready  ## run the labs for their pictures, build the course site and the labs in the browser
	sphinx-build -W --keep-going -q -d site/doctrees docs site/html
	python -m coursekit.authoring.lite site/html/lite $(if $(PYODIDE),--pyodide $(PYODIDE))
	@echo "Open site/html/index.html; labs in the browser need a server: python3 -m http.server -d site/html"

bench: $(VENV)/.ready  ## measure what the course claims about speed
	python benchmarks/checks.py
	python benchmarks/imports.py
	python benchmarks/grading.py
	python benchmarks/feedback.py
	python benchmarks/mnist.py
	python benchmarks/conv.py
	python benchmarks/gemm.py

mutants: $(VENV)/.ready  ## change the reference answers one place at a time; do the checks notice?
	coursekit mutants

attacks: $(VENV)/.ready  ## mount what hostile notebooks do, here, through Dask, as an ordinary user too, and on plain nbgrader
	python -m tests.attacks

field: $(VENV)/.ready  ## does a kernel show what grading gives? every right answer, an hour or more; LABS=01_softmax for one lab, --together for minutes
	python -m tests.field $(LABS)

fuzz: $(VENV)/.ready  ## give what reads students' bytes SIZE inputs made at random (10000 unless given)
	python -m tests.attacks.fuzz --size $(or $(SIZE),10000)

soak: $(VENV)/.ready  ## grade a class of SIZE (300 unless given), some of it hostile and some of it broken
	python -m tests.attacks.soak --size $(or $(SIZE),300)

kills: $(VENV)/.ready  ## kill what grades at SIZE random moments (100 unless given); is a grade lost?
	python -m tests.attacks.kills --kills $(or $(SIZE),100)

clean:  ## remove what the targets above made
	rm -rf $(VENV) demo site docs/labs

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab,grade,site,dev]'
	touch $@
