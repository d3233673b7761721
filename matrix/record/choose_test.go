package record

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// aged returns a file that was last used some time ago.
func aged(path string, size int64, ago time.Duration) file {
	return file{kind: "bin", path: path, size: size, used: now.Add(-ago)}
}

func TestChoose(t *testing.T) {
	const day = 24 * time.Hour
	files := []file{
		aged("a", 10, 3*day), aged("b", 20, 2*day), aged("c", 5, 2*day), aged("d", 40, time.Hour), aged("e", 1, -time.Hour),
	}
	tests := []struct {
		name   string
		bounds Bounds
		spare  time.Duration
		want   []fate
	}{
		{"all fits", Bounds{76, 3 * day}, 0, []fate{kept, kept, kept, kept, kept}},
		{"one byte too many", Bounds{75, 3 * day}, 0, []fate{large, kept, kept, kept, kept}},
		{"the larger of two", Bounds{65, 3 * day}, 0, []fate{large, large, kept, kept, kept}},
		{"too old", Bounds{76, 2*day + 1}, 0, []fate{old, kept, kept, kept, kept}},
		{"old ones make room", Bounds{66, 2*day + 1}, 0, []fate{old, kept, kept, kept, kept}},
		{"nothing may stay", Bounds{0, 3 * day}, 0, []fate{large, large, large, large, large}},
		{"nothing may be old", Bounds{76, 0}, 0, []fate{old, old, old, old, kept}},
		{"recent ones are spared", Bounds{0, 3 * day}, day, []fate{large, large, large, spared, spared}},
		{"and by age", Bounds{76, time.Minute}, day, []fate{old, old, old, spared, kept}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, choose(files, test.bounds, now, test.spare)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChooseUselessFiles(t *testing.T) {
	files := []file{
		{path: "killed", used: now.Add(-2 * time.Hour), leftover: true},
		{path: "being written", size: 100, used: now.Add(-time.Minute), leftover: true},
		{path: "damaged", size: 100, used: now, damaged: true},
		{path: "good", size: 100, used: now},
	}
	got := choose(files, Bounds{Bytes: 100, Age: time.Hour}, now, 24*time.Hour)
	if diff := cmp.Diff([]fate{leftover, kept, damaged, kept}, got); diff != "" {
		t.Error(diff)
	}
}

// TestChooseHolds checks that what stays is within the bounds or spared, that no
// spared file goes, and that no file goes to make room while one used less recently
// stays.
func TestChooseHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var files []file
		for i := range rapid.IntRange(0, 20).Draw(t, "files") {
			files = append(files, aged(fmt.Sprint(i), rapid.Int64Range(0, 50).Draw(t, "size"), time.Duration(rapid.IntRange(-2, 50).Draw(t, "hours"))*time.Hour))
		}
		b := Bounds{Bytes: rapid.Int64Range(0, 500).Draw(t, "bytes"), Age: time.Duration(rapid.IntRange(0, 50).Draw(t, "age")) * time.Hour}
		spare := time.Duration(rapid.IntRange(0, 30).Draw(t, "spare")) * time.Hour
		chosen := choose(files, b, now, spare)
		var total int64
		safe := false
		for i, f := range files {
			idle := now.Sub(f.used)
			switch chosen[i] {
			case spared:
				safe = true
				fallthrough
			case kept:
				total += f.size
			default:
				if idle <= spare && spare > 0 {
					t.Fatalf("%+v goes", f)
				}
			}
			if chosen[i] == kept && idle > b.Age {
				t.Fatalf("%+v stays", f)
			}
			for j, g := range files {
				if chosen[i] == large && chosen[j] == kept && g.used.Before(f.used) {
					t.Fatalf("%+v goes, %+v stays", f, g)
				}
			}
		}
		if total > b.Bytes && !safe {
			t.Fatalf("%d bytes stay of %d", total, b.Bytes)
		}
	})
}
