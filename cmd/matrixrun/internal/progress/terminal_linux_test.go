package progress

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// terminal opens a new terminal of 100 columns. A program writes to tty, and screen
// shows what it wrote.
func terminal(t *testing.T) (tty, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 100}); err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return tty, screen
}

// TestTerminal checks that a terminal shows each row, and below them the number of
// answered rows.
func TestTerminal(t *testing.T) {
	tty, screen := terminal(t)
	shown := make(chan string)
	go func() {
		var out bytes.Buffer
		_, _ = io.Copy(&out, screen) // ends with an error when the other side is closed
		shown <- out.String()
	}()
	t.Setenv("TERM", "xterm")
	p := New(false, io.Discard, tty, leaky)
	if _, ok := p.(*serial).Display.(*live); !ok {
		t.Errorf("got %T, want the live line", p)
	}
	showStory(p)
	tty.Close()
	got := strings.ReplaceAll(<-shown, "\r\n", "\n")
	for line := range strings.Lines(strings.TrimSpace(plainStory)) {
		if !strings.Contains(got, line) {
			t.Errorf("the terminal does not show %q:\n%q", line, got)
		}
	}
	if !strings.Contains(got, "3/3 rows [") && !strings.Contains(got, "3/3 rows  [") {
		t.Errorf("the terminal does not show how many rows are done:\n%q", got)
	}
}

// TestTerminalIsHarmless checks that nothing in the events of a run controls a terminal
// or is a command in a log, while the display itself moves the cursor.
func TestTerminalIsHarmless(t *testing.T) {
	const nasty = "x\n::error::y \r::debug::y ##[group]y\x1b[2J\x1b]0;title\x07\u202ey"
	tty, screen := terminal(t)
	shown := make(chan string)
	go func() {
		var out bytes.Buffer
		_, _ = io.Copy(&out, screen)
		shown <- out.String()
	}()
	t.Setenv("TERM", "xterm")
	p := New(false, io.Discard, text.NewGuard(tty, true), leaky)
	if _, ok := p.(*serial).Display.(*live); !ok {
		t.Errorf("got %T, want the live line", p)
	}
	p.Event(matrix.Event{Planned: &matrix.Planned{Suite: nasty, Explain: true, Rows: []string{nasty}, Scenarios: []matrix.Scenario{{Name: nasty}, {Name: "b"}}, Skips: []matrix.Skip{{ID: nasty, Reason: nasty}}}})
	p.Event(matrix.Event{Missed: &matrix.Missed{Row: nasty, Misses: []matrix.Miss{{What: nasty, Why: nasty, Scenarios: []string{nasty}}}}})
	p.Event(matrix.Event{Step: &matrix.Step{Row: nasty, Stage: "build"}})
	time.Sleep(300 * time.Millisecond) // so that it is drawn
	p.Event(matrix.Event{Row: &matrix.RowResult{ID: nasty, State: matrix.StateBuildFailed, Reason: nasty}})
	p.Close()
	tty.Close()
	got := <-shown
	if !strings.Contains(got, "building x") {
		t.Errorf("it does not show what is being done: %q", got)
	}
	got = regexp.MustCompile(`\x1b\[[0-9]*[AJGK]`).ReplaceAllStringFunc(got, func(s string) string {
		if s == "\x1b[2J" {
			return s
		}
		return ""
	})
	for _, bad := range []string{"\x1b", "\x07", "\u202e", "##["} {
		if strings.Contains(got, bad) {
			t.Errorf("it shows %q: %q", bad, got)
		}
	}
	for _, line := range regexp.MustCompile(`[\r\n]+`).Split(got, -1) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a command: %q", line)
		}
	}
}

// TestDumbTerminal checks that a terminal which cannot redraw lines gets plain ones.
func TestDumbTerminal(t *testing.T) {
	tty, _ := terminal(t)
	t.Setenv("TERM", "dumb")
	if p, ok := New(false, io.Discard, tty, leaky).(*serial).Display.(*plainLines); !ok {
		t.Errorf("got %T, want plain lines", p)
	}
}

// TestColors checks which settings of the environment give colours.
func TestColors(t *testing.T) {
	tty, _ := terminal(t)
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, test := range []struct {
		env            string // NAME=VALUE, separated by blanks
		terminal, file bool
	}{
		{"", true, false},
		{"NO_COLOR=1", false, false},
		{"NO_COLOR=0", false, false}, // by the convention, any value counts
		{"TERM=dumb", false, false},
		{"TERM=", true, false},
		{"CLICOLOR=0", false, false},
		{"CLICOLOR=1", true, false},
		{"CLICOLOR_FORCE=1", true, true},
		{"FORCE_COLOR=3", true, true},
		{"FORCE_COLOR=0", true, false},
		{"CLICOLOR_FORCE=1 TERM=dumb", true, true},
		{"CLICOLOR_FORCE=1 NO_COLOR=1", false, false},
	} {
		for _, name := range []string{"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"} {
			t.Setenv(name, "")
		}
		t.Setenv("TERM", "xterm")
		for _, word := range strings.Fields(test.env) {
			name, value, _ := strings.Cut(word, "=")
			t.Setenv(name, value)
		}
		if got := screen.Colored(tty); got != test.terminal {
			t.Errorf("%q: colours on a terminal: %v", test.env, got)
		}
		if got := screen.Colored(file); got != test.file {
			t.Errorf("%q: colours in a file: %v", test.env, got)
		}
	}
}

// TestColumns checks that the size of a terminal takes precedence over COLUMNS.
func TestColumns(t *testing.T) {
	tty, master := terminal(t)
	for _, test := range []struct {
		env                         string
		size                        uint16
		terminal, file, prose, help int
	}{
		{"", 100, 100, 0, 100, 80},
		{"60", 100, 100, 60, 100, 60},
		{"junk", 72, 72, 0, 72, 80},
		{"-1", 200, 200, 0, 100, 80},
		{"10", 20, 20, 10, 40, 40},
		{"132", 0, 132, 132, 100, 100},
	} {
		t.Setenv("COLUMNS", test.env)
		if err := unix.IoctlSetWinsize(int(master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: test.size}); err != nil {
			t.Fatal(err)
		}
		got := []int{screen.Width(tty), screen.Width(io.Discard), screen.ProseWidth(tty), screen.ProseWidth(io.Discard)}
		if want := []int{test.terminal, test.file, test.prose, test.help}; !slices.Equal(got, want) {
			t.Errorf("COLUMNS=%s on %d columns: got %v, want %v", test.env, test.size, got, want)
		}
	}
}
