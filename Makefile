# One place for each command of the project; README.md tells what they are for.
# Most of it needs only Go and the module proxy. `race` needs a C compiler too, and
# `proofs` a C compiler, tshark and a browser.

# The linters come through the module proxy too. Build them once: two minutes.
GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# More words for a command: make run ARGS='--only v0.47.0,v0.48.0'
ARGS ?=

# A test that hangs is cut off with all its goroutines told.
TIMEOUT ?= 15m

.DEFAULT_GOAL := help
.PHONY: help build test race proofs soak bench lint fmt run results results-check backports lock ci
.PHONY: changed patched shards shard newest merge gate published issue summary annotations site prune verdict workflows

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+: .*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What decides what a run finds out, as a digest that its results tell: see results/fresh.
# The shell computes it, and not make, which would do so before the first command.
STAMP = -ldflags "-X main.sources=$$(go run ./results/fresh sources)"

# The digest says more than the commit would: of one digest all find out the same.
build: ## compile ./matrixrun
	go build -buildvcs=false $(STAMP) -o matrixrun ./cmd/matrixrun

test: ## run the tests
	go test -timeout $(TIMEOUT) $(ARGS) ./...

# The packages whose own code runs goroutines or shares memory between them.
CONCURRENT = $(sort $(dir $(shell grep -rlE --include='*.go' --exclude='*_test.go' \
	'^\s+go func|errgroup"$$|"sync"$$|"sync/atomic"$$|context.AfterFunc' cmd matrix)))

race: ## run the tests of packages with goroutines with the race detector (needs gcc)
	CGO_ENABLED=1 go test -race -timeout $(TIMEOUT) $(ARGS) $(addprefix ./,$(CONCURRENT))

# Tests that are too slow for `go test`, or need more than Go, have the build tag
# proofs. Only these run: all others are part of make test.
PROOFS = $(shell grep -rlE --include='*_test.go' '^//go:build proofs' cmd matrix)

proofs: ## run the slow tests: real releases with the race detector, the page in a browser (needs gcc, tshark, chromium)
	go test -tags proofs -timeout $(TIMEOUT) $(ARGS) -run "^($$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(t .*/\1/p' $(PROOFS) | paste -sd '|' -))$$" \
		$(addprefix ./,$(sort $(dir $(PROOFS))))

# How many trials make soak spreads over the API eras.
SOAK_TRIALS ?= 10000

soak: ## try 10,000 trials with every core busy (SOAK_TRIALS=N for others)
	SOAK_TRIALS=$(SOAK_TRIALS) go test -tags soak -count=1 -timeout 60m -run '^TestSoak$$' -v ./matrix/suites/zerortt

# What make bench measures: releases, repetitions, trials of a cell, and, where
# only some of its parts are wanted, which; those are printed and not kept.
BENCH_RELEASES ?= >= 0.46, < 0.56
BENCH_RUNS ?= 5
BENCH_TRIALS ?= 10
BENCH_ONLY ?=
export BENCH_RELEASES BENCH_RUNS BENCH_TRIALS BENCH_ONLY

bench: ## measure matrixrun against a plain loop, for results/bench.json (an hour of an idle machine)
	go run ./matrix/suites/zerortt/bench

# The formatters of golangci-lint see the files of one set of build tags; gofmt
# sees the adapters of every era. The build with -lang holds the reproductions
# to the syntax of the oldest Go that compiles a row.
lint: ## run all linters
	@unformatted=$$(gofmt -l .) && if [ -n "$$unformatted" ]; then \
		echo "gofmt would change these, make fmt does:" "$$unformatted" >&2; exit 1; fi
	go mod tidy -diff
	go vet -tags proofs,soak ./...
	go build -buildvcs=false -gcflags=-lang=go1.16 -o /dev/null $(foreach repro,$(wildcard matrix/suites/*/repro),./$(repro)/...)
	bash -n .ci/run
	bash -n .github/actions/check/verdict
	bash -n .github/rehearse
	bash -n matrix/suites/zerortt/bench/plain.sh
	go run $(ACTIONLINT) -shellcheck= -pyflakes=
	go run $(GOLANGCI_LINT) run $(ARGS) ./...

fmt: ## lay out all Go files
	gofmt -w .
	go run $(GOLANGCI_LINT) fmt

run: ## build every release, run every scenario, print the table
	go run ./cmd/matrixrun run $(ARGS)

# What the clients of all releases do to servers of the newest one is no part of
# the expectations: that it differs from what they do to their own is no failure.
NEWEST = $(shell awk '/^v/ && $$1 !~ /-/ { newest = $$1 } END { print newest }' matrix/suites/zerortt/releases.lock)

# What is new is told since the results that are there, or those that SINCE names.
SINCE ?= results/zerortt

results: build ## do the same, and publish it in results/zerortt
	./matrixrun run --patched -o results/zerortt --since $(SINCE) --evidence ends $(ARGS)
	./matrixrun run -o results/zerortt/against-newest --evidence none \
		--server-version $(NEWEST) $(filter-out --fresh,$(ARGS)) || [ $$? -eq 1 ]
	go run ./results/fresh write

# Takes seconds, and no network. The table of make bench is held by a test.
results-check: ## say what of results/zerortt and README.md is out of date
	go run ./results/fresh check
	go test -run '^TestPublished$$' ./matrix/suites/zerortt/bench

# The order of a series is that of the names; PATCHES='b a' is another one.
PATCHES ?= $(sort $(notdir $(patsubst %/,%,$(wildcard patches/*/))))

backports: build ## try every patch on every release it is for, and publish the grid
	out=$$(mktemp -d) && status=0 && \
	{ ./matrixrun backport --each $(PATCHES) -o "$$out" $(ARGS) || status=$$?; } && \
	go run ./results/fresh backports "$$out" && rm -r "$$out" && exit $$status

lock: ## add new releases to releases.lock
	go run ./cmd/matrixrun lock $(ARGS)

ci: ## do what continuous integration does
	bash .ci/run

# What the workflows of .github/workflows do, a target a step; each does the same
# here. What a person or a pull request chooses comes through the environment, and
# is expanded by the shell alone, between quotes: nothing of it is ever run. The
# program is built, since `go run` makes 1 of every exit code.
VERSIONS ?=
SAMPLE ?=
SHARDS ?= 4
SHARD ?= 1/1
OUT ?= out
BASE ?=
RESULTS ?= results/zerortt
FRESH ?=
export VERSIONS SAMPLE SHARDS SHARD OUT BASE RESULTS PATCHES

# As results.json is published, and where it is in a commit.
PUBLISHED := results/zerortt/results.json
# The rows and the evidence are those of make results.
SELECTION := --versions "$$VERSIONS" --sample "$$SAMPLE"
SUMMARY := "$${GITHUB_STEP_SUMMARY:-/dev/stdout}"

changed: ## tell what the changes since BASE ask to be tried (BASE=origin/main)
	@base=$$(git merge-base "$$BASE" HEAD) && git diff --name-status --no-renames -z "$$base" | \
		go run ./matrix/internal/changed -output "$$GITHUB_OUTPUT"

patched: build ## try PATCHES on the releases that they name, into OUT/patched
	set -f; status=0; ./matrixrun backport --each $$PATCHES --versions "$$VERSIONS" -o "$$OUT/patched" || status=$$?; \
	[ ! -f "$$OUT/patched/BACKPORTS.md" ] || cat "$$OUT/patched/BACKPORTS.md" >>$(SUMMARY); exit $$status

shards: build ## divide the matrix among SHARDS jobs (VERSIONS, SAMPLE)
	@plan=$$(./matrixrun plan --patched $(SELECTION) --shards "$$SHARDS") && echo "$$plan" && \
		echo "matrix=$$plan" >>"$${GITHUB_OUTPUT:-/dev/null}"

# That a cell is not as expected is for the merged table to say, as 1.
shard: build ## run part SHARD of the matrix, into OUT/shard-I
	./matrixrun run --patched $(SELECTION) --shard "$$SHARD" --evidence ends -o "$$OUT/shard-$${SHARD%/*}" \
		$(if $(filter true,$(FRESH)),--fresh) || [ $$? -eq 1 ]

newest: build ## run the clients of all releases against servers of the newest one
	./matrixrun run $(SELECTION) --server-version $(NEWEST) --evidence none -o "$$OUT/against-newest" || [ $$? -eq 1 ]

merge: build ## join the shards in OUT, into OUT/results
	./matrixrun merge "$$OUT"/shard-*/ -o "$$OUT/results" $$([ -n "$$VERSIONS$$SAMPLE" ] || echo --since results/zerortt)

# What is published is what the base of a pull request has.
published:
	@mkdir -p "$$OUT"
	@if [ -n "$$BASE" ]; then git show "$$BASE:$(PUBLISHED)"; else cat $(PUBLISHED); fi >"$$OUT/published.json"

# A part of the releases is held against the same part.
DIFF := ./matrixrun diff "$$OUT/published.json" "$$OUT/results/results.json" $${VERSIONS:+--part} $${SAMPLE:+--part}

gate: build published ## tell what is better and worse than published; fail where something is worse
	$(DIFF) --format markdown >>$(SUMMARY) || [ $$? -eq 1 ]
	$(DIFF)

issue: build published ## write the text of an issue on what got worse, if anything did
	$(DIFF) --format issue -o "$$OUT/issue.md" || [ $$? -eq 1 ]
	[ ! -s "$$OUT/issue.md" ] || { printf 'An issue, ready to be opened by a person:\n\n````markdown\n'; \
		cat "$$OUT/issue.md"; printf '\n````\n'; } >>$(SUMMARY)

summary: build ## show the results in OUT as a job summary
	./matrixrun report "$$OUT/results" --format summary >>$(SUMMARY)

annotations: build ## show what differs from its expectation as annotations
	./matrixrun report "$$OUT/results" --format annotations

# Of what is published, a run makes no backports and no reports of ours.
site: build ## lay out RESULTS for the web, in OUT/site
	rm -rf "$$OUT/site" && mkdir -p "$$OUT/site" && cp -R results/zerortt/BACKPORTS.md results/zerortt/reports "$$RESULTS/." "$$OUT/site"
	./matrixrun report "$$RESULTS" --format html -o "$$OUT/site/index.html"
	./matrixrun report "$$RESULTS" --format svg -o "$$OUT/site/matrix.svg"
	./matrixrun report "$$RESULTS" --format badge -o "$$OUT/site/badge.svg"

prune: build ## bound the record, to what a workflow's cache may hold
	./matrixrun cache --prune --max-size 500MB

verdict: build ## check a go.mod or a patch, as the action does for others
	bash .github/actions/check/verdict

workflows: ## run the steps of the workflows here, on two releases
	@bash .github/rehearse
