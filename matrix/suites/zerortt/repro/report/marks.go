package report

import "time"

// What only the attempt has, so that whatever carries it belongs to the attempt.
const (
	// Canary is the error code of every reset that a scenario makes. Nothing else
	// in the program uses it.
	Canary = 4919
	// EarlyDatagram is the payload of the DATAGRAM that is sent on the attempt.
	EarlyDatagram = "sent on the rejected attempt"
	// StaleByte fills the early data that must never arrive. No request has it.
	StaleByte = 0xca
)

// LastDatagram is the payload of the one that is sent at the trial's end.
const LastDatagram = "sent on the next connection"

// Codes of what is part of an orderly trial.
const (
	CodeDone   = 0   // the client closes a connection that it no longer needs
	CodeGiveUp = 200 // the server ends its half of a stream that was reset
)

// Patience bounds each trial. It is far longer than any trial takes on a busy
// machine, and ends only those that hang.
const Patience = 4 * time.Second

// Grace is how long a trial that went wrong is kept open for news that may not
// come.
const Grace = time.Second / 2
