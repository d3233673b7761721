package proc

// A Tail is a writer that keeps the last bytes written to it. It is not safe for
// concurrent use.
type Tail struct {
	Max     int // bytes to keep
	buf     []byte
	dropped bool
}

// Write appends p and drops the oldest bytes if there are too many. It never fails.
func (t *Tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p...)
	// Cutting at each write would take quadratic time, so cut when there is
	// twice as much as is kept.
	if len(t.buf) > 2*t.Max {
		t.cut()
	}
	return len(p), nil
}

func (t *Tail) cut() {
	if over := len(t.buf) - t.Max; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
		t.dropped = true
	}
}

// String returns the last Max bytes. If bytes were dropped, it returns "[...]" and
// the lines that are complete, or the end of the line if there is only one.
func (t *Tail) String() string {
	t.cut()
	if !t.dropped {
		return string(t.buf)
	}
	kept := t.buf
	for i, b := range kept[:max(len(kept)-1, 0)] {
		if b == '\n' {
			kept = kept[i+1:]
			break
		}
	}
	return "[...]\n" + string(kept)
}

// A Head is a writer that keeps the first bytes written to it. It is not safe for
// concurrent use.
type Head struct {
	Max     int // bytes to keep
	buf     []byte
	dropped bool
}

// Write keeps as much of p as fits. It never fails.
func (h *Head) Write(p []byte) (int, error) {
	room := min(len(p), h.Max-len(h.buf))
	h.buf = append(h.buf, p[:room]...)
	h.dropped = h.dropped || room < len(p)
	return len(p), nil
}

// String returns the first Max bytes, followed by "[...]" if bytes were dropped.
func (h *Head) String() string {
	if h.dropped {
		return string(h.buf) + "\n[...]"
	}
	return string(h.buf)
}
