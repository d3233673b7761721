package report

import "time"

// The marks of the attempt. Nothing else in a trial has them, so what carries
// one was sent on the attempt.
const (
	// Canary is the error code of all resets that the scenarios make.
	Canary = 4919
	// EarlyDatagram is the payload of the DATAGRAM that is sent on the
	// attempt.
	EarlyDatagram = "sent on the rejected attempt"
	// StaleByte fills the early data that must never arrive. Requests do not
	// contain it.
	StaleByte = 0xca
)

// LastDatagram is the payload of the DATAGRAM that is sent at the end of a
// trial.
const LastDatagram = "sent on the next connection"

// Error codes that are part of an orderly trial.
const (
	CodeDone   = 0   // the client closes a connection that it no longer needs
	CodeGiveUp = 200 // the server ends its half of a stream that was reset
)

// Patience is the time limit of each trial. It is far longer than a trial
// takes on a busy machine, and only ends those that hang.
const Patience = 4 * time.Second

// Grace is how long a trial that went wrong waits for the server to see why.
const Grace = time.Second / 2
