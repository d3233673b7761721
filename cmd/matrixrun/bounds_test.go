package main

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseSize(t *testing.T) {
	tests := map[string]int64{
		"0": 0, "1000": 1000, "12B": 12, "2GB": 2e9, "2 gb": 2e9, "2G": 2e9, "1.5MB": 1.5e6, "500k": 5e5,
		"1KiB": 1024, "2GiB": 2 << 30, "3TiB": 3 << 40, "0.5": 1,
		"": -1, "GB": -1, "-1": -1, "+1": -1, "1,5MB": -1, "1e9": -1, "2XB": -1, ".5GB": -1, "1 2": -1, "99999999TB": -1, "1. GB": -1,
	}
	for text, want := range tests {
		got, err := parseSize(text)
		if (err != nil) != (want < 0) || err == nil && int64(got) != want {
			t.Errorf("parseSize(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestSizeText(t *testing.T) {
	tests := map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1 kB", 1500: "1.5 kB", 999_949: "999.9 kB", 999_950: "1 MB", 4e9: "4 GB", 1 << 40: "1.1 TB", 5e15: "5000 TB",
	}
	for n, want := range tests {
		if got := sizeText(n); got != want {
			t.Errorf("sizeText(%d) = %q, want %q", n, got, want)
		}
	}
}

// What is printed can be typed in again, and is the same to a tenth or so.
func TestSizesGoBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1e15).Draw(t, "bytes")
		got, err := parseSize(sizeText(n))
		if err != nil || float64(int64(got)-n) > 0.06*float64(n) || float64(n-int64(got)) > 0.06*float64(n) {
			t.Fatalf("%d is %q, which is %d, %v", n, sizeText(n), got, err)
		}
	})
}

func TestParseAge(t *testing.T) {
	const day = 24 * time.Hour
	tests := map[string]time.Duration{
		"0": 0, "0d": 0, "30d": 30 * day, "720h": 30 * day, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "36500d": 36500 * day,
		"": -1, "30": -1, "d": -1, "-1d": -1, "-1h": -1, "1d-1h": -1, "1.5d": -1, "30D": -1, "36501d": -1, "99999999999999999999d": -1, "1000000h": -1, "1d1d": -1,
	}
	for text, want := range tests {
		got, err := parseAge(text)
		if (err != nil) != (want < 0) || err == nil && time.Duration(got) != want {
			t.Errorf("parseAge(%q) = %v, %v, want %v", text, time.Duration(got), err, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0s", 90 * day: "90d", day: "1d", 36 * time.Hour: "36h0m0s", 50 * time.Hour: "2d", time.Minute: "1m0s"} {
		if got := ageText(d); got != want {
			t.Errorf("ageText(%v) = %q, want %q", d, got, want)
		}
	}
}
