# The commands of the project; .github/CONTRIBUTING.md explains them. Most need only Go and a module
# proxy. `race` also needs a C compiler, and `proofs` a C compiler, tshark and a browser.

# The linters come from the module proxy, too. Building them takes two minutes, once.
GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# More arguments for a command: make run ARGS='--only v0.47.0,v0.48.0'
ARGS ?=

# A package whose tests hang fails after this time, with the stacks of all goroutines.
TIMEOUT ?= 15m

.DEFAULT_GOAL := help
.PHONY: help build test race proofs soak torture fuzz bench lint fmt run results results-check backports lock lock-forks ci
.PHONY: changed patched shards shard newest forks advisories merge gate published issue summary annotations verify site prune verdict workflows

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+: .*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Link a digest of everything that decides the results of a run into the program: see
# results/fresh. The shell computes it just before it compiles.
STAMP = -ldflags "-X main.sources=$$(go run ./results/fresh sources)"

# The commit is left out: programs with the same digest give the same results.
build: ## compile ./matrixrun
	go build -buildvcs=false $(STAMP) -o matrixrun ./cmd/matrixrun

test: ## run the tests
	go test -timeout $(TIMEOUT) $(ARGS) ./...

# The packages whose own code runs goroutines or shares memory between them.
CONCURRENT = $(sort $(dir $(shell grep -rlE --include='*.go' --exclude='*_test.go' \
	'^\s+go func|errgroup"$$|"sync"$$|"sync/atomic"$$|context.AfterFunc' cmd matrix)))

# The first three measure memory and time, which mean nothing with the race detector. The
# others start programs without it, or one command after another: they share nothing. By
# default, each process of the detector sleeps a second before it exits: see exittest, too.
UNSHARED = TestScale|TestTooMuchMemory|TestOutlineIsQuick|TestReadResults|TestFullOutput|TestOutFolder|TestPrograms|TestExportedToC|TestEscapes|TestContainers|TestContained

race: ## run the tests of packages with goroutines with the race detector (needs gcc)
	GORACE=atexit_sleep_ms=50 CGO_ENABLED=1 go test -race -p 4 -skip '^($(UNSHARED))$$' -timeout $(TIMEOUT) $(ARGS) $(addprefix ./,$(CONCURRENT))

# Tests that are too slow for `go test` or need other programs have the build tag
# proofs. Only these run here: the others are part of make test.
PROOFS = $(shell grep -rlE --include='*_test.go' '^//go:build proofs' cmd matrix)

proofs: ## run the slow tests: real releases with the race detector, the page in a browser (needs gcc, tshark, chromium)
	go test -tags proofs -timeout $(TIMEOUT) $(ARGS) -run "^($$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(t .*/\1/p' $(PROOFS) | paste -sd '|' -))$$" \
		$(addprefix ./,$(sort $(dir $(PROOFS))))

# How many trials make soak divides among the API eras.
SOAK_TRIALS ?= 20000

soak: ## run 20,000 trials, 12 at the same time on each core (or SOAK_TRIALS=N)
	SOAK_TRIALS=$(SOAK_TRIALS) go test -tags soak -count=1 -timeout 60m -run '^TestSoak$$' -v ./matrix/suites/zerortt

# How long make torture disturbs runs, and the seed of what it does: empty for a random
# one. Then it fuzzes each target for FUZZ_TIME, unless that is empty: go test runs the
# committed seeds. Together that takes ten minutes.
TORTURE_TIME ?= 7m
TORTURE_SEED ?=
FUZZ_TIME ?= 8s
export TORTURE_TIME TORTURE_SEED

torture: ## disturb runs in every way that they withstand, and fuzz, for ten minutes (Linux)
	go test -tags torture -count=1 -timeout 60m -run '^TestTorture$$' -v ./cmd/matrixrun/internal/torture
	$(if $(FUZZ_TIME),$(MAKE) --no-print-directory fuzz)

# Go fuzzes one target at a time. What makes one fail stays in its testdata/fuzz, as a
# test of its own.
fuzz: ## give made-up input to every reader of files and output, each for FUZZ_TIME
	@grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9]+' cmd matrix | sort | while IFS=: read -r file func; do \
		echo "$${func#func }" && go test -vet=off -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZ_TIME) "./$${file%/*}" || exit 1; done

# What make bench measures: releases, repetitions, and trials per cell. BENCH_ONLY
# selects some of its parts; they are printed, but not stored.
BENCH_RELEASES ?= >= 0.46, < 0.56
BENCH_RUNS ?= 5
BENCH_TRIALS ?= 10
BENCH_ONLY ?=
export BENCH_RELEASES BENCH_RUNS BENCH_TRIALS BENCH_ONLY

bench: ## measure matrixrun against a plain loop, for results/bench.json (an hour of an idle machine)
	go run ./matrix/suites/zerortt/bench

# golangci-lint formats the files of one set of build tags only; gofmt also checks the
# adapters of all other eras. The build with -lang checks that the reproductions use
# the syntax of the oldest Go that compiles a row.
lint: ## run all linters
	@unformatted=$$(gofmt -l .) && if [ -n "$$unformatted" ]; then \
		echo "not formatted, run make fmt:" "$$unformatted" >&2; exit 1; fi
	go mod tidy -diff
	go vet -tags proofs,soak,torture ./...
	go build -buildvcs=false -gcflags=-lang=go1.16 -o /dev/null $(foreach repro,$(patsubst %/main.go,%,$(wildcard matrix/suites/*/repro/main.go)),./$(repro)/...)
	bash -n .ci/run
	bash -n .github/actions/check/verdict
	bash -n .github/rehearse
	bash -n matrix/suites/zerortt/bench/plain.sh
	go run $(ACTIONLINT) -shellcheck= -pyflakes=
	go run $(GOLANGCI_LINT) run $(ARGS) ./...

fmt: ## format all Go files
	gofmt -w .
	go run $(GOLANGCI_LINT) fmt

run: ## build every release, run every scenario, print the table
	go run ./cmd/matrixrun run $(ARGS)

# The expectations are about servers of the same release. With servers of the newest
# release other verdicts are not failures.
NEWEST = $(shell awk '/^v/ && $$1 !~ /-/ { newest = $$1 } END { print newest }' matrix/suites/zerortt/releases.lock)

# The results to compare with, for what is new.
SINCE ?= results/zerortt

results: build ## do the same with and without patches, and for the suite advisories, and publish it in results
	./matrixrun run --patched --sure -o results/zerortt --since $(SINCE) --evidence ends $(ARGS)
	./matrixrun run -o results/zerortt/against-newest --evidence none \
		--server-version $(NEWEST) $(filter-out --fresh,$(ARGS)) || [ $$? -eq 1 ]
	./matrixrun run --forks --patched --sure -o results/zerortt/forks --evidence none $(filter-out --fresh,$(ARGS)) || [ $$? -eq 1 ]
	./matrixrun run advisories -o results/advisories --evidence none $(filter-out --fresh,$(ARGS)) || [ $$? -eq 1 ]
	go run ./results/fresh write

# This takes seconds and needs no network. A test checks the table of make bench.
results-check: ## list what is out of date in results and in documents
	go run ./results/fresh check
	go test -run '^TestPublished$$' ./matrix/suites/zerortt/bench

# Patches are applied in this order.
PATCHES ?= $(sort $(notdir $(patsubst %/,%,$(wildcard patches/*/))))

# The commits with which upstream mended the same, by the headers of the patches. They
# are in a clone of upstream: CLONE=../quic-go. Without it, what is published about them
# stays. That such a commit alone does not cure everything is no failure. They are tried
# on the releases before the last of them.
UPSTREAM = $(sort $(shell sed -n 's/^Applied-Upstream:.*(\([0-9a-f]*\)).*/\1/p' patches/*/*.patch))
MENDED = $(shell sed -n 's/^Applied-Upstream: v\([0-9.]*\),.*pull request.*/\1/p' patches/*/*.patch | sort -V | tail -n 1)
CLONE ?=

backports: build ## try every patch on every release that it names, and publish the grid (CLONE=DIR: upstream's commits, too)
	out=$$(mktemp -d) && status=0 && \
	{ ./matrixrun backport --each $(PATCHES) -o "$$out/own" $(ARGS) || status=$$?; } && \
	{ [ -z "$(CLONE)" ] || ./matrixrun backport --git "$(CLONE)" --each $(UPSTREAM) --versions '< $(MENDED)' -o "$$out/up" $(ARGS) || [ $$? -eq 1 ] || status=3; } && \
	go run ./results/fresh backports "$$out/own" "$(if $(CLONE),$$out/up)" && rm -r "$$out" && exit $$status

lock: ## add new releases to releases.lock and releases.index of both suites
	go run ./cmd/matrixrun lock $(ARGS)
	go run ./cmd/matrixrun lock advisories $(ARGS)

# Some proxies do not list the versions of some forks. Exit code 3 says so; those forks
# stay as they are.
lock-forks: build ## add newer versions of forks to forks.lock
	./matrixrun lock --forks $(ARGS) || [ $$? -eq 3 ]

ci: ## run all checks of continuous integration
	bash .ci/run

# The steps of .github/workflows, one target each; they do the same on any machine.
# Values that a person or a pull request chooses come from the environment, and only
# the shell expands them, in quotes, so they are never run as code. The targets use
# the compiled program, because `go run` turns every exit code into 1.
VERSIONS ?=
SAMPLE ?=
SHARDS ?= 4
SHARD ?= 1/1
OUT ?= out
BASE ?=
RESULTS ?= results/zerortt
FRESH ?=
PUSH ?=
# How many rows make verify builds.
SAMPLED ?= 8
export VERSIONS SAMPLE SHARDS SHARD OUT BASE RESULTS PATCHES

# Where results.json is published.
PUBLISHED := results/zerortt/results.json
# The rows of a workflow; without these, it has the rows of make results.
SELECTION := --versions "$$VERSIONS" --sample "$$SAMPLE"
# A run of all rows may be published. One of some rows is for a first look.
SURE := $$([ -n "$$VERSIONS$$SAMPLE" ] || echo --sure)
SUMMARY := "$${GITHUB_STEP_SUMMARY:-/dev/stdout}"

changed: ## list what the changes since BASE affect (BASE=origin/main)
	@base=$$(git merge-base "$$BASE" HEAD) && git diff --name-status --no-renames -z "$$base" | \
		go run ./matrix/internal/changed -output "$$GITHUB_OUTPUT"

patched: build ## try PATCHES on the releases that they name, into OUT/patched
	set -f; status=0; ./matrixrun backport --each $$PATCHES --versions "$$VERSIONS" -o "$$OUT/patched" || status=$$?; \
	[ ! -f "$$OUT/patched/BACKPORTS.md" ] || cat "$$OUT/patched/BACKPORTS.md" >>$(SUMMARY); exit $$status

shards: build ## divide the matrix among SHARDS jobs (VERSIONS, SAMPLE)
	@plan=$$(./matrixrun plan --patched $(SURE) $(SELECTION) --shards "$$SHARDS") && echo "$$plan" && \
		echo "matrix=$$plan" >>"$${GITHUB_OUTPUT:-/dev/null}"

# Exit code 1, an unexpected verdict, is left to the merged table. With PUSH=true, what the
# shard makes is written to the remote record MATRIXRUN_REMOTE, if there is one.
shard: build ## run part SHARD of the matrix, into OUT/shard-I
	./matrixrun run --patched $(SURE) $(SELECTION) --shard "$$SHARD" --evidence ends -o "$$OUT/shard-$${SHARD%/*}" \
		$(if $(filter true,$(FRESH)),--fresh) $(if $(and $(MATRIXRUN_REMOTE),$(filter true,$(PUSH))),--push) || [ $$? -eq 1 ]

newest: build ## run the clients of all releases against servers of the newest one
	./matrixrun run $(SELECTION) --server-version $(NEWEST) --evidence none -o "$$OUT/against-newest" || [ $$? -eq 1 ]

# A run of some releases tries one fork only.
SOME_FORKS = $$([ -n "$$VERSIONS$$SAMPLE" ] && echo "--module $(shell awk '!/^\#/ { last = $$2 "@" $$1 } END { print last }' matrix/suites/zerortt/forks.lock)" || echo --forks)

forks: build ## run the forks in forks.lock and the releases nearest to them, into OUT/forks
	./matrixrun run $(SOME_FORKS) --patched $(SURE) --evidence none -o "$$OUT/forks" || [ $$? -eq 1 ]

advisories: build ## run the suite advisories, into OUT/advisories
	./matrixrun run advisories $(SELECTION) --evidence none -o "$$OUT/advisories" || [ $$? -eq 1 ]

merge: build ## join the shards in OUT, into OUT/results
	./matrixrun merge "$$OUT"/shard-*/ -o "$$OUT/results" $$([ -n "$$VERSIONS$$SAMPLE" ] || echo --since results/zerortt)

# A pull request is compared with what its base has published.
published:
	@mkdir -p "$$OUT"
	@if [ -n "$$BASE" ]; then git show "$$BASE:$(PUBLISHED)"; else cat $(PUBLISHED); fi >"$$OUT/published.json"

# A run of some releases is compared with the same releases only.
PART := $${VERSIONS:+--part} $${SAMPLE:+--part}
DIFF := ./matrixrun diff "$$OUT/published.json" "$$OUT/results/results.json" $(PART)
# Nothing happens without a run of the second suite.
DIFF_ADVISORIES := [ ! -f "$$OUT/advisories/results.json" ] || ./matrixrun diff results/advisories "$$OUT/advisories" $(PART)

gate: build published ## compare with what is published, and fail if something is worse
	$(DIFF) --format markdown >>$(SUMMARY) || [ $$? -eq 1 ]
	$(DIFF_ADVISORIES) --format markdown >>$(SUMMARY) || [ $$? -eq 1 ]
	status=0; $(DIFF) || status=$$?; $(DIFF_ADVISORIES) || status=$$?; exit $$status

issue: build published ## write the text of an issue if something is worse
	$(DIFF) --format issue -o "$$OUT/issue.md" || [ $$? -eq 1 ]
	[ ! -s "$$OUT/issue.md" ] || { printf 'An issue, ready to be opened by a person:\n\n````markdown\n'; \
		cat "$$OUT/issue.md"; printf '\n````\n'; } >>$(SUMMARY)

summary: build ## show the results in OUT as a job summary
	./matrixrun report "$$OUT/results" --format summary >>$(SUMMARY)
	[ ! -f "$$OUT/advisories/results.json" ] || ./matrixrun report "$$OUT/advisories" --format summary >>$(SUMMARY)

annotations: build ## show unexpected verdicts as annotations
	./matrixrun report "$$OUT/results" --format annotations
	[ ! -f "$$OUT/advisories/results.json" ] || ./matrixrun report "$$OUT/advisories" --format annotations

# A sample is built from nothing, so this takes a minute or two.
verify: build ## build some rows of RESULTS again, compare them, and leave verified.json there
	./matrixrun verify "$$RESULTS" --sample $(SAMPLED) --trials 2 -o "$$RESULTS/verified.json"

# BACKPORTS.md and the reports with their evidence are not made by a run, so they come from
# this tree. So do the forks if they could not be run. Before there was an index, the site was
# what is now in its folder zerortt: those addresses hold. The README.md files are not part of
# it, because they link files of the repository. The last line follows every link.
site: build ## make the web site of RESULTS, in OUT/site
	site=$$OUT/site main=$$OUT/site/zerortt && rm -rf "$$site" && mkdir -p "$$main" && \
	cp -R results/zerortt/BACKPORTS.md results/zerortt/reports results/zerortt/evidence results/zerortt/forks results/zerortt/against-newest "$$RESULTS/." "$$main" && \
	cp -R results/advisories "$$site" && if [ -d "$$OUT/advisories" ]; then cp -R "$$OUT/advisories" "$$site"; fi && \
	find "$$site" -name README.md -exec rm {} + && ./matrixrun index "$$site" -o "$$site/index.html" && \
	./matrixrun report "$$main" --format svg -o "$$main/matrix.svg" && \
	./matrixrun report "$$main" --format badge -o "$$main/badge.svg" && \
	for name in $$(ls "$$main"); do [ $$name = index.html ] || cp -R "$$main/$$name" "$$site" || exit; done && \
	for dir in "$$main" "$$main/forks" "$$site/forks" "$$site/against-newest" "$$site/advisories"; do ./matrixrun report "$$dir" --format html -o "$$dir/index.html" || exit; done
	SITE=$$(cd "$$OUT/site" && pwd) go test -count=1 -run '^TestPageLinks$$' ./cmd/matrixrun

prune: build ## shrink the record to fit into the cache of a workflow
	./matrixrun cache --prune --max-size 500MB

# The settings of a job are for its own code: they decide what check finds there, and not
# how matrixrun is compiled.
verdict: ## check a program or a patch, as the action does for other repositories
	GOTOOLCHAIN=auto GOWORK=off GOFLAGS=-trimpath $(MAKE) --no-print-directory build
	bash .github/actions/check/verdict

workflows: ## run the steps of the workflows here, on two releases
	@bash .github/rehearse
