package record

import (
	"os"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// TestPlain checks that plain reads what put writes. No other test would notice if it
// never did.
func TestPlain(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key := checksum.Bytes(nil)
	if err := s.put("row", key, map[string]string{"a": "<b>\u2028"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(s.place("row", key))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(plain(data, "row", key)); got != `{"a":"\u003cb\u003e\u2028"}` {
		t.Errorf("plain = %s of %s", got, data)
	}
	for name, other := range map[string][]byte{
		"another kind": plain(data, "build", key), "another key": plain(data, "row", checksum.Bytes(data)),
		"cut": plain(data[:len(data)-1], "row", key), "short": plain(data[:80], "row", key), "empty": plain(nil, "row", key),
	} {
		if other != nil {
			t.Errorf("%s: %s", name, other)
		}
	}
	// The same JSON in another form is read the slow way.
	if _, miss := read(append(data, ' '), "row", key); miss != "" || plain(append(data, ' '), "row", key) != nil {
		t.Errorf("with a blank behind it: %q", miss)
	}
}
