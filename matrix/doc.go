// Package matrix defines the words of matrixrun as Go types: suites, releases,
// patches, rows, trials, cells and results. They are what one stage of the
// pipeline hands to the next. The package also has the questions that several
// stages ask of them, each answered once: whether a verdict is a leak, which of
// two is worse, what a row is called, how verdicts change over the releases.
//
// A release can have further rows, each for another version of Go than the rules of the
// suite choose. Such a row is called v1.2.3@go1.21.13, and what it shows holds for that
// version of Go alone: it is in no range (see SourceToolchain).
//
// The target can also be what is no release: a version of a fork, a folder, or a
// commit of a clone. Such a row is called example.com/fork@v1.2.3,
// dir@0123456789ab or main@0123456789ab (see RowID), comes after the release that it
// is nearest to, and goes by the rules for that.
//
// A suite asks one question about one module, its target: which releases have
// this defect? The answer is a table. It has a row for each build of the target
// (a release, or a release with patches) and a column for each scenario. Eight
// stages produce it. Each is a package that imports no other stage:
//
//	input                 stage             result
//	matrix.yaml, patches    spec            *Spec, *Patch: the question, or all its mistakes at once
//	Release               1 source          Source: the release, downloaded and verified against its checksum; or a zip made of a folder or a commit
//	*Spec, *Patch         2 plan      pure  *Plan: rows in a stable order, and the reason for each row left out
//	Row, Source           3 tree            *Workspace: the patched target, the reproduction, a go.mod that replaces the one with the other
//	*Workspace            4 build           *Artifact: one binary, or the compiler's complaint
//	*Artifact             5 trial           *Trace: what the scenarios reported, run under limits
//	Row, Source             upstream        *TestRun: the result of the release's own tests, if asked for
//	*Trace                6 judge     pure  Cell: the verdict, how certain it is, and why
//	                      7 record          all of these, by the hash of everything that could change them
//	*Results              8 grid      pure  *Grid: the table with its sentences, footnotes and intervals
//	*Grid                   report    pure  terminal, Markdown, HTML, SVG, JUnit, ...: functions of the grid alone
//
// Sweep drives the stages 1 and 3 to 7 over the rows of a plan, several rows at a
// time, and asks the record before it does anything. These packages work with
// results:
//
//	codec    pure  results.json, read strictly: with every mistake
//	osv      pure  which versions a published vulnerability record calls affected
//	output         the folder that -o names: results.json, reports, evidence
//	merge    pure  the results of all shards of a run, as one run would have had them
//	compare  pure  what changed between two runs, and whether it got worse
//	bisect   pure  the state of a history at which a verdict changed, with few questions
//	history        the commits of a clone, as such states
//	fork           a release with patches, as a folder or as a module version
//
// These answer for a program of the user, in this order; *Check is the result:
//
//	program        *Program: the modules that a build selects, and the folders with their code
//	content        []Likeness: the releases that code of the target in a module is nearest to
//	reach          []Reach: the scenarios that the program gets to, by a call graph
//	remedy         Fix: changes of the program that help, tried in a copy
//
// Package text has the small pieces of English that all messages share, checksum
// the digests of files, scratch the temporary files, and interrupt the signals that
// end the program. Below internal are helpers; proc starts processes, sandbox contains
// those of foreign code, and gocmd alone knows the go command.
//
// A Go error means that something could not be found out. A patch that does not
// apply, a build that fails, a crash and a timeout are answers: they become a
// state or a verdict, with a reason. No package here knows what the target is
// for. That is in the data of the suites, below the folder suites.
//
// TestArchitecture checks these rules.
package matrix
