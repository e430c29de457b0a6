# The verbs of this project; CI calls the same ones. They need Python 3.11+ with pip, make and git.
PYTHON ?= python3
PORT ?= $(or $(INBOX_PORT),3000)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Quiet pip: errors only, no prompts.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 $(BIN)/python -m pip -qq
# Runs pytest in several processes, a file of tests in one of them, and prints the slowest; RERUN=1 as in CI.
SUITE := $(BIN)/python -m tests.suite $(if $(RERUN),--rerun)

# Compiled modules are kept whatever the machine says: they make each start a second faster.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo serve install build test unit e2e fuzz lint check format bench lock screens clean

help: ## Show the verbs
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: install ## Install, build, and serve a demo with a web site to chat from (PORT=3000)
	INBOX_ENV=demo INBOX_PORT=$(PORT) exec $(BIN)/inbox demo

serve: install ## Install, build, migrate and serve (settings: INBOX_* or .env)
	$(BIN)/inbox migrate
	exec $(BIN)/inbox serve

install: $(STAMP) ## Install exactly what requirements.lock names into .venv

# The stamp holds the hash of what was installed, so that neither a checkout's new times nor a copied .venv mislead.
.PHONY: $(STAMP)
$(STAMP):
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@wanted=$$(cat requirements.lock pyproject.toml | $(BIN)/python -c "import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"); \
	test "$$(cat $(STAMP) 2>/dev/null)" = "$$wanted $(CURDIR)" || { \
	echo "Installing the packages of requirements.lock into $(VENV) …" && \
	$(PIP) install --require-hashes --no-deps -r requirements.lock && \
	$(PIP) install --no-deps --no-build-isolation -e . && \
	echo "$$wanted $(CURDIR)" > $(STAMP); }

build: install ## Build the front end if its sources changed
	@$(BIN)/inbox build

test: install build ## All tests; what needs a program that is missing is skipped with the reason
	$(SUITE) $(ARGS)

unit: install ## The tests without a browser
	$(SUITE) --part unit $(ARGS)

e2e: install build ## The tests in a real browser
	$(SUITE) --part e2e $(ARGS)

fuzz: install ## 6,000 hostile requests to each kind of database, and schemathesis for every role
	FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} FUZZ_REQUESTS=6000 FUZZ_EXAMPLES=5 $(BIN)/python -m pytest tests/fuzz -s $(ARGS)

lint: install ## Style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: install ## In a minute: style, types, and the tests of what changed, without a browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@files=$$($(BIN)/python -m tests.suite.changed) && if [ -n "$$files" ]; then \
	$(BIN)/python -m pytest -q --numprocesses=2 --dist=loadfile $$files $(ARGS); else echo "No test is close to this change."; fi

format: install ## Put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install build ## Measure what docs/performance.md and docs/reliability.md report
	$(BIN)/python -m benchmarks $(ARGS)

lock: install ## Resolve pyproject.toml into requirements.lock, and the front end's packages into reflex.lock/
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock
	rm -rf reflex.lock .web
	$(BIN)/inbox build

screens: install ## Photograph the pages of a running demo into test-results/screens
	$(BIN)/python tests/screens.py http://127.0.0.1:$(PORT) test-results/screens

clean: ## Remove what was built and installed; the databases in var/ stay
	rm -rf $(VENV) .web build test-results .pytest_cache .mypy_cache .ruff_cache
