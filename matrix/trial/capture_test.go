package trial_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// datagrams is the format of the file with a trial's datagrams.
const datagrams = `{"scenario": %q, "trial": %d, "keylog": "", "datagrams": [
	{"us": 5, "from": "client", "client": "127.0.0.1:4242", "server": "127.0.0.1:4443", "data": "aGVsbG8="}]}`

// playWithEvidence prints n trials, of which the third leaks, and writes the files of
// each. The role is the scenario's name: it says what goes wrong.
func playWithEvidence(role string, n int, folder string) {
	for i := range n {
		stem := filepath.Join(folder, fmt.Sprintf("%s-%d", role, i))
		leave(role, stem, fmt.Sprintf(datagrams, role, i))
		if role == "crash" && i == 1 {
			fmt.Fprintln(os.Stderr, "writing", stem)
			panic("no\tspace")
		}
		outcome := "clean"
		if i == 2 {
			outcome = "leak"
		}
		fmt.Printf(`{"scenario":%q,"trial":%d,"outcome":%q,"why":"it was\nseen","elapsed_us":7}`+"\n", role, i, outcome)
	}
}

// leave writes the files of one trial.
func leave(role, stem, text string) {
	files := map[string]string{".json": text, "-client.log": "the client of " + filepath.Base(stem), ".server.log": "server"}
	switch role {
	case "fill":
		_ = os.WriteFile(stem+".log", make([]byte, 64<<20), 0o666) // as far as it goes
		clear(files)
	case "nothing":
		clear(files)
	case "half":
		files[".json"] = text[:len(text)/2]
	case "another":
		files[".json"] = strings.Replace(text, `"trial": 2`, `"trial": 1`, 1)
	case "base64":
		files[".json"] = strings.Replace(text, "aGVsbG8=", "?", 1)
	case "taken":
		files[".pcapng"] = "mine"
	case "twice":
		files["_server.log"] = "again"
	case "odd":
		files[".a b"] = "a blank"
	case "many":
		for i := range 32 {
			files[fmt.Sprintf(".%d", i)] = ""
		}
	case "crowd":
		for i := range 1_000 { // as if they were of further trials
			check(os.WriteFile(stem+strconv.Itoa(i), nil, 0o666))
		}
	case "long":
		files["."+strings.Repeat("x", 200)] = ""
	case "sparse":
		check(os.WriteFile(stem+".log", nil, 0o666))
		check(os.Truncate(stem+".log", 8<<30))
	case "huge":
		check(os.WriteFile(stem+".log", nil, 0o666))
		check(os.Truncate(stem+".log", 64<<20))
	case "link":
		delete(files, ".json")
		check(os.Symlink("/etc/hosts", stem+".json"))
	case "folder":
		check(os.Mkdir(stem+".d", 0o777))
	}
	for suffix, text := range files {
		check(os.WriteFile(stem+suffix, []byte(text), 0o666))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// capturing captures a leak of a scenario in up to n trials.
func capturing(t *testing.T, scenario string, n int) (*matrix.Trace, matrix.Evidence) {
	t.Helper()
	leaks := func(t *matrix.Trial) bool { return t.Outcome == matrix.OutcomeLeak }
	trace, e, err := trial.Capture(t.Context(), program(t), scenario, n, limits, leaks)
	if err != nil {
		t.Fatal(err)
	}
	return trace, e
}

func TestCapture(t *testing.T) {
	t.Parallel()
	trace, e := capturing(t, "good", 13)
	if len(trace.Trials) != 13 || len(trace.Failures) != 0 || e.None != "" || e.Trial.Trial != 2 || e.Trial.Outcome != matrix.OutcomeLeak {
		t.Fatalf("%d trials, failures %+v, evidence of %+v, none %q", len(trace.Trials), trace.Failures, e.Trial, e.None)
	}
	var suffixes []string
	for _, f := range e.Files {
		suffixes = append(suffixes, f.Suffix)
	}
	if diff := cmp.Diff([]string{".client.log", ".pcapng", ".server.log"}, suffixes); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	// The files of trials 10 to 12 begin with "good-1" too. Those of trial 2 leaked.
	if got := string(e.Files[0].Data); got != "the client of good-2" {
		t.Errorf("the log is %q", got)
	}
	r, err := pcapgo.NewNgReader(bytes.NewReader(e.Files[1].Data), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	data, _, err := r.ReadPacketData()
	if err != nil || !bytes.HasSuffix(data, []byte("hello")) || r.SectionInfo().Comment != "good: leak: it was seen" {
		t.Errorf("the first packet is %q, %v; the comment %q", data, err, r.SectionInfo().Comment)
	}
}

func TestCaptureWithout(t *testing.T) {
	tests := []struct {
		scenario string
		trials   int
		none     string
	}{
		{"good", 2, ""}, // only the third trial leaks
		{"nothing", 3, "the reproduction left what cannot be used: there is no nothing-2.json"},
		{"half", 3, "the reproduction left what cannot be used: half-2.json: reading a trial's datagrams: unexpected end of JSON input"},
		{"another", 3, "the reproduction left what cannot be used: another-2.json: it has trial 1 of another: want trial 2 of another"},
		{"base64", 3, "the reproduction left what cannot be used: base64-2.json: reading datagram 0 of a trial: data: illegal base64 data at input byte 0"},
		{"taken", 3, "the reproduction left what cannot be used: taken-2.pcapng: a file of this name cannot be kept"},
		{"twice", 3, "the reproduction left what cannot be used: twice-2_server.log: a file of this name cannot be kept"},
		{"odd", 3, "the reproduction left what cannot be used: odd-2.a b: a file of this name cannot be kept"},
		{"huge", 3, "the reproduction left what cannot be used: huge-2.log: the trial left more than 67108864 bytes"},
		{"sparse", 3, "the reproduction left what cannot be used: sparse-2.log: the trial left more than 67108864 bytes"},
		{"many", 3, "the reproduction left what cannot be used: the trial left more than 32 files"},
		{"crowd", 3, "the reproduction left what cannot be used: the trials left more than 2000 files"},
		{"long", 3, "the reproduction left what cannot be used: long-2." + strings.Repeat("x", 93) + ": a file of this name cannot be kept"},
		{"link", 3, "the reproduction left what cannot be used: link-2.json: it is a link"},
		{"folder", 3, "the reproduction left what cannot be used: folder-2.d: it is a folder"},
		{"crash", 3, "the reproduction fails where it is to keep evidence: exit status 2: panic: no space"},
		{"no-such-flag", 3, "the reproduction fails where it is to keep evidence: exit status 2: "},
	}
	for _, test := range tests {
		t.Run(test.scenario, func(t *testing.T) {
			t.Parallel()
			trace, e := capturing(t, test.scenario, test.trials)
			if !strings.HasPrefix(e.None, test.none) || (e.None == "") != (test.none == "") || len(e.Files) > 0 {
				t.Errorf("none %q, %d files; want none %q", e.None, len(e.Files), test.none)
			}
			for _, f := range trace.Failures {
				if strings.Contains(f.Log, "matrixrun-run-") || test.scenario == "crash" && !strings.Contains(f.Log, "EVIDENCE/crash-1") {
					t.Errorf("the log contains a path of this machine: %s", f.Log)
				}
			}
		})
	}
}

// TestCaptureLeavesNothing checks that the folder for evidence is removed.
func TestCaptureLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	capturing(t, "good", 3)
	capturing(t, "crash", 3)
	dir, err := scratch.Root()
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 { // its lock
		t.Errorf("left %v, %v", left, err)
	}
}
