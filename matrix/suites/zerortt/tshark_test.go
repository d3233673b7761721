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

// resets has the frames that a leak consists of (RFC 9000, sections 19.4 and 19.5):
// tshark's name prefix by frame type.
var resets = map[string]string{"4": "quic.rsts.", "5": "quic.ss."}

// canary is the error code of all resets in scenarios.
const canary = 4919

// A dissected frame is a RESET_STREAM (type 4) or STOP_SENDING (type 5) that tshark
// found in a 1-RTT packet.
type dissected struct {
	Type   string
	Stream int
	Code   int
}

// runTshark returns the resets that the client of a capture sent in 1-RTT packets,
// and the number of all frames in these packets. tshark gets only the file: no
// port, no protocol and no keys. Frames of the server do not count, since it
// answers a STOP_SENDING with a reset.
func runTshark(t *testing.T, file []byte) (found []dissected, frames int) {
	t.Helper()
	name, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark, which checks captures independently, is not installed")
	}
	path := filepath.Join(t.TempDir(), "a.pcapng")
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, "-r", path, "-Y", "quic && frame.packet_flags_direction == 2", "-T", "json", "--no-duplicate-keys")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir()) // ignore the settings of the user
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
		for _, packet := range objects(p.Source.Layers.QUIC) {
			if packet["quic.short"] == nil {
				continue // another packet, in the datagram of a 1-RTT packet
			}
			for _, frame := range objects(packet["quic.frame"]) {
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

// objects returns the objects in a JSON value. tshark writes one object as such, and
// several as a list.
func objects(v any) (all []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, one := range v {
			all = append(all, objects(one)...)
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
		t.Fatalf("tshark: %v is not a number: %v", v, err)
	}
	return n
}
