package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A byteSize is a flag's value such as 500MB or 2GiB.
type byteSize int64

// A lifetime is a flag's value such as 30d, 1d12h or 720h.
type lifetime time.Duration

// String and Set make them flags' values; Type is not printed.

func (b *byteSize) String() string { return sizeText(int64(*b)) }
func (b *byteSize) Type() string   { return "SIZE" }
func (b *byteSize) Set(text string) (err error) {
	*b, err = parseSize(text)
	return err
}

func (l *lifetime) String() string { return ageText(time.Duration(*l)) }
func (l *lifetime) Type() string   { return "AGE" }
func (l *lifetime) Set(text string) (err error) {
	*l, err = parseAge(text)
	return err
}

// units of a size. Those of 1000 are what disks are sold by and what is printed.
var units = map[string]float64{
	"": 1, "B": 1,
	"K": 1e3, "KB": 1e3, "M": 1e6, "MB": 1e6, "G": 1e9, "GB": 1e9, "T": 1e12, "TB": 1e12,
	"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
}

var sizePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)$`)

// parseSize reads a number of bytes with a unit.
func parseSize(text string) (byteSize, error) {
	found := sizePattern.FindStringSubmatch(text)
	if found == nil {
		return 0, fmt.Errorf("want a size such as 500MB or 2GiB")
	}
	unit, ok := units[strings.ToUpper(found[2])]
	if !ok {
		return 0, fmt.Errorf("there is no unit %q: want one such as MB or GiB", found[2])
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil || n*unit >= math.MaxInt64 {
		return 0, fmt.Errorf("that is too much")
	}
	return byteSize(math.Round(n * unit)), nil
}

// sizeText is a number of bytes for people to read.
func sizeText(n int64) string {
	unit, name := 1.0, "B"
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if float64(n) < 999.95*unit {
			break
		}
		unit, name = unit*1000, next
	}
	text := strconv.FormatFloat(float64(n)/unit, 'f', 1, 64)
	return strings.TrimSuffix(text, ".0") + " " + name
}

var daysPattern = regexp.MustCompile(`^([0-9]+)d(.*)$`)

// longest is more days than any record lives, and fewer than a Duration has.
const longest = 36500

// parseAge reads a duration, which may begin with days.
func parseAge(text string) (lifetime, error) {
	wrong := fmt.Errorf("want an age such as 30d or 720h")
	var days time.Duration
	if found := daysPattern.FindStringSubmatch(text); found != nil {
		n, err := strconv.Atoi(found[1])
		if err != nil || n > longest {
			return 0, fmt.Errorf("that is too long")
		}
		days, text = time.Duration(n)*24*time.Hour, found[2]
		if text == "" {
			return lifetime(days), nil
		}
	}
	rest, err := time.ParseDuration(text)
	if err != nil || rest < 0 {
		return 0, wrong
	}
	if rest > longest*24*time.Hour {
		return 0, fmt.Errorf("that is too long")
	}
	return lifetime(days + rest), nil
}

// ageText is an age for people to read: in days where it has some.
func ageText(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day || d > 0 && d%day == 0 {
		return fmt.Sprintf("%dd", int(d.Round(day)/day))
	}
	return d.Round(time.Second).String()
}
