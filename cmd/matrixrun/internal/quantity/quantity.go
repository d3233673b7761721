// Package quantity reads and prints sizes such as 500MB and ages such as 30d. Its
// types are flag values.
package quantity

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Size is a number of bytes, such as 500MB or 2GiB.
type Size int64

// An Age is a duration, such as 30d, 1d12h or 720h.
type Age time.Duration

// Type names what a flag takes.
func (s *Size) Type() string { return "SIZE" }

// Type names what a flag takes.
func (a *Age) Type() string { return "AGE" }

// units are the units of a size. Disks are sold, and sizes printed, by the units
// of 1000.
var units = map[string]float64{
	"": 1, "B": 1,
	"K": 1e3, "KB": 1e3, "M": 1e6, "MB": 1e6, "G": 1e9, "GB": 1e9, "T": 1e12, "TB": 1e12,
	"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
}

var sizePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)$`)

// Set reads a number with an optional unit. Without a unit it counts bytes.
func (s *Size) Set(text string) error {
	found := sizePattern.FindStringSubmatch(text)
	if found == nil {
		return errors.New("want a size such as 500MB or 2GiB")
	}
	unit, ok := units[strings.ToUpper(found[2])]
	if !ok {
		return fmt.Errorf("there is no unit %q: want one such as MB or GiB", found[2])
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil || n*unit >= math.MaxInt64 {
		return errors.New("that is too much")
	}
	*s = Size(math.Round(n * unit))
	return nil
}

// String returns the size with one decimal at most.
func (s *Size) String() string {
	n := float64(*s)
	unit, name := 1.0, "B"
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if n < 999.95*unit {
			break
		}
		unit, name = unit*1000, next
	}
	return strings.TrimSuffix(strconv.FormatFloat(n/unit, 'f', 1, 64), ".0") + " " + name
}

const day = 24 * time.Hour

// maxDays is more days than any record lives, and fewer than a time.Duration can
// hold.
const maxDays = 36500

var daysPattern = regexp.MustCompile(`^([0-9]+)d(.*)$`)

// Set reads a duration, which may begin with days.
func (a *Age) Set(text string) error {
	var days int
	if found := daysPattern.FindStringSubmatch(text); found != nil {
		n, err := strconv.Atoi(found[1])
		if err != nil || n > maxDays {
			return errors.New("that is too long")
		}
		days, text = n, found[2]
		if text == "" {
			text = "0"
		}
	}
	rest, err := time.ParseDuration(text)
	if err != nil || rest < 0 {
		return errors.New("want an age such as 30d or 720h")
	}
	if rest > maxDays*day {
		return errors.New("that is too long")
	}
	*a = Age(time.Duration(days)*day + rest)
	return nil
}

// String returns the age in days if it has two or more, or is a single day.
func (a *Age) String() string {
	d := time.Duration(*a)
	if d >= 2*day || d == day {
		return fmt.Sprintf("%dd", int(d.Round(day)/day))
	}
	return d.Round(time.Second).String()
}
