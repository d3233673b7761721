package loopback

import (
	"crypto/tls"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A TicketBox is a tls.ClientSessionCache that keeps one ticket and reports
// its arrival.
type TicketBox struct {
	mu    sync.Mutex
	state *tls.ClientSessionState
	once  sync.Once
	full  chan struct{}
}

// NewTicketBox returns an empty TicketBox.
func NewTicketBox() *TicketBox { return &TicketBox{full: make(chan struct{})} }

// Get returns the ticket for every server name: the second server is meant to
// be offered the ticket of the first one.
func (b *TicketBox) Get(string) (*tls.ClientSessionState, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.state != nil
}

// Full returns a channel that is closed when the box has a ticket.
func (b *TicketBox) Full() <-chan struct{} { return b.full }

// Key returns the pre-shared key of the ticket. It is nil if there is no
// ticket, or if this version of Go does not give access to the key.
func (b *TicketBox) Key() []byte {
	if s, ok := b.Get(""); ok {
		return wire.SessionKey(s)
	}
	return nil
}

// Put keeps the first ticket. The tickets of the second server are not needed.
func (b *TicketBox) Put(_ string, s *tls.ClientSessionState) {
	if s == nil {
		return
	}
	b.once.Do(func() {
		b.mu.Lock()
		b.state = s
		b.mu.Unlock()
		close(b.full)
	})
}
