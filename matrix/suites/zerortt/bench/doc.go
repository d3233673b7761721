// Bench compares matrixrun with the loop that a person would write instead, and
// with its own goals. Run it from the root of the module, as make bench does:
//
//	go run ./matrix/suites/zerortt/bench
//
// The machine must be idle. All figures come from one run on one machine. plain.sh
// and matrixrun take turns, and a ratio is computed for each pair of runs, so that
// a machine that slows down for a while slows down both. The parts are
//
//	cold     plain.sh and matrixrun run with an empty build cache and an empty record;
//	         matrixrun is also compared with the CPU time of its compilers and trials
//	builds   the same with as few trials as matrixrun can run
//	first    the time until the releases in the suite's "first" are answered, from a cold start,
//	         and until the first of them is, from a start with nothing compiled
//	warm     the whole suite, with nothing changed since the last run
//	patch    one changed line in each variant of a patch
//	release  one release that the record does not have
//	memory   the peak memory of all processes together, for several values of --jobs
//	check    the command check on a program of 450 packages, and its peak memory; alone, it
//	         downloads no releases
//	bisect   the command bisect over 50 commits, with compiled packages from before
//	sandbox  the CPU time of a run with the sandbox, against one without; alone, it takes
//	         two minutes
//	try      the command try on 7 releases of another module, against a shell loop; alone, it
//	         downloads no releases of the suite
//	remote   cold runs of the whole suite with a remote record on loopback that has everything,
//	         against one without; and four machines that fill one together. Most of it is
//	         measured once only: it takes a quarter of an hour
//
// All downloads happen before anything is timed, and timed runs have GOPROXY=off.
// The bench fails on everything that would falsify a figure: a download, a row
// that was not built, a missing trial, an exit code other than 0 and 1, and a
// build where nothing should be built.
//
// These variables change what is measured:
//
//	BENCH_RELEASES  releases, in the syntax of --versions (default ">= 0.46, < 0.56": around the fix, with one toolchain)
//	BENCH_RUNS      how often each part is measured (default 5)
//	BENCH_TRIALS    trials per cell (default 10)
//	BENCH_ONLY      parts, separated by commas (default all)
//
// With all parts, bench writes every measurement to results/bench.json and replaces
// the table in the README.md of this folder. With some parts it prints the table and writes
// nothing: one table must not mix figures of two runs.
package main
