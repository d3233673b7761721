package quantity

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSizeSet(t *testing.T) {
	tests := map[string]Size{
		"0": 0, "1000": 1000, "12B": 12, "2GB": 2e9, "2 gb": 2e9, "2G": 2e9, "1.5MB": 1.5e6, "500k": 5e5,
		"1KiB": 1024, "2GiB": 2 << 30, "3TiB": 3 << 40, "0.5": 1,
		"": -1, "GB": -1, "-1": -1, "+1": -1, "1,5MB": -1, "1e9": -1, "2XB": -1, ".5GB": -1, "1 2": -1, "99999999TB": -1, "1. GB": -1,
	}
	for text, want := range tests {
		var got Size
		if err := got.Set(text); (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("Size.Set(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestSizeString(t *testing.T) {
	tests := map[Size]string{
		0: "0 B", 999: "999 B", 1000: "1 kB", 1500: "1.5 kB", 999_949: "999.9 kB", 999_950: "1 MB", 4e9: "4 GB", 1 << 40: "1.1 TB", 5e15: "5000 TB",
	}
	for n, want := range tests {
		if got := n.String(); got != want {
			t.Errorf("Size(%d) is printed as %q, want %q", n, got, want)
		}
	}
}

// TestSizeRoundTrip checks that a printed size can be read, and then differs by
// the rounding to one decimal at most.
func TestSizeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := Size(rapid.Int64Range(0, 1e15).Draw(t, "bytes"))
		var got Size
		if err := got.Set(size.String()); err != nil || float64(max(got-size, size-got)) > 0.06*float64(size) {
			t.Fatalf("%d is printed as %q, which is %d, %v", size, size.String(), got, err)
		}
	})
}

func TestAgeSet(t *testing.T) {
	tests := map[string]time.Duration{
		"0": 0, "0d": 0, "30d": 30 * day, "720h": 30 * day, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "36500d": 36500 * day,
		"": -1, "30": -1, "d": -1, "-1d": -1, "-1h": -1, "1d-1h": -1, "1.5d": -1, "30D": -1, "36501d": -1, "99999999999999999999d": -1, "1000000h": -1, "1d1d": -1,
	}
	for text, want := range tests {
		var got Age
		if err := got.Set(text); (err != nil) != (want < 0) || err == nil && time.Duration(got) != want {
			t.Errorf("Age.Set(%q) = %v, %v, want %v", text, time.Duration(got), err, want)
		}
	}
}

func TestAgeString(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 90 * day: "90d", day: "1d", 36 * time.Hour: "36h0m0s", 50 * time.Hour: "2d", time.Minute: "1m0s"} {
		age := Age(d)
		if got := age.String(); got != want {
			t.Errorf("Age(%v) is printed as %q, want %q", d, got, want)
		}
	}
}
