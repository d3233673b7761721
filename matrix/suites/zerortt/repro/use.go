package main

import (
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

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
	e.in.CancelRead(report.Canary)
	e.out.CancelWrite(report.Canary)
	t.proof.Acted = report.AfterNext
	return t.journal.Await(t.ctx, "the planted reset", func() bool {
		_, hit := t.journal.Leaked(t.counts)
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
	return t.duringExchange(e, (*trial).cancel)
}

// cancelWriteInTheMiddle is the same with the sending half alone.
func cancelWriteInTheMiddle(t *trial) error {
	e, err := t.begin(request)
	if err != nil {
		return err
	}
	return t.duringExchange(e, (*trial).cancelWrites)
}

// cancelInTheMiddleUni is the same with unidirectional streams.
func cancelInTheMiddleUni(t *trial) error {
	e, err := t.beginUni(request)
	if err != nil {
		return err
	}
	return t.duringExchange(e, (*trial).cancel)
}

// duringExchange holds an exchange in its middle for what happens to the early
// streams, and for an exchange on another stream, which takes along all that
// this queued.
func (t *trial) duringExchange(e *exchange, act func(*trial)) error {
	if err := e.advance(middle); err != nil {
		return err
	}
	t.late(act)
	if err := t.complete(1); err != nil {
		return err
	}
	return e.finish()
}

// releaseWhileOpen resets the old streams after one request was answered on the
// next connection, and makes a second request on the same, open stream.
func releaseWhileOpen(t *trial) error {
	e, err := t.begin(twice)
	if err != nil {
		return err
	}
	return t.releaseDuring(e)
}

// releaseUniWhileOpen is the same with unidirectional streams.
func releaseUniWhileOpen(t *trial) error {
	e, err := t.beginUni(twice)
	if err != nil {
		return err
	}
	return t.releaseDuring(e)
}

// twice is two requests on one stream.
var twice = append(append([]byte{}, request...), request...)

// releaseDuring resets the old streams between the two requests of an exchange.
func (t *trial) releaseDuring(e *exchange) error {
	if err := e.advance(len(request)); err != nil {
		return err
	}
	t.late((*trial).cancel)
	return e.finish()
}

// releaseWhileIdle does so after the new stream was finished, and makes the
// second request on another one.
func releaseWhileIdle(t *trial) error {
	if err := t.complete(1); err != nil {
		return err
	}
	t.late((*trial).cancel)
	return t.complete(1)
}

// releaseUniWhileIdle is the same with unidirectional streams.
func releaseUniWhileIdle(t *trial) error {
	if err := useNextUni(t); err != nil {
		return err
	}
	t.late((*trial).cancel)
	return useNextUni(t)
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

// retryAtOnce makes the second request before the first one is answered, by a
// server that does not read before it has both: how fast its application is
// decides in some releases whether the reset is followed by data of its stream.
func retryAtOnce(t *trial) error {
	if err := t.servers.Hold(t.ctx, true); err != nil {
		return err
	}
	var both [2]*exchange
	for i := range both {
		e, err := t.begin(request)
		if err != nil {
			return err
		}
		if err := e.send(len(request)); err != nil {
			return err
		}
		both[i] = e
	}
	second := both[1].id
	t.counts = func(stream int64) bool { return stream >= second }
	t.gate.Release()
	if err := t.journal.Await(t.ctx, "the second stream", func() bool { return t.journal.Open[second] || t.journal.Ended }); err != nil {
		return err
	}
	if err := t.servers.Hold(t.ctx, false); err != nil {
		return err
	}
	_ = both[0].finish()
	t.proof.NextUsed = false // the first one does not count
	return both[1].finish()
}

// retryLater does the same when the server's answer to the cancel is there.
func retryLater(t *trial) error {
	if err := useNextUni(t); err != nil {
		return err
	}
	return retry(t)
}
