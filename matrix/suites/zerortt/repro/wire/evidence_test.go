package wire

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSave(t *testing.T) {
	r := aRecorder()
	logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", secretOf(1, 32))
	buf := []byte("ping")
	r.Sent(buf, aServer)
	copy(buf, "pong") // the library reuses its buffers
	r.Received(buf, aServer)
	dir := t.TempDir()
	file := filepath.Join(dir, "after-both-3.json")
	if err := r.Save(file, "after-both", 3); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got evidence
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for i := range got.Datagrams {
		if got.Datagrams[i].US < 0 {
			t.Errorf("datagram %d is from before the trial", i)
		}
		got.Datagrams[i].US = 0
	}
	want := evidence{
		Scenario: "after-both", Trial: 3,
		KeyLog: "CLIENT_TRAFFIC_SECRET_0 " + strings.Repeat("0", 63) + "7 " + hexOf(secretOf(1, 32)) + "\n",
		Datagrams: []evidenceDatagram{
			{From: "client", Client: "127.0.0.1:4242", Server: "127.0.0.1:4443", Data: []byte("ping")},
			{From: "server", Client: "127.0.0.1:4242", Server: "127.0.0.1:4443", Data: []byte("pong")},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got)", diff)
	}
	if !bytes.Contains(text, []byte(`"data":"cGluZw=="`)) {
		t.Errorf("the data is not in base64: %s", text)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 1 {
		t.Errorf("want the evidence alone, got %v", names)
	}
}

// TestSaveLeavesNothing checks that no file remains if the evidence cannot be
// written.
func TestSaveLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := aRecorder().Save(filepath.Join(dir, "missing", "x.json"), "control", 0); err == nil {
		t.Error("saving into a missing folder succeeds")
	}
	if err := os.Mkdir(filepath.Join(dir, "x.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := aRecorder().Save(filepath.Join(dir, "x.json"), "control", 0); err == nil {
		t.Error("saving over a folder succeeds")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestNoRecorder checks that a nil Recorder copies no datagram.
func TestNoRecorder(t *testing.T) {
	var r *Recorder
	data := []byte("ping")
	copies := testing.AllocsPerRun(10, func() {
		r.Sent(data, aServer)
		r.Received(data, aServer)
	})
	if copies != 0 {
		t.Errorf("a nil Recorder allocates %v times", copies)
	}
}
