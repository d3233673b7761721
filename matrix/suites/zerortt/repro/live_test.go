package main

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/loopback"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A tap records what goes through a socket, once with the secrets of the
// connection and once without. No datagram comes in before open is called,
// which WriteTo does once the request has left in a 0-RTT packet.
type tap struct {
	net.PacketConn
	knowing, blind *wire.Recorder
	once           sync.Once
	pass           chan struct{}
}

func (t *tap) open() { t.once.Do(func() { close(t.pass) }) }

func (t *tap) WriteTo(p []byte, to net.Addr) (int, error) {
	t.knowing.Sent(p, to)
	t.blind.Sent(p, to)
	n, err := t.PacketConn.WriteTo(p, to)
	if wire.ZeroRTTBytes(p) > len(request) {
		t.open()
	}
	return n, err
}

func (t *tap) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := t.PacketConn.ReadFrom(p)
	<-t.pass
	if err == nil {
		t.knowing.Received(p[:n], from)
		t.blind.Received(p[:n], from)
	}
	return n, from, err
}

// liveDial starts a server and dials it through a tap.
func liveDial(ctx context.Context, t testing.TB, tickets *loopback.TicketBox) (*tap, earlyConnection) {
	t.Helper()
	s, err := startServer(report.NewJournal(), options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	socket, err := loopback.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	start := time.Now()
	tapped := &tap{
		PacketConn: socket, pass: make(chan struct{}),
		knowing: wire.NewRecorder(socket.LocalAddr(), start), blind: wire.NewRecorder(socket.LocalAddr(), start),
	}
	conf := loopback.ClientTLS(tickets)
	conf.KeyLogWriter = tapped.knowing
	t.Cleanup(tapped.open)
	if _, ok := tickets.Get(""); ok {
		tapped.knowing.Resumes(tickets.Key())
	} else {
		tapped.open()
	}
	c, err := dialEarly(ctx, tapped, s.addr(), conf, options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseWithError(report.CodeDone, "") })
	return tapped, c
}

// makeExchanges makes n exchanges of the request, one after the other.
func makeExchanges(ctx context.Context, t testing.TB, c connection, n int) {
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

// liveTrial makes a rejected 0-RTT attempt, then n exchanges, and then cancels
// a stream with the canary code. It returns the tap, which keeps recording.
func liveTrial(t testing.TB, n int) *tap {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	tickets := loopback.NewTicketBox()
	_, first := liveDial(ctx, t, tickets)
	select {
	case <-tickets.Full():
	case <-ctx.Done():
		t.Fatal("no ticket came")
	}
	first.CloseWithError(report.CodeDone, "")

	tapped, early := liveDial(ctx, t, tickets)
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
	makeExchanges(ctx, t, next, n)
	planted, err := next.OpenStreamSync(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := planted.Write(request); err != nil {
		t.Fatal(err)
	}
	planted.CancelRead(report.Canary)
	planted.CancelWrite(report.Canary)
	makeExchanges(ctx, t, next, 1) // its packets carry the frames along
	return tapped
}

// TestLive checks that every packet of a connection can be decoded, with the
// library in go.mod.
func TestLive(t *testing.T) {
	const exchanges = 3
	log := liveTrial(t, exchanges).knowing.Decode()
	var sent, got, early int
	for _, p := range log.Packets {
		if p.Opaque != "" {
			t.Errorf("%s %s packet of %d bytes is opaque: %s", p.From, p.Kind, p.Size, p.Opaque)
		}
		for _, f := range p.Frames {
			full := f.Type == "STREAM" && f.Offset == 0 && string(f.Data) == string(request)
			switch {
			case full && p.Kind == wire.KindZeroRTT && f.Stream == 0:
				early++
			case full && p.From == wire.Client:
				sent++
			case full:
				got++
			}
		}
	}
	if early == 0 || sent < exchanges || got < exchanges {
		t.Errorf("the request is seen %d times in 0-RTT, %d times sent, %d times answered", early, sent, got)
	}
	if !strings.HasPrefix(log.Early, "CLIENT_EARLY_TRAFFIC_SECRET") {
		t.Error("the secret of the 0-RTT packets was not derived")
	}
	want := map[string]bool{"RESET_STREAM": true, "STOP_SENDING": true}
	for _, f := range log.Telling() {
		if f.From == wire.Client && f.Packet == wire.KindOneRTT && f.Code == report.Canary && f.Stream == 4*exchanges {
			delete(want, f.Type)
		}
	}
	if len(want) > 0 {
		t.Errorf("not on the wire: %v; but %+v", want, log.Telling())
	}
}

// TestLiveKeyUpdate makes enough exchanges for the library to update its keys,
// which it first does after 100 packets.
func TestLiveKeyUpdate(t *testing.T) {
	phases := map[string]int{}
	for _, p := range liveTrial(t, 150).knowing.Decode().Packets {
		if p.Opaque != "" {
			t.Errorf("%s %s packet of %d bytes is opaque: %s", p.From, p.Kind, p.Size, p.Opaque)
		}
		if p.Phase > phases[p.From] {
			phases[p.From] = p.Phase
		}
	}
	if phases[wire.Client] == 0 || phases[wire.Server] == 0 {
		t.Error("no key was updated")
	}
}

// TestLiveWithoutSecrets checks that without secrets only Initial packets can
// be read, and that a report is then neither confirmed nor contradicted.
func TestLiveWithoutSecrets(t *testing.T) {
	log := liveTrial(t, 1).blind.Decode()
	for _, p := range log.Packets {
		if open := p.Kind == wire.KindInitial; open != (p.Opaque == "") {
			t.Errorf("%s %s packet: opaque %q", p.From, p.Kind, p.Opaque)
		}
	}
	w := report.Report{Outcome: report.Clean}.Agree(log, report.AnyStream)
	if w.Agrees || w.Why != "" || !strings.HasSuffix(w.Unread, "1-RTT packets of the client could not be read: no key is known") {
		t.Errorf("got %+v", w)
	}
}

// BenchmarkDecode measures how long a trial takes to decode its datagrams.
func BenchmarkDecode(b *testing.B) {
	r := liveTrial(b, 8).knowing
	for b.Loop() {
		r.Decode()
	}
	b.ReportMetric(float64(len(r.Decode().Packets)), "packets")
}
