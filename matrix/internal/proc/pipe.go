package proc

import (
	"context"
	"io"
	"os"
	"time"
)

// A pipe carries one stream of the child to its writer. os/exec has its own,
// but waits for everybody who holds the other end before it tells that the
// child has exited, and only then could the grandchildren be killed.
type pipe struct {
	read, write *os.File
	to          io.Writer
	flood       *FloodError // what to report beyond flood.Max bytes
	cancel      context.CancelCauseFunc
}

// copy copies until every holder of the other end is gone. It goes on reading
// when nothing more is wanted, so that a child that is told to stop is never
// stuck in a write.
func (p *pipe) copy() {
	var total int64
	refused := false
	for buf := make([]byte, 32<<10); ; {
		n, err := p.read.Read(buf)
		total += int64(n)
		if p.flood.Max > 0 && total > p.flood.Max {
			n -= int(min(total-p.flood.Max, int64(n))) // no byte more than was agreed
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

// pipes are those of one child.
type pipes []*pipe

// open makes the pipe for a stream and returns the child's end, or nil where
// nobody wants the stream and there is no bound to watch.
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

// closeWriters closes the child's ends. Closing twice does no harm.
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

// expire ends all reading after a time. Where a pipe knows no deadlines, it is
// closed at that time instead.
func (ps pipes) expire(after time.Duration) {
	for _, p := range ps {
		if p.read.SetReadDeadline(time.Now().Add(after)) != nil {
			time.AfterFunc(after, func() { p.read.Close() })
		}
	}
}
