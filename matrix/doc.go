// Package matrix holds the words of matrixrun as Go types: suites, releases,
// patches, rows, trials, cells and results, and the values that one stage of
// the pipeline hands to the next.
//
// A suite asks one question of one module, its target: "which releases have
// this defect?" The answer is a table with a row for each build of the target
// and a column for each scenario, found out in eight stages. Each is a package
// of its own that imports this one and never another stage; only sweep and the
// command see several of them.
//
//	matrix.yaml, patches/        spec      reads the question, reports all its mistakes at once
//	  -> *Spec, *Patch  1 FIND   source    downloads releases and verifies them against their checksum
//	  -> Source         2 PLAN   plan      rows in a stable order, each skip with its reason (pure)
//	  -> *Plan, Row     3 LAY    tree      the workspace: target patched, reproduction beside it, go.mod rewritten
//	  -> *Workspace     4 BUILD  build     one binary, or the compiler's complaint
//	  -> *Artifact      5 RUN    trial     executes scenarios under limits, collects what they report
//	     Row            5 TEST   upstream  what the tests that a release ships say of patches, where that is asked
//	  -> *Trace         6 JUDGE  judge     verdicts from traces (pure)
//	  -> Cell           7 RECORD record    kept by the hash of all that could change them
//	  -> *Results       8 SHOW   grid      the table: rows, columns, intervals, footnotes (pure)
//	  -> *Grid                   report    terminal, Markdown, JSON
//	                             sweep     drives 1 and 3 to 7 over all rows in bounded parallel, asks record first
//
// Beside them stand what joins a run that several machines did, what holds two runs
// against each other, and what is made of a release and patches that have proved good:
//
//	*Results of shards           merge     the results that one machine would have had, or what is missing or doubled (pure)
//	two *Results                 compare   what changed from one run to the next, and whether it is for the worse (pure)
//	Row, Source                  fork      the patched tree as a folder and as a module version, for others to build against
//
// A Go error means "could not find out". A patch conflict, a build that fails,
// a crash and a timeout are data: they become a state or a verdict with a
// reason. Nothing in here, or in any stage, knows what the target is for; that
// is data of the suite (see the folder suites).
package matrix
