package main

import (
	"errors"
	"fmt"
	"io"
)

// A stream is the standard output of a command. It remembers the first error of
// writing, so that no command can lose one.
type stream struct {
	io.Writer
	err error
}

func (s *stream) Write(data []byte) (int, error) {
	n, err := s.Writer.Write(data)
	if err != nil && s.err == nil {
		s.err = err
	}
	return n, err
}

// Fd returns the file descriptor, or one that does not exist if the stream is no
// file.
func (s *stream) Fd() uintptr {
	if f, ok := s.Writer.(interface{ Fd() uintptr }); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// check returns the error of a command: its own, unless that only says how to exit
// and part of the output is lost.
func (s *stream) check(err error) error {
	var result resultError
	if s.err == nil || err != nil && !errors.As(err, &result) {
		return err
	}
	return fmt.Errorf("writing to standard output: %w", s.err)
}
