package proc

import (
	"context"
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
}

// copy copies until all holders of the other end are gone. It goes on reading after
// the bound or a failed write, so that a child that is asked to stop never blocks
// in a write.
func (p *pipe) copy() {
	var total int64
	refused := false
	for buf := make([]byte, 32<<10); ; {
		n, err := p.read.Read(buf)
		total += int64(n)
		if p.flood.Max > 0 && total > p.flood.Max {
			n -= int(min(total-p.flood.Max, int64(n))) // pass on exactly Max bytes
			p.cancel(p.flood)
		}
		if n > 0 && !refused {
			if _, werr := p.to.Write(buf[:n]); werr != nil {
				refused = true
				p.cancel(werr)
			}
		}
		if err != nil {
			return
		}
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
