# The two commands for a fresh machine are `make demo` and `make test`; each
# sets up .venv by itself from nothing but Python 3.11+ and pip.
PYTHON ?= python3
BIN := .venv/bin
# Only for looking at tables: as wide as a terminal of old.
export COLUMNS = 80

.PHONY: answers bench clean demo dist products readme test

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "lems-onto needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "Setting up .venv, which takes a minute the first time ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

demo: .venv/ready
	@sh docs/demo.sh $(BIN)

test: .venv/ready
	$(BIN)/python -m pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# What the files make, after a change: to be read in `git diff`.
readme: .venv/ready
	$(BIN)/python docs/readme.py

answers: .venv/ready
	$(BIN)/python tests/queries/keep_answers.py

# The files that are made of the ontology, such as its part within OWL 2 EL.
products: .venv/ready
	$(BIN)/python tests/ontology/keep_products.py

bench: .venv/ready
	$(BIN)/python benchmarks/measure.py
	$(BIN)/python benchmarks/warm.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/reason.py

dist: .venv/ready
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf .venv dist build
