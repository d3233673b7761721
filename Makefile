# One place for each command of the project; README.md tells what they are for.
# Nothing here needs more than Go and the module proxy, but for `race`, which
# needs a C compiler.

# The linters come through the module proxy too. Build them once: two minutes.
GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# More words for a command: make run ARGS='--only v0.47.0,v0.48.0'
ARGS ?=

# A test that hangs is cut off with all its goroutines told.
TIMEOUT ?= 15m

.DEFAULT_GOAL := help
.PHONY: help build test race soak bench lint fmt run results results-check backports lock ci

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+: .*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What decides what a run finds out, as a digest that its results tell: see results/fresh.
# The shell computes it, and not make, which would do so before the first command.
STAMP = -ldflags "-X main.sources=$$(go run ./results/fresh sources)"

build: ## compile ./matrixrun
	go build $(STAMP) -o matrixrun ./cmd/matrixrun

test: ## run all tests
	go test -timeout $(TIMEOUT) $(ARGS) ./...

race: ## run all tests with the race detector (needs gcc)
	CGO_ENABLED=1 go test -race -timeout $(TIMEOUT) $(ARGS) ./...

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
	go vet ./...
	go vet -tags soak ./matrix/suites/zerortt
	go build -buildvcs=false -gcflags=-lang=go1.16 -o /dev/null $(foreach repro,$(wildcard matrix/suites/*/repro),./$(repro)/...)
	bash -n .ci/run
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

results: ## do the same, and publish it in results/zerortt
	go run $(STAMP) ./cmd/matrixrun run --patched -o results/zerortt --evidence ends $(ARGS)
	go run $(STAMP) ./cmd/matrixrun run -o results/zerortt/against-newest --evidence none \
		--server-version $(NEWEST) $(filter-out --fresh,$(ARGS)) || [ $$? -eq 1 ]
	go run ./results/fresh write

# Takes seconds, and no network. The table of make bench is held by a test.
results-check: ## say what of results/zerortt and README.md is out of date
	go run ./results/fresh check
	go test -run '^TestPublished$$' ./matrix/suites/zerortt/bench

# The order of a series is that of the names; PATCHES='b a' is another one.
PATCHES ?= $(sort $(notdir $(patsubst %/,%,$(wildcard patches/*/))))

backports: ## try every patch on every release it is for, and publish the grid
	out=$$(mktemp -d) && status=0 && \
	{ go run $(STAMP) ./cmd/matrixrun backport --each $(PATCHES) -o "$$out" $(ARGS) || status=$$?; } && \
	go run ./results/fresh backports "$$out" && rm -r "$$out" && exit $$status

lock: ## add new releases to releases.lock
	go run ./cmd/matrixrun lock $(ARGS)

ci: ## do what continuous integration does
	bash .ci/run
