# make run   builds and serves the demonstration
# make test  builds and passes all tests
# Both install what is missing on a Debian 12 machine (docker/packages.txt).

BUILD = build
ASAN = build-asan
PYTEST = /usr/bin/python3 -m pytest -q -p no:cacheprovider
PARALLEL = -n 3 --dist loadfile
WITH_POSTGRES = tests/support/with-postgres.sh --

.PHONY: run test install build program docs clients clients-tests miniprogram browser \
	units store bank lint api faults-short faults asan fuzz bench audit pictures clean

run: install program docs clients
	@exec $(BUILD)/jingda serve

# Every suite waits a good part of its time (for a browser, a restarted database, a fuzzer's
# clock), so that two go on at once: what begins is told, what it said is printed when it ends.
# The faults come alone, since some are to strike while the machine is the server's.
BEGIN = $(shell echo "make test: $@ begins" >&2)
SUITES = browser asan api store fuzz clients-tests miniprogram units bank lint
test: install build docs clients
	@$(MAKE) --no-print-directory -j2 --output-sync=target $(SUITES)
	@$(MAKE) --no-print-directory faults-short
	@echo "all suites passed"

install:
	@docker/install.sh run build test

$(BUILD)/build.ninja:
	meson setup $(BUILD)

build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

program: $(BUILD)/build.ninja
	ninja -C $(BUILD) jingda

# The reader of the API document and its linter; without them the API is served all the same.
docs: api-docs/node_modules/.made
api-docs/node_modules/.made: api-docs/package-lock.json
	@cd api-docs && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.made \
		|| echo "make: npm ci failed in api-docs: /docs will say what is missing" >&2

# The app and the wall; made again when a source, the lock or the API document has changed.
# Without Node the API is served all the same.
CLIENTS = $(wildcard clients/package-lock.json)
CLIENTS_SOURCES = $(shell find clients -name node_modules -prune -o -path clients/dist -prune \
	-o -type f ! -name schema.d.ts -print)

clients: $(CLIENTS:package-lock.json=dist/.made)
clients/node_modules/.made: clients/package-lock.json
	@cd clients && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.made \
		|| echo "make: npm ci failed in clients" >&2
clients/dist/.made: clients/node_modules/.made $(CLIENTS_SOURCES) api-docs/openapi.yaml
	@if [ -e $< ] && cd clients && npm run build; then touch dist/.made; \
	else echo "make: the app and the wall were not built (see above; they need Node and npm):" \
		"/ and /wall show what was built before, or say what is missing" >&2; fi

# What tests them in a simulator and in a browser.
clients/dist/.made-mp: clients/node_modules/.made $(CLIENTS_SOURCES) api-docs/openapi.yaml
	cd clients && npm run mp && touch dist/.made-mp
tests/%/node_modules/.made: tests/%/package-lock.json
	cd tests/$* && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.made

# Their types and texts, what was built (also how much the first screen weighs), and their units.
clients-tests: clients clients/dist/.made-mp
	@$(BEGIN)
	@$(MAKE) -q clients/dist/.made || { echo "make: the app and the wall were not built" >&2; exit 1; }
	cd clients && npm run check && npm run unit

# The compiled mini-program, tapped.
miniprogram: build clients/dist/.made-mp tests/miniprogram/node_modules/.made tests/browser/node_modules/.made
	@$(BEGIN)
	JINGDA=$(CURDIR)/$(BUILD)/jingda tests/miniprogram/run.sh

# Whole flows on a phone's screen, and the wall.
browser: build clients tests/browser/node_modules/.made
	@$(BEGIN)
	JINGDA=$(CURDIR)/$(BUILD)/jingda tests/browser/run.sh

units: build
	@$(BEGIN)
	meson test -C $(BUILD) --suite unit --print-errorlogs

store: build
	@$(BEGIN)
	$(WITH_POSTGRES) meson test -C $(BUILD) --suite store --print-errorlogs

bank:
	@$(BEGIN)
	$(PYTEST) tests/bank

lint: docs
	@$(BEGIN)
	cd api-docs && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
		npx --no-install redocly lint openapi.yaml

# A program of others reads what we write.
PROGRAMS = tests/programs/node_modules/.made

api: build $(PROGRAMS)
	@$(BEGIN)
	JINGDA=$(CURDIR)/$(BUILD)/jingda $(PYTEST) $(PARALLEL) tests/api

# Server and database killed, stopped, cut off, flooded, and lied to, under load.  Its seed is
# printed; JINGDA_FAULTS_SEED=n tries it again.  In the long form the faults go on for MINUTES.
MINUTES = 30
faults-short: build
	JINGDA=$(CURDIR)/$(BUILD)/jingda $(PYTEST) tests/faults

faults: build
	JINGDA=$(CURDIR)/$(BUILD)/jingda JINGDA_FAULTS_SECONDS=$$(($(MINUTES) * 60)) \
		$(PYTEST) -s tests/faults

# The same suites, watched by AddressSanitizer and UndefinedBehaviorSanitizer.
export ASAN_OPTIONS = abort_on_error=0:detect_leaks=1
export UBSAN_OPTIONS = halt_on_error=1:print_stacktrace=1
$(ASAN)/build.ninja:
	meson setup $(ASAN) -Db_sanitize=address,undefined

asan: $(ASAN)/build.ninja $(PROGRAMS)
	@$(BEGIN)
	ninja -C $(ASAN)
	meson test -C $(ASAN) --suite unit --print-errorlogs -t 4
	$(WITH_POSTGRES) meson test -C $(ASAN) --suite store --print-errorlogs -t 4
	JINGDA=$(CURDIR)/$(ASAN)/jingda $(PYTEST) $(PARALLEL) tests/api

# Each fuzzer over its kept corpus and for some seconds more.
fuzz:
	@$(BEGIN)
	tests/fuzz/run.sh $(BUILD)-fuzz 5

# The figures of the design beside those of others (tests/bench/bench.py --help): BENCH="--rounds 5".
bench:
	@docker/install.sh run build bench
	$(MAKE) build
	ninja -C $(BUILD) tests/herd tests/rank_bench tests/fill_bench
	tests/support/with-postgres.sh -c shared_buffers=512MB -c max_wal_size=4GB -- \
		/usr/bin/python3 tests/bench/bench.py --build $(CURDIR)/$(BUILD) $(BENCH)

# Lighthouse on the main pages, on a slow phone and a slow network: AUDIT="--runs 3".
audit: install program clients tests/browser/node_modules/.made tests/audit/node_modules/.made
	JINGDA=$(CURDIR)/$(BUILD)/jingda tests/audit/run.sh $(AUDIT)

# The pictures of the README, taken anew.
pictures: install program clients tests/browser/node_modules/.made
	JINGDA=$(CURDIR)/$(BUILD)/jingda tests/browser/pictures.sh

clean:
	rm -rf $(BUILD) $(ASAN) $(BUILD)-fuzz api-docs/node_modules clients/dist clients/node_modules tests/*/node_modules
