package trial

import (
	"strings"
	"testing"
)

// TestEnvironment checks what a suite adds and replaces. The order of the first case is
// part of the keys of recorded trials.
func TestEnvironment(t *testing.T) {
	for want, own := range map[string][]string{
		"LANG=C TZ=UTC GOMAXPROCS=2 GOGC=800":     {"GOGC=800"},
		"LANG=C TZ=UTC GOMAXPROCS=2":              nil,
		"LANG=C TZ=UTC GODEBUG=a=1 GOMAXPROCS=1":  {"GODEBUG=a=1", "GOMAXPROCS=1"},
		"LANG=C TZ=UTC GOMAXPROCS=2 GOMAXPROCS2=": {"GOMAXPROCS2="},
	} {
		if got := strings.Join(Environment(own), " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
