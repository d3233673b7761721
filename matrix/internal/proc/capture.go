package proc

// A Tail is a writer that keeps the last bytes of what it is given. It is not
// for concurrent use.
type Tail struct {
	Max     int // bytes to keep
	buf     []byte
	dropped bool
}

// Write keeps p, at the expense of what came first. It never fails.
func (t *Tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p...)
	// Moving what is kept for every write would cost the square of the output,
	// so it waits until there is as much again.
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

// String returns what is kept: the last Max bytes. Where something was
// dropped, it begins with the first whole line, if there is one, and a mark
// stands for the rest.
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

// A Head is a writer that keeps the first bytes of what it is given. It is not
// for concurrent use.
type Head struct {
	Max     int // bytes to keep
	buf     []byte
	dropped bool
}

// Write keeps as much of p as there is room for. It never fails.
func (h *Head) Write(p []byte) (int, error) {
	room := min(len(p), h.Max-len(h.buf))
	h.buf = append(h.buf, p[:room]...)
	h.dropped = h.dropped || room < len(p)
	return len(p), nil
}

// String returns what is kept, with a mark where something was dropped.
func (h *Head) String() string {
	if h.dropped {
		return string(h.buf) + "\n[...]"
	}
	return string(h.buf)
}
