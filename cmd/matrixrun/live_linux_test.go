package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a new terminal of 100 columns: the side that a program gets,
// and the side that shows what it wrote.
func terminal(t *testing.T) (tty, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no terminals here: %v", err)
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

// TestTerminal shows a run on a terminal: rows scroll by, and below them stands
// how many of how many are done, with an estimate.
func TestTerminal(t *testing.T) {
	tty, screen := terminal(t)
	shown := make(chan string)
	go func() {
		var out bytes.Buffer
		_, _ = io.Copy(&out, screen) // ends with an error when the other side is closed
		shown <- out.String()
	}()
	p := newProgress(false, io.Discard, tty)
	if _, ok := p.(*live); !ok {
		t.Errorf("got %T, want the live line", p)
	}
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if !colored(tty) {
		t.Error("no colours on a terminal")
	}
	t.Setenv("TERM", "dumb")
	if colored(tty) {
		t.Error("colours on a dumb terminal")
	}
	told(p)
	tty.Close()
	got := strings.ReplaceAll(<-shown, "\r\n", "\n")
	for line := range strings.Lines(strings.TrimSpace(plainStory)) {
		if !strings.Contains(got, line) {
			t.Errorf("lacks %q:\n%q", line, got)
		}
	}
	if !strings.Contains(got, "3/3 rows [") && !strings.Contains(got, "3/3 rows  [") {
		t.Errorf("lacks the line with how many are done:\n%q", got)
	}
}
