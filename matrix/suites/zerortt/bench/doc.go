// Bench measures matrixrun against the loop that a person would write in its
// place, and against what it promises: make bench runs it.
//
//	go run ./matrix/suites/zerortt/bench
//
// It is run in the module's root, on a machine with nothing else to do. All of
// its figures come from one run on one machine; what is compared runs in turns,
// plain.sh first, and a ratio is taken of each pair, so that a machine that slows
// down half way slows both. The parts are
//
//	cold     an empty build cache and an empty record: plain.sh against matrixrun run,
//	         and matrixrun against the CPU time of the compilers and trials that it ran
//	builds   the same without trials, as far as matrixrun can do without
//	first    from the same start until the releases of the suite's "first" are answered
//	warm     the whole suite, where nothing has changed
//	patch    one line of each variant of a patch changed
//	release  one release added to those that the record has
//	memory   the peak of all processes together, for several --jobs
//
// What has to be downloaded is downloaded before, and whatever is timed runs
// with GOPROXY=off, so that a download fails the bench instead of slowing one
// side of it. So does everything else that would make a figure mean something
// else than it says: a row that was not built, a trial that is missing, an exit
// code other than 0 and 1, something built where nothing was to be.
//
// These variables change what is measured:
//
//	BENCH_RELEASES  which releases, as --versions has them (default ">= 0.46, < 0.56", those around the fix, which one toolchain builds)
//	BENCH_RUNS      how often each part is measured (default 5)
//	BENCH_TRIALS    trials of each cell (default 10)
//	BENCH_ONLY      parts, separated by commas (default all of them)
//
// With all parts it writes results/bench.json, with every single measurement,
// and replaces the table in README.md. With some of them it prints the table
// and writes nothing: figures of two runs do not belong in one table.
package main
