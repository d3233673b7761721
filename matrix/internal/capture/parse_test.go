package capture_test

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix/internal/capture"
)

// valid is a document without mistakes.
const valid = `{"scenario": "after", "trial": 3, "keylog": KEYLOG, "datagrams": [
	{"us": 0, "from": "client", "client": "127.0.0.1:4242", "server": "127.0.0.1:4443", "data": "aGVsbG8="},
	{"us": 1234, "from": "server", "client": "[::ffff:127.0.0.1]:4242", "server": "127.0.0.1:4443", "data": ""}], "later": true}`

// document returns the valid document with one text replaced, and with the key log.
func document(old, text string) []byte {
	quoted, _ := json.Marshal("# a comment\n\n" + keyLog)
	return []byte(strings.Replace(strings.Replace(valid, old, text, 1), "KEYLOG", string(quoted), 1))
}

func TestParse(t *testing.T) {
	got, err := capture.Parse(document("", ""))
	if err != nil {
		t.Fatal(err)
	}
	want := &capture.Capture{Scenario: "after", Trial: 3, KeyLog: "# a comment\n\n" + keyLog, Datagrams: []capture.Datagram{
		{From: client, To: server, ByClient: true, Data: []byte("hello")},
		{At: 1234 * time.Microsecond, From: server, To: client, Data: []byte{}},
	}}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.AddrPort{})); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
	if err := capture.Write(&bytes.Buffer{}, got, began, ""); err != nil {
		t.Error(err)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ old, text, want string }{
		{valid, ``, "unexpected end of JSON input"},
		{valid, `[]`, "cannot unmarshal array"},
		{valid, valid + "{}", "after top-level value"},
		{valid, `{"scenario": "after"}`, "there are none"},
		{`"trial": 3`, `"trial": "3"`, "cannot unmarshal string"},
		{"KEYLOG", `"CLIENT_RANDOM abc def\n"`, "line 1 is not a line of a key log"},
		{"KEYLOG", `"\n# fine\nnonsense"`, "line 3 is not a line of a key log"},
		{`"us": 1234`, `"us": -1`, "datagram 1 of a trial: us is -1"},
		{`"us": 1234`, `"us": 9000000000000000`, "datagram 1 of a trial: us is 9000000000000000"},
		{`"us": 1234`, `"us": 1.5`, "cannot unmarshal number 1.5"},
		{`"from": "server"`, `"from": "peer"`, `datagram 1 of a trial: from is "peer"`},
		{`"client": "127.0.0.1:4242"`, `"client": "localhost:4242"`, "datagram 0 of a trial: client: "},
		{`"server": "127.0.0.1:4443"`, `"server": "127.0.0.1"`, "datagram 0 of a trial: server: "},
		{`"server": "127.0.0.1:4443"`, `"server": "127.0.0.1:0"`, "has no port"},
		{`"server": "127.0.0.1:4443"`, `"server": "127.0.0.1:66000"`, "datagram 0 of a trial: server: "},
		{`"server": "127.0.0.1:4443"`, `"server": "[::1]:4443"`, "two versions of IP"},
		{`"data": "aGVsbG8="`, `"data": "aGVsbG8"`, "datagram 0 of a trial: data: illegal base64"},
		{`"data": "aGVsbG8="`, `"data": "aGVsbG9="`, "datagram 0 of a trial: data: illegal base64"},
		{`"data": "aGVsbG8="`, `"data": "` + strings.Repeat("AAAA", 21836) + `"`, "at most 65507"},
	}
	for _, test := range tests {
		if _, err := capture.Parse(document(test.old, test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.60s: Parse: %v, want an error with %q", test.text, err, test.want)
		}
	}
	if _, err := capture.Parse(document("KEYLOG", `"SECRET 123 cafe"`)); err == nil || strings.Contains(err.Error(), "cafe") {
		t.Errorf("Parse shows the secret: %v", err)
	}
}

// TestParseNeverPanics parses damaged documents. Whatever Parse accepts, Write must
// be able to write.
func TestParseNeverPanics(t *testing.T) {
	text := string(document("", ""))
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		end := rapid.IntRange(at, min(at+8, len(text))).Draw(t, "end")
		damaged := text[:at] + rapid.String().Draw(t, "instead") + text[end:]
		if c, err := capture.Parse([]byte(damaged)); err == nil {
			write(t, c)
		}
	})
}
