package proc

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// A pipe copies one stream of the child to a writer. The pipes of os/exec would not
// do: its Wait returns only after all holders of the other end are gone, and
// grandchildren that hold it must be killed before that.
type pipe struct {
	read, write *os.File
	to          io.Writer
	flood       *FloodError // the cause of cancel after flood.Max bytes
	cancel      context.CancelCauseFunc
	total       int64 // bytes read
	refused     bool  // a write failed
}

// copy copies until all holders of the other end are gone, or until expire ends it. Then
// it still copies what is in the pipe: on a busy machine, it may not have had time for
// what the child wrote before it ended.
func (p *pipe) copy() {
	buf := make([]byte, 32<<10)
	for {
		n, err := p.read.Read(buf)
		p.pass(buf[:n])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			return
		}
	}
	_ = p.read.SetReadDeadline(time.Time{})
	for left := mostHeld; left > 0; { // others may write as fast as this reads
		n := readNow(p.read, buf)
		if n <= 0 {
			return
		}
		p.pass(buf[:n])
		left -= n
	}
}

// mostHeld is how many bytes a pipe may hold: see pipe(7).
const mostHeld = 1 << 20

// pass passes on what was read. After the bound or a failed write it discards the rest,
// so that a child that is asked to stop never blocks in a write.
func (p *pipe) pass(b []byte) {
	p.total += int64(len(b))
	if p.flood.Max > 0 && p.total > p.flood.Max {
		b = b[:len(b)-int(min(p.total-p.flood.Max, int64(len(b))))] // pass on exactly Max bytes
		p.cancel(p.flood)
	}
	if len(b) == 0 || p.refused {
		return
	}
	if _, err := p.to.Write(b); err != nil {
		p.refused = true
		p.cancel(err)
	}
}

// pipes are the pipes of one child.
type pipes []*pipe

// open makes the pipe of a stream and returns the child's end. It returns nil if
// there is neither a writer nor a bound.
func (ps *pipes) open(to io.Writer, stream string, most int64, cancel context.CancelCauseFunc) (*os.File, error) {
	if to == nil {
		if most == 0 {
			return nil, nil
		}
		to = io.Discard
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	*ps = append(*ps, &pipe{read: r, write: w, to: to, flood: &FloodError{Stream: stream, Max: most}, cancel: cancel})
	return w, nil
}

// closeWriters closes the child's ends. It may be called twice.
func (ps pipes) closeWriters() {
	for _, p := range ps {
		p.write.Close()
	}
}

func (ps pipes) closeReaders() {
	for _, p := range ps {
		p.read.Close()
	}
}

// expire ends all reading after a delay. A pipe without support for deadlines is
// closed instead.
func (ps pipes) expire(after time.Duration) {
	for _, p := range ps {
		if p.read.SetReadDeadline(time.Now().Add(after)) != nil {
			time.AfterFunc(after, func() { p.read.Close() })
		}
	}
}
