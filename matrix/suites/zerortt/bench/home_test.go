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
		t.Errorf("the copy has %q, %v: want what the first one had", text, err)
	}
	if _, err := os.Stat(before.dir); err == nil {
		t.Error("a home that was removed is there")
	}
}

// TestEnviron: what is timed keeps the user's settings for the network, has
// folders of its own, and is not tuned by what else the user has set.
func TestEnviron(t *testing.T) {
	for _, pair := range []string{"GOGC=off", "GOCACHE=/a", "GODEBUG=b", "GOPRIVATE=example.com", "GOPROXY=direct", "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT=1"} {
		key, value, _ := strings.Cut(pair, "=")
		t.Setenv(key, value)
	}
	h := home{dir: "d"}
	for online, want := range map[bool]string{true: "GOCACHE=" + h.cache() + " GOPRIVATE=example.com GOPROXY=direct", false: "GOCACHE=" + h.cache() + " GOPRIVATE=example.com GOPROXY=off"} {
		var got []string
		last := map[string]string{} // of a key that is there twice, the last one holds
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
