# The two commands a user needs are `demo` and `test`; the others are what they are made of.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
READY_TEST := $(VENV)/.ready-test

# What may touch nothing (the contract `pure` in pyproject.toml): its tests cover it, lines and branches.
PURE := calibration/document.py,calibration/flows.py,calibration/geometry.py,calibration/ground.py,calibration/page/chinese.py,calibration/page/grid.py,calibration/page/look.py,calibration/resolve.py,calibration/rule_parameters.py,datasets/crossing_truth.py,datasets/histories/law.py,datasets/histories/money_oracle.py,datasets/histories/procedure_oracle.py,datasets/histories/values.py,datasets/lamp_agreement.py,datasets/lamp_spans.py,datasets/remix/casting.py,datasets/remix/crossing.py,datasets/remix/staging.py,datasets/remix/values.py,datasets/yield_scoring.py,edge/camera/health.py,edge/camera/timing.py,edge/chain.py,edge/civil_time.py,edge/clock.py,edge/clock_sources/ntp_packet.py,edge/disk_policy.py,edge/heads/*,edge/history.py,edge/pipeline.py,edge/replay.py,edge/report.py,edge/road_users/*,edge/rules/*,edge/seams.py,edge/selection.py,edge/shadow.py,edge/shadow_comparison.py,edge/signals/*,edge/tracking/*,edge/video/retention.py,edge/video/ring.py,edge/video/settings.py,edge/video/spans.py,edge/video/thinning.py,edge/withhold.py,server/access/doors.py,server/access/rights.py,server/access/totp.py,server/access/weak_passwords.py,server/boxes/facts.py,server/broker_access/rights.py,server/cases/holding.py,server/cases/same_act.py,server/console/byte_range.py,server/documents/accounts.py,server/documents/after_decision.py,server/documents/data.py,server/documents/money.py,server/documents/pieces.py,server/documents/values.py,server/documents/words.py,server/evidence_blocks.py,server/ingest/numbering.py,server/law/calendar.py,server/law/entries.py,server/law/limits.py,server/law/moments.py,server/law/periods.py,server/law/terms.py,server/law/workdays.py,server/ledger/accounts.py,server/ledger/audit_walk.py,server/ledger/bank_matching.py,server/ledger/case_money.py,server/ledger/cash_clocks.py,server/ledger/cash_values.py,server/ledger/export_format.py,server/ledger/head_told.py,server/ledger/incoming.py,server/ledger/instalments.py,server/ledger/kinds.py,server/ledger/lateness.py,server/ledger/postings.py,server/ledger/proofs.py,server/ledger/references.py,server/ledger/refusals.py,server/ledger/surcharge.py,server/ledger/tree.py,server/lists/feed.py,server/lists/policy.py,server/own_page/history.py,server/own_page/telling.py,server/own_page/words.py,server/papers/acts.py,server/papers/citing.py,server/papers/words.py,server/parties/identity.py,server/parties/numbers.py,server/parties/words.py,server/procedure/*,server/queue/filters.py,server/queue/groups.py,server/queue/mixing.py,server/record/bar.py,server/record/film.py,server/record/lamps.py,server/record/overlay.py,server/record/plan.py,server/record/rows.py,server/record/svg.py,server/record/timeline.py,server/record/way.py,server/record/window.py,server/record/zones.py,server/retention/policy.py

.PHONY: bench-remix bench-rules demo faults test test-export lint types walls unit pictures setup setup-test clean help

help:            ## say what can be made
	@grep -hE '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

setup: $(READY)  ## create .venv and install

setup-test: $(READY_TEST)

# Where the machine has no npm, a wheel brings one.
HAS_NPM := $(shell command -v npm 2>/dev/null)
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check
NO_REGISTRY = { echo "pip could not install (see above): is the package registry reachable?"; exit 3; }

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "lukou needs Python 3.11 or newer, found $$($(PYTHON) --version 2>&1)"; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing (on Debian: apt install python3-venv)"; exit 3; }

$(READY): pyproject.toml | $(BIN)/python
	@echo "installing lukou into $(VENV) (a minute the first time)"
	@$(INSTALL) -e ".$(if $(HAS_NPM),,[node])" || $(NO_REGISTRY)
	@touch $@

$(READY_TEST): $(READY)
	@echo "installing what the tests need"
	@$(INSTALL) -e ".[test$(if $(HAS_NPM),,,node)]" || $(NO_REGISTRY)
	@touch $@

demo: setup      ## fetch what is needed, then play real footage from camera to public list
	@$(BIN)/lukou models pull nanodet-g
	@$(BIN)/lukou assets pull
	@$(BIN)/lukou footage pull
	@$(BIN)/lukou demo

test: setup-test      ## everything that must hold: lint, types, walls, tests
	@$(BIN)/lukou models pull nanodet-g
	@$(BIN)/lukou assets pull
	@$(BIN)/lukou footage pull
	@$(MAKE) --no-print-directory lint types walls unit

# Ultralytics and torch weigh 2 GB without CUDA, so their tests have an environment of their own, and CI does not run
# them. Its other needs are installed one by one: by itself it would bring several GB of CUDA. torchvision's place is
# taken by tests/standins: beside a torch for the processor the registry's own does not import.
EXPORT := .venv-export
STANDIN := tests/standins/torchvision
$(EXPORT)/.ready: pyproject.toml $(STANDIN)/pyproject.toml
	@echo "installing torch and Ultralytics into $(EXPORT) (two minutes)"
	@{ $(PYTHON) -m venv $(EXPORT) && $(EXPORT)/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 \
	  && $(EXPORT)/bin/pip install --quiet --disable-pip-version-check -e . pytest pytest-randomly hypothesis onnxslim matplotlib polars psutil requests ultralytics-thop \
	  && $(EXPORT)/bin/pip install --quiet --disable-pip-version-check --no-deps ultralytics ./$(STANDIN); } || $(NO_REGISTRY)
	@touch $@

test-export: setup $(EXPORT)/.ready   ## the export by Ultralytics, in an environment of its own
	YOLO_OFFLINE=true YOLO_AUTOINSTALL=false $(EXPORT)/bin/pytest -q -m export tests/models/test_export.py

lint:            ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:           ## mypy, strict
	$(BIN)/mypy

walls:           ## who may import whom
	$(BIN)/lint-imports

unit:            ## the tests, in parallel, with the pure core's coverage
	$(BIN)/pytest -n 3 --dist worksteal --cov --cov-report=
	$(BIN)/coverage report --include='$(PURE)' --fail-under=95 --show-missing --skip-covered

bench-rules: setup-test   ## the rules on 20 simulated intersections: capture and valid rate per kind (4 minutes)
	mkdir -p var && $(BIN)/lukou bench rules --seeds 20 --misses var/misses.jsonl

bench-remix: setup   ## the whole edge on 9 remixes of the footage, the lamp given and read from pixels (20 minutes)
	@$(BIN)/lukou models pull nanodet-g
	mkdir -p var && $(BIN)/lukou bench remix --misses var/remix-misses.jsonl

histories: setup   ## 10,000 random histories of cases, officers at once, on PostgreSQL and SQLite (docs/procedure.md; hours)
	$(BIN)/lukou bench histories

faults: setup     ## harm the whole chain as real processes, and send it hostile messages: nothing lost (docs/faults.md)
	@$(BIN)/lukou models pull nanodet-g
	@$(BIN)/lukou footage pull
	$(BIN)/lukou faults

pictures:        ## take the docs' screenshots anew, by the browser tests
	LUKOU_PICTURES=docs/pictures $(BIN)/pytest -q -m browser
	LUKOU_PICTURES=docs/pictures $(BIN)/pytest -q tests/server/documents/test_press.py -k pictures

clean:           ## forget what was made here (the caches of weights and footage stay)
	rm -rf $(VENV) var node_modules .pytest_cache .mypy_cache .ruff_cache
