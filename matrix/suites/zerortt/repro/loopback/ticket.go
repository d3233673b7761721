package loopback

import (
	"crypto/tls"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A TicketBox is a session cache for one ticket that tells when it has it.
type TicketBox struct {
	mu    sync.Mutex
	state *tls.ClientSessionState
	once  sync.Once
	full  chan struct{}
}

// NewTicketBox returns an empty one.
func NewTicketBox() *TicketBox { return &TicketBox{full: make(chan struct{})} }

// Get returns the ticket, whichever server it is asked for: that the second
// server is offered the first one's ticket is the point.
func (b *TicketBox) Get(string) (*tls.ClientSessionState, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.state != nil
}

// Full returns a channel that is closed when there is a ticket.
func (b *TicketBox) Full() <-chan struct{} { return b.full }

// Key returns the key that the ticket stands for, where that can be told, or nil.
func (b *TicketBox) Key() []byte {
	if s, ok := b.Get(""); ok {
		return wire.SessionKey(s)
	}
	return nil
}

// Put keeps the first ticket; what the second server sends is of no use here.
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
