package main

import (
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// useNext makes one exchange on the next connection.
func useNext(t *trial) error { return t.complete(1) }

// useNextMany makes as many exchanges as there were early streams, so that
// every stream ID is used again. It sends half of each request before it waits
// for any echo.
func useNextMany(t *trial) error {
	var all []*exchange
	for i := 0; i < manyStreams; i++ {
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

// useNextLater does not use the stream IDs of the attempt before the server
// has reacted to what the cancel sent. It makes an exchange on a
// unidirectional stream first, whose IDs differ and whose echo arrives behind
// that reaction.
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
// The server must see the reset, which proves that this binary would detect a
// leak.
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

// cancelInTheMiddle cancels the early stream while the new stream with the
// same ID is in the middle of its message.
func cancelInTheMiddle(t *trial) error {
	e, err := t.begin(request)
	if err != nil {
		return err
	}
	return t.duringExchange(e, (*trial).cancel)
}

// cancelWriteInTheMiddle is like cancelInTheMiddle, but cancels only the
// sending half.
func cancelWriteInTheMiddle(t *trial) error {
	e, err := t.begin(request)
	if err != nil {
		return err
	}
	return t.duringExchange(e, (*trial).cancelWrites)
}

// cancelInTheMiddleUni is like cancelInTheMiddle, with unidirectional streams.
func cancelInTheMiddleUni(t *trial) error {
	e, err := t.beginUni(request)
	if err != nil {
		return err
	}
	return t.duringExchange(e, (*trial).cancel)
}

// duringExchange calls act on the early streams in the middle of an exchange.
// It then makes an exchange on another stream, whose packets carry along all
// that act queued.
func (t *trial) duringExchange(e *exchange, act func(*trial)) error {
	if err := e.advance(middle); err != nil {
		return err
	}
	t.actLate(act)
	if err := t.complete(1); err != nil {
		return err
	}
	return e.finish()
}

// releaseWhileOpen resets the early streams after one request was answered on
// the next connection, and makes a second request on the same stream, which is
// still open.
func releaseWhileOpen(t *trial) error {
	e, err := t.begin(twoRequests)
	if err != nil {
		return err
	}
	return t.releaseDuring(e)
}

// releaseUniWhileOpen is like releaseWhileOpen, with unidirectional streams.
func releaseUniWhileOpen(t *trial) error {
	e, err := t.beginUni(twoRequests)
	if err != nil {
		return err
	}
	return t.releaseDuring(e)
}

// twoRequests is two requests on one stream.
var twoRequests = append(append([]byte{}, request...), request...)

// releaseDuring resets the early streams between the two requests of an
// exchange.
func (t *trial) releaseDuring(e *exchange) error {
	if err := e.advance(len(request)); err != nil {
		return err
	}
	t.actLate((*trial).cancel)
	return e.finish()
}

// releaseWhileIdle resets the early streams after the new stream has finished,
// and makes the second request on another stream.
func releaseWhileIdle(t *trial) error {
	if err := t.complete(1); err != nil {
		return err
	}
	t.actLate((*trial).cancel)
	return t.complete(1)
}

// releaseUniWhileIdle is like releaseWhileIdle, with unidirectional streams.
func releaseUniWhileIdle(t *trial) error {
	if err := useNextUni(t); err != nil {
		return err
	}
	t.actLate((*trial).cancel)
	return useNextUni(t)
}

// retry makes a request on a second stream, whatever happens to the first one.
func retry(t *trial) error {
	first, err := t.begin(request)
	if err != nil {
		return err
	}
	_ = first.finish()
	t.proof.NextUsed = false // the first stream does not count
	second, err := t.begin(request)
	if err != nil {
		return err
	}
	t.counts = func(stream int64) bool { return stream >= second.id }
	return second.finish()
}

// retryAtOnce makes the second request before the first one is answered. The
// server, which is held, does not read before it has both. In some releases its
// reaction depends on whether the application has read the reset when the data
// arrives that follows it on the stream.
func retryAtOnce(t *trial) error {
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
	t.proof.NextUsed = false // the first stream does not count
	return both[1].finish()
}

// retryLater is like retry, but makes the first request only after the server
// has reacted to the cancel.
func retryLater(t *trial) error {
	if err := useNextUni(t); err != nil {
		return err
	}
	return retry(t)
}
