package zerortt

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// The frames that a leak is made of (RFC 9000, sections 19.4 and 19.5), as
// tshark numbers and names them.
var resets = map[string]string{"4": "quic.rsts.", "5": "quic.ss."}

// canary is the code that every reset of a scenario carries.
const canary = 4919

// A dissected is a RESET_STREAM (type 4) or STOP_SENDING (type 5) frame that
// tshark finds in a 1-RTT packet.
type dissected struct {
	Type   string
	Stream int
	Code   int
}

// tshark returns the resets in 1-RTT packets that the client of a capture sent,
// and how many frames of any type it could decrypt in those. It is told nothing
// but the file: no port, no protocol, no keys. What the server sends does not
// count: it answers a STOP_SENDING with a reset of its own.
func tshark(t *testing.T, file []byte) (found []dissected, frames int) {
	t.Helper()
	name, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("there is no tshark, which is the second opinion on captures")
	}
	path := filepath.Join(t.TempDir(), "a.pcapng")
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, "-r", path, "-Y", "quic && frame.packet_flags_direction == 2", "-T", "json", "--no-duplicate-keys")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir()) // none of its user's settings
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, stderr.Bytes())
	}
	var packets []struct {
		Source struct {
			Layers struct {
				QUIC any `json:"quic"`
			} `json:"layers"`
		} `json:"_source"`
	}
	if err := json.Unmarshal(out, &packets); err != nil {
		t.Fatalf("tshark: %v: %.500s", err, out)
	}
	for _, p := range packets {
		for _, packet := range several(p.Source.Layers.QUIC) {
			if packet["quic.short"] == nil {
				continue // coalesced with one that is 1-RTT
			}
			for _, frame := range several(packet["quic.frame"]) {
				frames++
				kind := text(frame["quic.frame_type"])
				if prefix, ok := resets[kind]; ok {
					found = append(found, dissected{
						Type:   kind,
						Stream: number(t, frame[prefix+"stream_id"]),
						Code:   number(t, frame[prefix+"application_error_code"]),
					})
				}
			}
		}
	}
	return found, frames
}

// several returns the objects that tshark writes as one, or as a list.
func several(v any) (all []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, one := range v {
			all = append(all, several(one)...)
		}
	}
	return all
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(t *testing.T, v any) int {
	t.Helper()
	n, err := strconv.Atoi(text(v))
	if err != nil {
		t.Fatalf("tshark: %v is no number: %v", v, err)
	}
	return n
}
