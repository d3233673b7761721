package main

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// A tap records what goes through a socket. Nothing comes in before it is opened,
// which the request does when it leaves in a 0-RTT packet.
type tap struct {
	net.PacketConn
	r    *recorder
	once sync.Once
	pass chan struct{}
}

func (t *tap) open() { t.once.Do(func() { close(t.pass) }) }

func (t *tap) WriteTo(p []byte, to net.Addr) (int, error) {
	t.r.sent(p, to)
	n, err := t.PacketConn.WriteTo(p, to)
	if zeroRTTBytes(p) > len(request) {
		t.open()
	}
	return n, err
}

func (t *tap) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := t.PacketConn.ReadFrom(p)
	<-t.pass
	if err == nil {
		t.r.received(p[:n], from)
	}
	return n, from, err
}

// liveDial dials a server that is started for it, through a tap.
func liveDial(ctx context.Context, t testing.TB, tickets *ticketBox) (*recorder, earlyConnection) {
	t.Helper()
	s, err := startServer(newJournal(), options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	socket, err := listenLoopback()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	r := newRecorder(socket.LocalAddr(), time.Now())
	conf := clientTLS(tickets)
	conf.KeyLogWriter = r
	wire := &tap{PacketConn: socket, r: r, pass: make(chan struct{})}
	t.Cleanup(wire.open)
	if state, ok := tickets.Get(""); ok {
		r.resumes(sessionKey(state))
	} else {
		wire.open()
	}
	c, err := dialEarly(ctx, wire, s.addr(), conf, options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseWithError(codeDone, "") })
	return r, c
}

// echoed makes n exchanges of the request, one after the other.
func echoed(ctx context.Context, t testing.TB, c connection, n int) {
	t.Helper()
	for i := 0; i < n; i++ {
		str, err := c.OpenStreamSync(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := str.Write(request); err != nil {
			t.Fatal(err)
		}
		str.Close()
		if _, err := io.ReadAll(str); err != nil {
			t.Fatal(err)
		}
	}
}

// still returns a recorder with what another one has so far. The connection behind
// that one lives on, and goes on being recorded.
func still(r *recorder) *recorder {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &recorder{start: r.start, client: r.client, datagrams: append([]datagram(nil), r.datagrams...), psk: r.psk}
	c.keyLog.WriteString(r.keyLog.String())
	return c
}

// liveTrial has a rejected 0-RTT attempt, n exchanges after it, and a stream that
// is cancelled with the canary. It returns what was recorded until then.
func liveTrial(t testing.TB, n int) *recorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	tickets := newTicketBox()
	_, first := liveDial(ctx, t, tickets)
	select {
	case <-tickets.full:
	case <-ctx.Done():
		t.Fatal("no ticket came")
	}
	first.CloseWithError(codeDone, "")

	r, early := liveDial(ctx, t, tickets)
	str, err := early.OpenStream()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := str.Write(request); err != nil {
		t.Fatal(err)
	}
	if _, err := early.AcceptStream(ctx); !errors.Is(err, quic.Err0RTTRejected) {
		t.Fatal("0-RTT was not rejected: ", err)
	}
	next, err := nextConnection(ctx, early)
	if err != nil {
		t.Fatal(err)
	}
	echoed(ctx, t, next, n)
	planted, err := next.OpenStreamSync(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := planted.Write(request); err != nil {
		t.Fatal(err)
	}
	planted.CancelRead(canary)
	planted.CancelWrite(canary)
	echoed(ctx, t, next, 1) // takes the frames along
	return still(r)
}

// TestLive decodes a connection of the library in go.mod, to the last byte.
func TestLive(t *testing.T) {
	const exchanges = 3
	r := liveTrial(t, exchanges)
	log := r.decode()
	var sent, got, early int
	for _, p := range log.packets {
		if p.opaque != "" {
			t.Errorf("%s %s packet of %d bytes is opaque: %s", p.from, p.kind, p.size, p.opaque)
		}
		for _, f := range p.frames {
			full := f.Type == "STREAM" && f.Offset == 0 && string(f.data) == string(request)
			switch {
			case full && p.kind == kindZeroRTT && f.Stream == 0:
				early++
			case full && p.from == clientSide:
				sent++
			case full:
				got++
			}
		}
	}
	if early == 0 || sent < exchanges || got < exchanges {
		t.Errorf("the request is seen %d times in 0-RTT, %d times sent, %d times answered", early, sent, got)
	}
	if !strings.HasPrefix(log.early, earlyLabel) {
		t.Error("the secret of the 0-RTT packets was not derived")
	}
	want := map[string]bool{"RESET_STREAM": true, "STOP_SENDING": true}
	for _, f := range log.telling() {
		if f.From == clientSide && f.Packet == kindOneRTT && f.Code == canary && f.Stream == 4*exchanges {
			delete(want, f.Type)
		}
	}
	if len(want) > 0 {
		t.Errorf("not on the wire: %v; but %+v", want, log.telling())
	}
}

// TestLiveKeyUpdate goes on for long enough for the library to update its keys,
// which it does after 100 packets at first.
func TestLiveKeyUpdate(t *testing.T) {
	r := liveTrial(t, 150)
	d := newDecoder(parseKeyLog(r.keyLog.String()), r.psk)
	for _, g := range r.datagrams {
		d.datagram(g)
	}
	for _, p := range d.log.packets {
		if p.opaque != "" {
			t.Errorf("%s %s packet of %d bytes is opaque: %s", p.from, p.kind, p.size, p.opaque)
		}
	}
	if d.client.phases[0].current == 0 || d.server.phases[0].current == 0 {
		t.Error("no key was updated")
	}
}

// TestLiveWithoutSecrets says of each packet that it is opaque, but of Initials.
func TestLiveWithoutSecrets(t *testing.T) {
	r := liveTrial(t, 1)
	r.keyLog.Reset()
	r.psk = nil
	for _, p := range r.decode().packets {
		if open := p.kind == kindInitial; open != (p.opaque == "") {
			t.Errorf("%s %s packet: opaque %q", p.from, p.kind, p.opaque)
		}
	}
}

// TestAgreeUnread has a trial whose packets nobody can read: that is said, and
// neither agreed nor contradicted.
func TestAgreeUnread(t *testing.T) {
	r := liveTrial(t, 1)
	r.keyLog.Reset()
	r.psk = nil
	w := (&trial{wire: r, counts: anyStream}).agree(report{Outcome: clean})
	if w.Agrees || w.Why != "" || !strings.HasSuffix(w.Unread, "1-RTT packets of the client could not be read: no key is known") {
		t.Errorf("got %+v", w)
	}
}

// BenchmarkDecode is the time that a trial spends on its datagrams.
func BenchmarkDecode(b *testing.B) {
	r := liveTrial(b, 8)
	for b.Loop() {
		r.decode()
	}
	b.ReportMetric(float64(len(r.datagrams)), "datagrams")
}
