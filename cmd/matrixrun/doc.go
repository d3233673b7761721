// Command matrixrun finds out, with proof, which releases of a Go module have a
// defect, and which local patches cure it.
//
// A suite asks the question: a folder with a matrix.yaml, a releases.lock and a
// reproduction, which is a package main that can show the defect. For every
// release matrixrun rewrites the replace directive of a go.mod, compiles the
// reproduction with the toolchain of that release, runs each scenario as often
// as asked, and judges what the trials prove. The suite zerortt comes with the
// program: in which releases of quic-go do resets of a rejected 0-RTT attempt
// reach the next connection?
//
// # Running
//
//	matrixrun run [SUITE]
//
// SUITE is the name of a shipped suite or a folder with a matrix.yaml; zerortt
// where none is given. Rows appear on standard error as they are answered, the
// most telling first; the answer and the table come last, on standard output.
//
// A reproduction may have packages of its own in folders below it. Those that do
// not import the target are compiled once for all releases that share a
// toolchain, which is most of what a row costs where they are large. They are
// imported below the path of the reproduction's module: that of its go.mod, else
// the one in matrix.yaml (reproduction: {folder: repro, module: PATH}), else
// matrixrun.test/repro.
//
//	matrixrun run
//	matrixrun run --versions '>= 0.44, < 0.50'
//	matrixrun run --only v0.47.0,v0.48.0 --scenario 'after-*'
//	matrixrun run --sample last-patch --trials 50 --fixed -o out
//	matrixrun run --only v0.47.0 --patch drop-late-resets
//	matrixrun run --sample last-patch --server-version v0.65.0
//
// What to run:
//
//	--versions RANGE   releases in a range of hashicorp/go-version; mind that
//	                   '~> 0.47' admits v0.48.0, and '~> 0.47.0' does not
//	--only VERSIONS    these versions, separated by commas; one that the lock
//	                   lacks is asked of the module proxy
//	--sample SAMPLE    of the selected releases only last-patch (the newest of
//	                   each minor line), latest-N (the newest N) or evenly-N
//	                   (N from end to end)
//	--prerelease       the lock's pre-releases too
//	--patch NAME       add a row with a patch for each release that the patch
//	                   names; again for several patches on one release, in order.
//	                   NAME is a folder below ./patches, a shipped patch, or,
//	                   with a slash in it, any folder; a diff file, too
//	--patched          add to each release a row with all patches that name it,
//	                   together: those below ./patches and, for a shipped suite,
//	                   the shipped ones
//	--server-version VERSION
//	                   let the clients of all rows talk to servers of this
//	                   release, in a process of their own: what a client leaks, a
//	                   server of any age sees. Where the two share no version of
//	                   the protocol the cells are unsupported, and say so
//	--scenario GLOB    only scenarios that match, and always the control and the
//	                   planted ones; again for several
//	--trials N         proven trials of each cell at most, 10 by default
//	--fixed            take all of them, also where a cell is settled earlier
//
// How to run it:
//
//	--jobs N           rows at a time; by default one for each CPU
//	--fresh            start over: build and try all again
//	--cache DIR        where the record is kept, by default the folder matrixrun
//	                   in the user's cache folder. A binary of each row is kept
//	                   too, so that more trials need no new build
//	--explain          say for each row why it was not recalled: what changed
//	                   since it was built and tried last, what is missing or
//	                   damaged
//
// Which part of it to run, as the section Shards tells:
//
//	--shard I/N        part I of N alone
//	--times FILE       divide the rows by what they took in another results.json
//
// What to print:
//
//	--json             an event a line on standard output, and no table; the last
//	                   one is done, which says whether the run was interrupted
//	-o, --out DIR      write results.json, the reports made of it and the evidence
//	                   to DIR, see Results
//	--since RESULTS    tell in results.json what changed since those results, as
//	                   diff does: a results.json, or the folder of one, which
//	                   may be DIR itself
//	--evidence CELLS   the cells of which -o keeps evidence: leaks (those that
//	                   leak, always or at times, the default), ends (one of
//	                   each scenario at both ends of each interval, clean ones
//	                   too where nothing is patched), all (clean ones too) or none
//
// # The plan
//
//	matrixrun plan [SUITE]
//
// prints the rows that run would answer with the same flags, in that order, with
// what each is made of; the CPU time that it is expected to take; and what is left
// out, with the reason. Nothing is downloaded, built or run.
//
//	matrixrun plan
//	matrixrun plan --sample last-patch --patch drop-late-resets
//	matrixrun plan --shards 8
//
// --versions, --only, --sample, --prerelease, --patch, --patched, --server-version
// and --scenario are as for run.
//
//	--json             one document, where run has an event a line
//	--shards N         how N jobs share the rows, see Shards; 256 at most
//	--times FILE       expect what the rows took in another results.json
//
// The times are those of the results.json that came with the program, or of
// --times: of its costs, all but the tools, which are a part of the build. A time
// with a ~ is an estimate, since that file lacks the row: the median of the rows
// that its toolchain compiled there, else of all rows; 4 seconds where the file
// tells of none. The sum has 25 seconds more for each toolchain, whose standard
// library is compiled first.
//
// # Shards
//
//	matrixrun merge SHARD...
//
// joins what several machines found out, each of which did a part of one run.
// plan --shards N divides it, and prints a matrix for GitHub Actions on one line,
// with what each job has to do:
//
//	matrixrun plan --shards 2
//	{"include":[{"shard":"1/2","index":1,"of":2,"rows":50,
//	  "releases":"v0.20.0 - v0.45.2","seconds":290}, ...]}
//
//	matrixrun run --shard 1/2 -o shard-1
//	matrixrun run --shard 2/2 -o shard-2
//	matrixrun merge shard-1 shard-2 -o out
//
// The parts are releases that follow each other by version, patched rows with
// their release, such that the largest part takes as little CPU time as it can;
// each pays for the toolchains that it needs. They follow from the suite, the flags
// and the times alone, never from what a machine has in its record: give plan and
// every run the same flags. There are never more parts than releases: plan prints
// as many as there are, and run refuses an N above that. A part's exit code is that
// of its rows; what the plan leaves out, each part tells.
//
// SHARD is a folder that run -o has written, or the results.json in it; their order
// says nothing. merge prints the table, and exits, as one run of it all would have.
//
//	-o, --out DIR      write results.json, the reports made of it and the evidence
//	                   to DIR, which is no shard's folder
//	--since RESULTS    as for run
//
// Rows, intervals and evidence are those of one run; the host is that of part 1,
// and the time that of the last. What is wrong is told all at once, with the file,
// and nothing is written then. A shard, a row, a cell or a file of evidence that is
// missing makes the exit code 3. Bad input, with the exit code 2, is a file that is
// torn; a shard, a row or a cell that comes twice; and shards that are not of one
// run: of another matrix.yaml, lock, reproduction, patch, version of matrixrun,
// platform, --trials, --fixed, --evidence, --server-version, --scenario, or --times.
//
// # Reports
//
//	matrixrun report [RESULTS]
//
// shows what a run found out in another format. RESULTS is a results.json, or the
// folder that run -o has written it to; without it, the results that were
// published when the program was made. Nothing is built or run, and every format
// is made from that file alone.
//
//	matrixrun report
//	matrixrun report out --format markdown -o COMPATIBILITY.md
//
//	matrixrun report out --format junit -o matrixrun.xml
//	matrixrun report --format badge --row v0.50.1 -o badge.svg
//	matrixrun report out --format summary -o summary.md
//
//	--format FORMAT    terminal (the default), or one of those below
//	--row ROW          the row that a badge is of, by default the newest release;
//	                   no other format takes it
//	-o, --out FILE     write the report to FILE, whole or not at all
//
// The formats:
//
//	terminal     the answers and the table, for a screen
//	markdown     the same for a repository, as COMPATIBILITY.md of run -o
//	html         one page that answers for a version or a go.mod, and opens in
//	             any browser, to be put beside results.json
//	json         results.json, laid out anew
//	junit        JUnit XML as Jenkins and Surefire know it: a suite for each row,
//	             a test for the row and each of its cells. A leak that is expected
//	             is a test that passes, and its output says that it leaks. A test
//	             fails where something differs from what is expected, is an error
//	             where it could not be found out, and skipped where there is no
//	             answer and none is missed. Times are CPU seconds, at the row's
//	             own test
//	csv          a line for each cell, after RFC 4180. What a spreadsheet would
//	             take for a formula begins with an apostrophe. The column standing
//	             is "as expected", "differs", "unknown" or "no answer", and empty
//	             where nothing is expected
//	svg          a heat map for READMEs, light or dark as the reader's page is
//	badge        a small SVG that tells how one row fares
//	osv          an array of records in the Open Source Vulnerability format
//	             (1.6), one for all probes that leak in the same releases: the
//	             tested releases that leak, ranges that end with the next tested
//	             one that is clean, and how many trials leaked. It makes no
//	             severity up
//	summary      Markdown for $GITHUB_STEP_SUMMARY: what differs and what is not
//	             known first, and of the table as much as the limit of 1 MiB lets
//	             through
//	annotations  GitHub workflow commands: an error for what differs, a warning
//	             for what is not known, ten of each at most; nothing where all is
//	             well
//
// A file that cannot be read, has a schema that this program does not know, or
// contradicts itself is bad input, with all that is wrong, and the line if there is
// one. So is a link that leads out of the folder of RESULTS. The same holds for
// every command that reads results.
//
// # Your go.mod
//
//	matrixrun check [GO.MOD]
//
// looks up the release that a go.mod has, and tells what was found out about it and
// what can be done: which later release leaks least, which patches cure it, which
// workarounds hold. GO.MOD is a go.mod, the folder of one, or a version; without
// it, the one in this folder. Nothing is downloaded, built or run.
//
//	matrixrun check
//	matrixrun check v0.50.1
//	matrixrun check ../service/go.mod --from out
//
//	--from RESULTS     look it up in a results.json, or the folder that run -o has
//	                   written; by default in what was published when the program
//	                   was made
//	--format FORMAT    terminal (the default), markdown or json
//	-o, --out FILE     write it to FILE, whole or not at all
//
// Former paths of the target and replace lines count. The exit code is 1 where it
// leaks, and 3 where that is not known: of a release that the results lack, of a
// folder or another module that takes its place, of the target's own go.mod, and of
// a go.mod from before Go 1.17, which may lack what other modules require.
//
// # Results
//
// What run -o DIR writes:
//
//	results.json       everything that is known of each row and cell
//	index.html         one page for readers, who type a version or paste a go.mod
//	COMPATIBILITY.md   the answers and the table, as text
//	matrix.svg         the releases as they are, as a picture
//	evidence/          what was kept of trials, see Evidence
//
// All reports are made from results.json alone, by report; the table on the
// terminal is one of them. Its fields:
//
//	suite, target, generated, matrixrun, lock, host, reproduction
//	                 what was asked, when, and by what; the lock and the
//	                 reproduction by their digests
//	scenarios        the columns
//	rows             a release each, or a release with patches: where its source
//	                 came from, its toolchain and adapter, the replace line, its
//	                 state, and its cells
//	rows[].cells     the verdict, leaks of trials, those that proved nothing, the
//	                 interval, what the peer saw, the frames, the evidence
//	intervals        of each scenario, from which release to which a verdict holds
//	costs            the CPU time that each row took
//	since            what changed since earlier results, with --since
//
// The field schema is the number of this layout, 1. Fields may be added under the
// same number; none changes its name or its meaning.
//
// # Suites
//
// A suite is a folder that asks one question of one module:
//
//	matrix.yaml      the question
//	releases.lock    the releases, each with its checksum, as lock writes it
//	repro/           the reproduction: a package main that imports the module
//
// A matrix.yaml with all of its keys but a few that are told elsewhere:
//
//	suite: resets
//	target:
//	  module: example.com/lib        # as the reproduction imports it
//	  former: [{module: example.com/old/lib, releases: "< 1"}]
//	releases: ">= 0.5"               # of those in the lock
//	first: [v1.0.0]                  # the rows to answer before the rest
//	toolchains:                      # the first rule that admits a release holds
//	  - {releases: "< 1", go: go1.20.14}
//	  - {releases: ">= 1", go: go1.26.8}
//	adapters:                        # build tags, where the API differs
//	  - {releases: "< 1", tags: [old]}
//	  - {releases: ">= 1"}
//	reproduction: repro
//	limits: {trial: 10s, build: 5m}
//	scenarios:
//	  - {name: control, kind: control, title: nothing is reset}
//	  - {name: planted, kind: planted, title: the peer is shown a reset}
//	  - name: reset
//	    kind: probe
//	    title: the stream of the old attempt is reset, and the new one must not be
//	    proof: {attempted: true, acted: after-rejection}
//	  - {name: wait, kind: workaround, title: the reset waits for its time}
//	expect:                          # the last rule that names a cell holds
//	  - {scenarios: [reset*], releases: "< 1.2", verdict: leak}
//	  - {scenarios: [reset*], releases: ">= 1.2", verdict: clean}
//
// Ranges are those of hashicorp/go-version. A scenario is one thing that an
// application does, and one column of the table. A probe asks whether something
// leaks, a workaround whether it does not; each is held against its expectation.
// The control and the planted scenario are there to be believed, see Proof.
//
// The reproduction is compiled once for each row, against the release of that row,
// and called as
//
//	repro list                           the scenarios, as JSON
//	repro run -scenario NAME -trials N   the trials of one of them
//	repro run ... -evidence DIR          leave captures (evidence: true)
//	repro serve                          the servers alone (peer: true)
//	repro run ... -peer ADDRESS          the clients alone (peer: true)
//
// A trial is a JSON object on one line of standard output; what goes to standard
// error is kept as a log. The exit code is 0 where the trials could be run,
// whatever they showed. Each trial makes its own sockets and whatever else it
// needs, so that trials can run side by side:
//
//	{"scenario": "reset", "trial": 0, "outcome": "leak", "severity": "stream",
//	 "proof": {"attempted": true, "acted": "after-rejection"},
//	 "saw": [{"side": "server", "stream": 0, "code": 4919, "error": "..."}]}
//
// The outcome is leak, clean or inconclusive, with a line of why; the severity of
// a leak is stream or connection. Mistakes in a suite are told all at once, with
// their lines: plan finds them without building anything.
//
//	matrixrun plan ./my-suite
//	matrixrun lock ./my-suite
//
// # Proof
//
// That a program showed no leak says little: it may have done nothing. What was
// proven counts, therefore, and all else is said to be not known.
//
//   - A leak is what the peer saw. That a call returned an error, or that something
//     timed out, is none.
//   - A trial counts only where it reports what its scenario demands under proof in
//     matrix.yaml: that the attempt left the machine, that it was rejected, when the
//     program acted. Without that it is inconclusive, and repeated once. A clean
//     trial must also have used what could have leaked.
//   - Every binary proves itself. Its control scenario, in which nothing may leak,
//     must be clean, else all cells of its row are errors. Its planted scenario, which
//     makes a leak by other means, must be seen to leak, else none of its cells is
//     clean: a reproduction that sees no leak would find none.
//   - What was seen on the wire has the last word. Where a decoder that takes nothing
//     from the module contradicts a trial, the cell is an error.
//   - Every source is verified. A release whose checksum is not that in releases.lock
//     is refused; a row's binary is known by its SHA-256, and can be made again by
//     the lines that show prints.
//
// How sure a verdict is, its numbers tell: k leaks in n proven trials, with the
// two-sided 95 % interval after Clopper and Pearson in results.json. With 0 leaks
// in 10 trials a rate of up to 31 % is within it; in 200, up to 1.8 %:
//
//	matrixrun run --only v0.48.0 --scenario after-both --trials 200 --fixed
//
// # Comparing two runs
//
//	matrixrun diff OLD NEW
//
// tells what changed from one results.json to another, cell by cell: worse, less
// certain, gone, new, better, more certain, or expected to be something else. What
// changed alike in several scenarios and neighbouring releases is one line.
//
//	matrixrun diff results/zerortt out
//	matrixrun diff results/zerortt out --part --format markdown -o diff.md
//
//	--format FORMAT    terminal (the default): one screen, the worst first, and
//	                   how much was left out; markdown: for a comment or a
//	                   summary; json: one document; issue: the text of an issue,
//	                   its title on the first line, and nothing where nothing got
//	                   worse
//	-o, --out FILE     write it to FILE, whole or not at all
//	--part             NEW is of some rows or scenarios: leave out what it lacks
//
// Worse is a cell that leaks more, or more often; a leak that can kill the
// connection is worse than any that cannot. So is a release that OLD does not
// know, where it leaks more than the one before it, a patch that does less good, a
// control or a planted scenario that fails. The exit code is 1 for what is worse,
// and for what was known and is not any more: a verdict that became vacuous, error
// or unsupported, a row that does not build or is gone. The same verdict from fewer
// trials, a new row, or another expectation are told, and do not count; neither does
// a flaky cell that always leaks now, where chance may explain it.
//
// # Verdicts
//
// A trial counts only when it proves that it did what its scenario says; else it
// is inconclusive, and repeated once. Of n proven trials k leaked:
//
//	leak         k = n
//	flaky        0 < k < n
//	clean        k = 0, and the cell is settled or n is what --trials says
//	vacuous      too few proven trials to say clean
//	error        a trial crashed, hung or flooded its output, a capture
//	             contradicts it, or the row's control scenario failed
//	unsupported  the suite has no adapter for the API of that release, or it
//	             and the servers' release have no version in common
//
// As long as all trials of a cell agree, it can be settled before it has as many
// as --trials says: by the sequential test whose parameters are the key settle
// of matrix.yaml, and never with fewer than five. A suite without that key takes
// all, as --fixed does.
//
// A flaky cell is tried again with nothing else running in the same sweep, since
// a busy machine can make one, and its numbers are those of that run. It stays
// flaky where all trials agree then: the numbers are those of both runs there,
// since what leaked once leaks. Its footnote tells what each run showed.
//
// Every row has a control scenario, which must be clean, and a planted one,
// which must leak: they show that in this very binary the reproduction works and
// a leak would be seen. A row without cells has a state: patch-conflict,
// build-failed or unavailable.
//
// # Evidence
//
// Where the suite's reproduction can keep what its trials sent, a run with -o
// repeats each cell that leaks until one trial shows it again, and writes
//
//	DIR/evidence/ROW/SCENARIO.pcapng   that trial's datagrams, with their secrets
//	DIR/evidence/ROW/SCENARIO.*        what else it left, such as a qlog
//
// results.json names the files of each cell, or says why there are none. The
// secrets stand in the capture itself, so that Wireshark and tshark show
// decrypted packets without a setting:
//
//	tshark -r out/evidence/v0.47.0/after-both.pcapng \
//	  -Y 'quic.frame_type == 4 || quic.frame_type == 5'
//
// Evidence is recorded like all else, so that a second run repeats no trial for
// it. Files of an earlier run in DIR that no longer belong are removed.
//
// A reproduction may also tell what its own decoder saw on the wire. Where that
// contradicts a trial the cell is an error.
//
// # Patches
//
// A patch is a folder named after what it does, with a unified diff for each range
// of releases that needs one of its own. Those below ./patches are found by their
// names, and so are those that come with the program; any other folder, or a diff
// file, by its path. Each diff has a header, after DEP-3 of Debian:
//
//	Description: drop what is sent for streams of a rejected attempt
//	 More lines begin with a blank.
//	Origin: who wrote it, and against which release
//	Bug: https://example.com/lib/issues/1
//	Applied-Upstream: v1.2.0
//	Releases: >= 1.0, < 1.2
//	Fixes: reset* wait
//	--- a/lib.go
//	+++ b/lib.go
//
// Releases is the range that the diff is for: no two diffs of a patch may name the
// same release, and a release that none names gets no row. Fixes names the
// scenarios that are to be clean with it. Description and Releases must be there.
//
// The context of each hunk must match exactly, at whatever line: there is no fuzz.
// A patch goes on
//
//	exact       where its line numbers say
//	offset      at other lines
//	already     not at all: the release has it
//	conflict    not at all: the row's state is patch-conflict, with the hunk
//
// What the patches of a row did to the scenarios in their Fixes, against the same
// release without them, is the first of these that holds:
//
//	conflict      one of them does not go on
//	unbuildable   the patched release does not compile
//	regresses     something that was clean no longer is
//	still-leaks   something that it is to cure still leaks
//	fixes         what leaked is clean
//	not-needed    nothing leaked before
//
//	matrixrun run --only v0.47.0 --patch drop-late-resets
//	matrixrun backport drop-late-resets --versions '>= 0.40'
//	matrixrun fork v0.47.0 --patch drop-late-resets -o quic-go
//
// # Backports
//
//	matrixrun backport PATCH... [SUITE]
//
// tries a patch on every release of a range, beside the same release without it,
// and prints a row a release: how the patch applies (exact, offset by so many
// lines, already there, conflict; not for, where no variant of it names the
// release), whether it builds, how many of the scenarios that it is to cure leak
// before and after, whether everything else is unchanged, and what the release's
// own tests say. Where the patch falls short, it says what to do next.
//
//	matrixrun backport drop-late-resets
//	matrixrun backport drop-late-resets --versions '>= 0.44' --upstream-tests
//	matrixrun backport fix.patch --versions '= 0.47.0' --fix 'after-*'
//	matrixrun backport --git ../clone d22d57973 --fix 'after-*' -o out
//
// PATCH is what run takes for --patch; a diff file as git diff, git format-patch
// or diff -u write it, with or without a header; or a commit. Several go on
// together, in their order. The last word is the suite where it is a shipped
// one's name or a folder with a matrix.yaml, behind one PATCH at least.
//
//	--git CLONE        each PATCH is a commit of a clone: what it changes against
//	                   its first parent. CLONE is the module's folder in it
//	--fix GLOB         what it is to cure; again for several. By default the
//	                   scenarios of the patch's Fixes; without such a field, all
//	                   that the release leaks without the patch
//	--each             try each PATCH by itself, and on the last patch release of
//	                   each minor line all that are for it together
//	--versions RANGE   by default the releases that the patches' headers name;
//	                   without one, all. A diff file is tried on all that are
//	                   asked for, whatever its header says
//	--upstream-tests   run the tests that the release ships, those of the packages
//	                   that the patch touches, with the patch and without it. What
//	                   fails without it too is not held against it; what differs
//	                   is run again, alone and on both sides, and is flaky if it
//	                   does not differ each time
//	--upstream-limit D what the tests of a package may take, 5m by default
//	-o, --out DIR      write results.json and BACKPORTS.md to DIR, and for --git
//	                   the diffs, as files that matrixrun show takes
//
// --only, --sample, --prerelease, --scenario, --trials, --fixed, --jobs, --fresh,
// --explain, --json and --cache are as for run; what is to be cured is tried whatever
// --scenario says. The exit code is 1 where a patch falls short anywhere: it
// conflicts, does not compile, leaves a leak that it is to cure, makes something
// worse, or breaks a test that the release ships.
//
// # One cell
//
//	matrixrun show ROW/SCENARIO [SUITE]
//
// prints one cell from the record, or from the results that a run has written;
// nothing is built or run. It tells the verdict
// and what it rests on: each trial with its proof, what either side saw in the one
// that decided, the frames that the reproduction's own decoder saw on the wire,
// and where the evidence is. ROW is as in the table: a release, and +NAME for each
// patch.
//
//	matrixrun show v0.47.0/after-both
//	matrixrun show v0.47.0+drop-late-resets/after-both
//	matrixrun show v0.47.0/after-both -o by-hand
//	matrixrun show v0.65.0/closed-write --from results/zerortt
//
// At the end stand the lines that repeat the cell by hand, in a shell in an empty
// folder. The first of them is show itself with -o, which writes a go.mod with the
// row's replace line, the go.sum and the reproduction's files; and, where no proxy
// serves the target because it was patched or rehomed, the target's tree. From
// there on it takes the go command alone.
//
//	-o, --out DIR      write that, and the evidence that the record has, to DIR,
//	                   which must be empty or new
//	--trials N         judge by N proven trials at most, as run does; the record
//	                   may hold more
//	--fixed            judge by all of them
//	--server-version VERSION
//	                   the cell of a run with the same flag; to repeat it by hand,
//	                   both programs are built
//	--from DIR         take it from what run -o has written to DIR: the verdict
//	                   with what the trial that decided it saw, and the evidence,
//	                   but not the other trials
//	--json             one document: the row, the cell, its trials and the lines
//	--cache DIR        where the record is
//
// Show exits with 0 whatever the cell's verdict, with 3 where the record lacks
// it, and says which run makes it, and with 2 where there is no such row or
// scenario.
//
// # Forks
//
//	matrixrun fork VERSION [SUITE]
//
// writes a release with patches applied, for those who cannot upgrade. All of its
// packages are compiled first, with the toolchain of the row. Where a patch does
// not go on, or is in the release already, or what it makes does not compile,
// nothing is written.
//
//	matrixrun fork v0.47.0 --patch drop-late-resets -o quic-go
//	matrixrun fork v0.47.0 --patch drop-late-resets --goproxy forks
//
//	--patch NAME       as for run; again for several, which go on in order
//	-o, --out DIR      write the tree to DIR, which must be empty or new: a
//	                   replace line can name it
//	--force            replace an earlier fork in DIR, unless a file of it was
//	                   changed or added since
//	--goproxy DIR      add the fork, as a version of the module, to a folder that
//	                   GOPROXY can name or any web server can serve. What else is
//	                   in it stays
//	--module-zip       write such a folder with -o too, as DIR/FORK/goproxy
//
// DIR/FORK holds what the fork is made of: README.md, which tells how it is used;
// fork.json, with the checksums of the release, of the fork and of its go.mod as
// a go.sum has them, the digest of each patch and how it went on; SHA256SUMS of
// all files; and each patch as a diff. It has a go.mod of its own, so that it is
// no part of the module above it and the checksums do not cover it.
//
// The release keeps the module path under which it was published, also where that
// is a former one: programs that use it import that. The version of a fork, such
// as v0.47.1-0.matrixrun.drop-late-resets.h0123456789ab, is newer than the release
// and older than the next one, and ends with a digest: other patches, or other
// bytes in them, make another version. Two runs write the same bytes.
//
// # The lock
//
//	matrixrun lock [SUITE]
//
// adds to releases.lock what the module proxy lists.
//
//	matrixrun lock
//	matrixrun lock --prerelease ./my-suite
//
// releases.lock holds the releases, each with the module path that serves it and
// its checksum. A download with another checksum is refused. lock adds the
// releases that the module proxy lists, with --prerelease also pre-releases, and
// never drops one, since a proxy's list is often partial.
//
// # Schemas
//
//	matrixrun schema FILE
//
// prints the JSON Schema (draft 2020-12) of FILE, which is matrix.yaml or
// results.json. With the first in a file beside a suite's matrix.yaml, and the line
// "# yaml-language-server: $schema=matrix.schema.json" at the top of that, an editor
// completes the keys of a suite and explains them; with the second, whoever reads a
// table can tell whether it is one.
//
//	matrixrun schema matrix.yaml
//	matrixrun schema results.json
//
// # The record
//
//	matrixrun cache
//
// tells what the record holds: how many builds, binaries, traces and so on, how
// many bytes, and the folder.
//
//	matrixrun cache
//	matrixrun cache --prune
//	matrixrun cache --prune --max-size 500MB --max-age 30d --dry-run
//
// Everything in it is known by a hash over all that could change it: a build by
// the reproduction's sources, the release's checksum, the patches' bytes, the
// toolchain, the flags, the environment, the adapter and the platform; trials by
// the binary's SHA-256, the scenario and the limits. It is checked when it is
// read, and what is damaged is made again. So is what was removed: any file of the
// record, or all of it, may go at any time between runs.
//
// The record is bounded. After a run, once a day, what nobody has used for 90 days
// goes, and then what was not used for longest until 4 GB are left. Nothing goes
// that was used within the last day, by this run or any other.
//
//	--prune            do that now, and remove damaged files and those that a
//	                   killed run has left behind. What was used within the last
//	                   day goes too, unless a run is using the record
//	--max-size SIZE    leave so much at most: 500MB, 2GiB, 0; 4GB by default
//	--max-age AGE      leave what was used since: 30d, 1d12h, 720h; 90d by default
//	--dry-run          remove nothing, but tell what would be
//	--json             one document
//	--cache DIR        where the record is. A folder that is none is left alone
//
// Several runs may share a record at once. Each build, and the trials of each
// scenario of a binary, are made by one of them while the others wait for it; one
// that is killed holds up nobody. Two processes with --fresh do all twice. Where
// the file system has no locks, some work is done twice, and comes to the same.
//
// Trials that are to run apart from all others do so within one process: it does
// not know what others load the machine with.
//
// # Help, completion and man pages
//
//	matrixrun help [COMMAND|TOPIC]
//
// tells of a command, as --help does, or of a topic, which is a section of this
// manual. Without a word it lists both.
//
//	matrixrun help verdicts
//	matrixrun help manual --markdown
//
//	--markdown         print a topic as Markdown
//
//	matrixrun completion SHELL
//
// prints a script for a SHELL, which is bash, zsh, fish or powershell, and which
// then completes commands, flags and what they take: releases, patches, scenarios,
// cells, formats. Where each looks for such scripts, the help of completion tells.
//
//	matrixrun man
//
// writes the man pages of all commands and topics.
//
//	-o, --out DIR      write them to the folders man1 and man7 in DIR
//
// # Exit codes
//
//	0  all was found out, and nothing differs from what matrix.yaml expects
//	1  all was found out, and something differs: a cell of an unpatched release
//	   from its expectation, a patch falls short of what it is to fix, or a fork
//	   cannot be made of it
//	2  the command line, matrix.yaml or a patch is wrong; every mistake is named
//	3  something could not be found out: a vacuous or error cell, an unavailable
//	   row, a release that does not build, unless matrix.yaml expects just that;
//	   a shard that is missing; the run was interrupted; or what it prints
//	   could not be written
//
// # Files and environment
//
// Nothing in the user's own tree is written, but for -o, --goproxy and the lock. Rows are
// laid out in temporary folders and built by the go command, with GOPROXY,
// GOSUMDB, GOMODCACHE and GOCACHE as they are set, and all that could change a
// binary set on purpose. Toolchains are fetched by the go command.
//
// Suites, patches and the published results that are said to come with the program
// are in it: it runs in any folder, and reads no other.
//
// Colours are for terminals alone: a file or a pipe gets none.
//
//	NO_COLOR           not empty: no colours, whatever the others say
//	CLICOLOR_FORCE, FORCE_COLOR
//	                   neither empty nor 0: colours in a pipe too
//	CLICOLOR           0: no colours
//	TERM               dumb: neither colours nor a line that is drawn anew
//
// Lines are as wide as the terminal, prose up to 100 characters. Elsewhere COLUMNS
// says how wide they may be.
//
//	COLUMNS            the width of lines where there is no terminal to ask
//	SOURCE_DATE_EPOCH  the date of man pages, in seconds since 1970
package main
