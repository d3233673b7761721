package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFrameAsJSON(t *testing.T) {
	reset := frame("RESET_STREAM", func(f *wireFrame) { f.Stream, f.Code, f.FinalSize = 0, canary, 600 })
	reset.From, reset.Packet, reset.Number, reset.US = clientSide, kindOneRTT, 7, 1234
	end := frame("CONNECTION_CLOSE", func(f *wireFrame) { f.Code, f.Reason, f.Application = 0, "bye", true })
	end.From, end.Packet = serverSide, kindHandshake
	for _, tt := range []struct {
		f    wireFrame
		want string
	}{
		{reset, `{"from":"client","packet":"1-RTT","number":7,"us":1234,"type":"RESET_STREAM","stream":0,"code":4919,"final_size":600}`},
		{end, `{"from":"server","packet":"Handshake","number":0,"us":0,"type":"CONNECTION_CLOSE","stream":-1,"code":0}`},
	} {
		got, err := json.Marshal(tt.f)
		if err != nil || string(got) != tt.want {
			t.Errorf("got %s, %v\nwant %s", got, err, tt.want)
		}
	}
}

func TestReport(t *testing.T) {
	r := started()
	traffic := secretOf(1, 32)
	logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", traffic)
	k := newPacketKeys(labelsOf(1), traffic)
	for number, payload := range [][]byte{
		{0x01, 0x05, 0x00, 0x01},             // PING STOP_SENDING
		{0x0a, 0x00, 1, 'x', 0x31, 1, 'y'},   // STREAM DATAGRAM
		{0x24, 4, 1, 9, 5, 0x1d, 0, 0, 0x3f}, // RESET_STREAM_AT CONNECTION_CLOSE and what is unknown
	} {
		r.sent(sealShort(k, 0, serverID, int64(number), payload), aServer)
	}
	got := r.decode().report()
	if types := typesOf(got.Frames); types != "STOP_SENDING DATAGRAM RESET_STREAM_AT CONNECTION_CLOSE" {
		t.Errorf("telling frames: %s", types)
	}
	if diff := cmp.Diff(map[string]int{"client 1-RTT": 1}, got.Opaque); diff != "" || got.Packets != 5 {
		t.Error(got.Packets, "packets, opaque (-want +got)", diff)
	}
	empty, err := json.Marshal(aRecorder().decode().report())
	if err != nil || string(empty) != `{"agrees":false,"frames":[]}` {
		t.Errorf("nothing recorded is reported as %s, %v", empty, err)
	}
}

func TestSave(t *testing.T) {
	r := aRecorder()
	logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", secretOf(1, 32))
	buf := []byte("ping")
	r.sent(buf, aServer)
	copy(buf, "pong") // the library uses its buffers again
	r.received(buf, aServer)
	dir := t.TempDir()
	file := filepath.Join(dir, "after-both-3.json")
	if err := r.save(file, "after-both", 3); err != nil {
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
		t.Errorf("there is more than the evidence: %v", names)
	}
}

// TestSaveLeavesNothing behind where the evidence has no place.
func TestSaveLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := aRecorder().save(filepath.Join(dir, "none", "x.json"), "control", 0); err == nil {
		t.Error("a folder that is not there takes evidence")
	}
	if err := os.Mkdir(filepath.Join(dir, "x.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := aRecorder().save(filepath.Join(dir, "x.json"), "control", 0); err == nil {
		t.Error("a folder is written over")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestNoRecorder keeps nothing.
func TestNoRecorder(t *testing.T) {
	var r *recorder
	r.sent([]byte("ping"), aServer)
	r.received([]byte("pong"), aServer)
}
