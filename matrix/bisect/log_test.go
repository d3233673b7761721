package bisect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestLog writes a log and reads it again, with a line that was cut off.
func TestLog(t *testing.T) {
	want := &Log{Suite: "demo sha256:12", Scenario: "late", Entries: []Entry{
		{matrix.PresenceThere, "v1.0.0", "leak", 10, 10, ""},
		{matrix.PresenceUnknown, "v1.1.0", "build-failed", 0, 0, ""},
		{matrix.PresenceAbsent, "v1.2.0", "clean", 0, 10, ""},
		{matrix.PresenceUnreached, "v1.0.0", "vacuous", 0, 0, ""},
		{matrix.PresenceThere, "v1.4.0", "leak", 10, 10, "oci://hub.example/team"},
		{matrix.PresenceUnknown, "v1.5.0", "flaky", 0, 0, "oci-layout:our record"},
	}}
	written := want.Header()
	for _, e := range want.Entries {
		written += e.Line()
	}
	got, err := ParseLog("log", []byte(written+"there v1.3.0 le"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e, ok := got.Find("v1.0.0"); !ok || e.Presence != matrix.PresenceUnreached {
		t.Errorf("got %+v, want the last entry", e)
	}
	if _, ok := got.Find("v1.3.0"); ok {
		t.Error("a line that was cut off counts")
	}
}

func TestLogMistakes(t *testing.T) {
	_, err := ParseLog("log", []byte("suite a b\n# why\nhere v1 leak 1/1\nthere v1 leak\nthere v1 leak 3/2\nunknown v1 error 0/1\n"))
	want := []string{
		`log:3: "here": want there, absent, unreached or unknown`,
		`log:4: "there v1 leak": want 4 words`,
		`log:5: "3/2": want COUNT/TRIALS, such as 3/10`,
		`log:6: "unknown v1 error 0/1": want 3 words`,
		`log: it is not the log of a bisect`,
	}
	for _, w := range want {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("got %v\nwant %s", err, w)
		}
	}
}
