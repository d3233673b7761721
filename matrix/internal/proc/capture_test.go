package proc_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

func TestTail(t *testing.T) {
	tests := []struct {
		name   string
		writes []string
		want   string
	}{
		{"nothing", nil, ""},
		{"all of it", []string{"ab\n", "cd\n"}, "ab\ncd\n"},
		{"exactly all", []string{"12345", "6789\n"}, "12345" + "6789\n"},
		{"whole lines", []string{"first\n", "second\n", "third\n"}, "[...]\nthird\n"},
		{"one long line", []string{strings.Repeat("x", 50)}, "[...]\n" + strings.Repeat("x", 10)},
		{"one long line, ended", []string{strings.Repeat("x", 50) + "\n"}, "[...]\n" + strings.Repeat("x", 9) + "\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tail := proc.Tail{Max: 10}
			for _, w := range test.writes {
				if n, err := tail.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			if got := tail.String(); got != test.want {
				t.Errorf("String = %q, want %q", got, test.want)
			}
		})
	}
}

// TestCapturesDependOnContentAlone checks that Tail and Head keep the same bytes no
// matter how the output is divided into writes.
func TestCapturesDependOnContentAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 40).Draw(t, "max")
		writes := rapid.SliceOf(rapid.StringOf(rapid.RuneFrom([]rune("ab\n")))).Draw(t, "writes")
		tail, head := proc.Tail{Max: most}, proc.Head{Max: most}
		for _, w := range writes {
			_, _ = tail.Write([]byte(w))
			_, _ = head.Write([]byte(w))
		}
		all := strings.Join(writes, "")
		if len(all) <= most {
			if tail.String() != all || head.String() != all {
				t.Fatalf("kept %q and %q of %q", tail.String(), head.String(), all)
			}
			return
		}
		kept, marked := strings.CutPrefix(tail.String(), "[...]\n")
		if !marked || !strings.HasSuffix(all, kept) || len(kept) > most {
			t.Fatalf("tail %q of %q", tail.String(), all)
		}
		if want := all[:most] + "\n[...]"; head.String() != want {
			t.Fatalf("head %q, want %q", head.String(), want)
		}
	})
}
