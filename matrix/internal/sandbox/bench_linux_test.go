package sandbox

import (
	"errors"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// BenchmarkProgram measures what a box adds to a program that does nothing: its CPU time
// with that of all its processes, and the time until it has ended. The second depends
// on what else the machine does, since several processes start one after the other.
func BenchmarkProgram(b *testing.B) {
	s, err := Find(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	program := proc.Cmd{Path: self, Dir: dir, Env: []string{playing + "=nothing"}}
	measure := func(run func()) func(*testing.B) {
		return func(b *testing.B) {
			before := spent()
			for b.Loop() {
				run()
			}
			b.ReportMetric(float64((spent()-before).Microseconds())/float64(b.N), "cpu-us/op")
		}
	}
	b.Run("alone", measure(func() {
		if err := program.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
	}))
	b.Run("in a box that is kept", func(b *testing.B) {
		before := spent()
		box, err := s.Open(b.Context(), Files{Programs: []string{self}, Write: []string{dir}})
		if err != nil {
			b.Fatal(err)
		}
		boxed := program
		boxed.In = box.Only(dir)
		for b.Loop() {
			if err := errors.Join(boxed.Run(b.Context()), box.Clear()); err != nil {
				b.Fatal(err)
			}
		}
		box.Close() // only then does the time of its processes count
		b.ReportMetric(float64((spent()-before).Microseconds())/float64(b.N), "cpu-us/op")
	})
	b.Run("in a box of its own", measure(func() {
		box, err := s.Open(b.Context(), Files{Programs: []string{self}, Write: []string{dir}})
		if err != nil {
			b.Fatal(err)
		}
		defer box.Close()
		boxed := program
		boxed.In = box
		if err := boxed.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
	}))
}

// spent returns the CPU time of this process and of its children that have ended.
func spent() time.Duration {
	var self, children unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &self)
	_ = unix.Getrusage(unix.RUSAGE_CHILDREN, &children)
	return time.Duration(self.Utime.Nano() + self.Stime.Nano() + children.Utime.Nano() + children.Stime.Nano())
}
