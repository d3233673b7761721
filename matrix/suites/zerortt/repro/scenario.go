package main

// A scenario is what the application does around a rejected 0-RTT attempt. What
// each must show is said in matrix.yaml.
type scenario struct {
	name   string
	bidi   int                // early bidirectional streams
	uni    int                // early unidirectional streams
	before func(*trial)       // after the rejection is known, before NextConnection; nil: nothing
	after  func(*trial) error // with the next connection
}

// many is the number of streams of the scenario after-many.
const many = 10

// scenarios are all of them, in the order in which they are listed.
var scenarios = []scenario{
	{name: "control", bidi: 1, after: useNext},
	{name: "planted", bidi: 1, after: plant},

	{name: "after-read", bidi: 1, before: (*trial).cancelReads, after: useNext},
	{name: "after-write", bidi: 1, before: (*trial).cancelWrites, after: useNext},
	{name: "after-both", bidi: 1, before: (*trial).cancel, after: useNext},
	{name: "after-uni", uni: 1, before: (*trial).cancel, after: useNextUni},
	{name: "after-many", bidi: many, before: (*trial).cancel, after: useNextMany},
	{name: "after-idle", bidi: 1, before: (*trial).cancel, after: useNextLater},
	{name: "late-both", bidi: 1, after: cancelInTheMiddle},
	{name: "late-uni", uni: 1, after: cancelInTheMiddleUni},

	{name: "leave-alone", bidi: 1, before: (*trial).closeEarly, after: useNext},
	{name: "release-late-open", bidi: 1, after: releaseWhileOpen},
	{name: "release-late-idle", bidi: 1, after: releaseWhileIdle},
	{name: "retry", bidi: 1, before: (*trial).cancel, after: retry},
	{name: "retry-idle", bidi: 1, before: (*trial).cancel, after: retryLater},
}

// find returns the scenario of a name.
func find(name string) (scenario, bool) {
	for _, s := range scenarios {
		if s.name == name {
			return s, true
		}
	}
	return scenario{}, false
}

// cancelReads asks the peer to stop sending on every early stream.
func (t *trial) cancelReads() {
	for _, s := range t.bidi {
		s.CancelRead(canary)
	}
}

// cancelWrites resets every early stream.
func (t *trial) cancelWrites() {
	for _, s := range t.bidi {
		s.CancelWrite(canary)
	}
	for _, s := range t.uni {
		s.CancelWrite(canary)
	}
}

// cancel ends both halves of every early stream.
func (t *trial) cancel() {
	t.cancelReads()
	t.cancelWrites()
}

// cancelLate does so when the next connection is already in use. The gate is
// held until the application goes on with what it was doing, as it would at
// once: what the server makes of the cancel comes after.
func (t *trial) cancelLate() {
	t.gate.hold()
	t.cancel()
	t.proof.Acted = afterNext
}

// closeEarly closes every early stream, as one does that sends no more.
func (t *trial) closeEarly() {
	for _, s := range t.bidi {
		s.Close()
	}
}

// useNext makes one exchange on the next connection.
func useNext(t *trial) error { return t.complete(1) }

// useNextMany makes as many exchanges as there were early streams, so that
// every stream ID is used again. All are under way before the server answers.
func useNextMany(t *trial) error {
	var all []*exchange
	for i := 0; i < many; i++ {
		e, err := t.begin(request)
		if err != nil {
			return err
		}
		if err := e.send(middle); err != nil {
			return err
		}
		all = append(all, e)
	}
	for _, e := range all {
		if err := e.finish(); err != nil {
			return err
		}
	}
	return nil
}

// useNextLater leaves the stream IDs of the attempt alone until the server's
// answer to whatever the cancel sent is there: an exchange on a unidirectional
// stream, whose IDs are others, brings it along.
func useNextLater(t *trial) error {
	if err := useNextUni(t); err != nil {
		return err
	}
	return useNext(t)
}

// useNextUni makes one exchange on a unidirectional stream.
func useNextUni(t *trial) error {
	e, err := t.beginUni(request)
	if err != nil {
		return err
	}
	return e.finish()
}

// plant resets a stream of the next connection in the middle of its message.
// The server must see it: in this binary, then, a leak would be seen.
func plant(t *trial) error {
	e, err := t.begin(request)
	if err != nil {
		return err
	}
	if err := e.advance(middle); err != nil {
		return err
	}
	e.in.CancelRead(canary)
	e.out.CancelWrite(canary)
	t.proof.Acted = afterNext
	return t.journal.await(t.ctx, "the planted reset", func() bool {
		_, hit := t.journal.leaked(t.counts)
		return hit
	})
}

// cancelInTheMiddle cancels the old stream while the new stream of the same ID
// is in the middle of its message.
func cancelInTheMiddle(t *trial) error {
	e, err := t.begin(request)
	if err != nil {
		return err
	}
	return t.cancelDuring(e)
}

// cancelInTheMiddleUni is the same with unidirectional streams.
func cancelInTheMiddleUni(t *trial) error {
	e, err := t.beginUni(request)
	if err != nil {
		return err
	}
	return t.cancelDuring(e)
}

// cancelDuring holds an exchange in its middle for the cancel, and for an
// exchange on another stream, which takes along all that the cancel queued.
func (t *trial) cancelDuring(e *exchange) error {
	if err := e.advance(middle); err != nil {
		return err
	}
	t.cancelLate()
	if err := t.complete(1); err != nil {
		return err
	}
	return e.finish()
}

// releaseWhileOpen resets the old streams after one request was answered on the
// next connection, and makes a second request on the same, open stream.
func releaseWhileOpen(t *trial) error {
	e, err := t.begin(append(append([]byte{}, request...), request...))
	if err != nil {
		return err
	}
	if err := e.advance(len(request)); err != nil {
		return err
	}
	t.cancelLate()
	return e.finish()
}

// releaseWhileIdle does so after the new stream was finished, and makes the
// second request on another one.
func releaseWhileIdle(t *trial) error {
	if err := t.complete(1); err != nil {
		return err
	}
	t.cancelLate()
	return t.complete(1)
}

// retry gives a second stream a chance, whatever happened to the first.
func retry(t *trial) error {
	first, err := t.begin(request)
	if err != nil {
		return err
	}
	_ = first.finish()
	t.proof.NextUsed = false // the first one does not count
	second, err := t.begin(request)
	if err != nil {
		return err
	}
	t.counts = func(stream int64) bool { return stream >= second.id }
	return second.finish()
}

// retryLater does the same when the server's answer to the cancel is there.
func retryLater(t *trial) error {
	if err := useNextUni(t); err != nil {
		return err
	}
	return retry(t)
}
