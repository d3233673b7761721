package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestHomes(t *testing.T) {
	l := &lab{temp: t.TempDir()}
	before, err := l.newHome()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(before.record(), "a"), []byte("b"), 0o777); err != nil {
		t.Fatal(err)
	}
	after, err := l.copied(before)
	if err != nil {
		t.Fatal(err)
	}
	before.remove()
	if text, err := os.ReadFile(filepath.Join(after.record(), "a")); string(text) != "b" {
		t.Errorf("the copy has %q, %v: want the content of the first home", text, err)
	}
	if _, err := os.Stat(before.dir); err == nil {
		t.Error("a removed home still exists")
	}
}

// TestEnviron checks that timed processes keep the user's network settings, have
// their own folders, and lose settings that change how they build or run.
func TestEnviron(t *testing.T) {
	for _, pair := range []string{"GOGC=off", "GOCACHE=/a", "GODEBUG=b", "GOPRIVATE=example.com", "GOPROXY=direct", "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT=1"} {
		key, value, _ := strings.Cut(pair, "=")
		t.Setenv(key, value)
	}
	h := home{dir: "d"}
	for online, want := range map[bool]string{true: "GOCACHE=" + h.cache() + " GOPRIVATE=example.com GOPROXY=direct", false: "GOCACHE=" + h.cache() + " GOPRIVATE=example.com GOPROXY=off"} {
		var got []string
		last := map[string]string{} // the last value of a key wins
		for _, pair := range h.environ(online) {
			key, _, _ := strings.Cut(pair, "=")
			last[key] = pair
		}
		for _, key := range []string{"GOCACHE", "GODEBUG", "GOGC", "GOPRIVATE", "GOPROXY", "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT"} {
			got = append(got, last[key])
		}
		got = slices.DeleteFunc(got, func(s string) bool { return s == "" })
		if strings.Join(got, " ") != want {
			t.Errorf("online %v: got %q, want %q", online, got, want)
		}
	}
}
