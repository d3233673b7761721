package main

// A scenario is what the application does around a rejected 0-RTT attempt. What
// each must show is said in matrix.yaml.
type scenario struct {
	name   string
	bidi   int                // early bidirectional streams
	uni    int                // early unidirectional streams
	short  bool               // the early message is half of the request
	first  options            // of the server that gives the ticket, and of the client
	second options            // of the server that rejects 0-RTT
	sooner func(*trial) error // before the rejection comes in; nil: nothing
	before func(*trial)       // after the rejection is known, before NextConnection; nil: nothing
	after  func(*trial) error // with the next connection
	traced bool               // the library writes a qlog of the second dial
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

	{name: "queued-read", bidi: 1, sooner: whileQueueIsFull((*trial).cancelReads), after: useNext},
	{name: "queued-write", bidi: 1, sooner: whileQueueIsFull((*trial).cancelWrites), after: useNext},
	{name: "queued-both", bidi: 1, sooner: whileQueueIsFull((*trial).cancel), after: useNext},
	{name: "queued-uni", uni: 1, sooner: whileQueueIsFull((*trial).cancel), after: useNextUni},
	{name: "queued-many", bidi: many, sooner: whileQueueIsFull((*trial).cancel), after: useNextMany},
	{name: "queued-close", bidi: 1, sooner: whileQueueIsFull((*trial).closeEarly), after: useNext},
	{name: "queued-data", bidi: 1, sooner: queueData, after: useNext},
	{name: "sent-both", bidi: 1, sooner: andSend((*trial).cancel), after: useNext},

	{name: "closed-write", bidi: 1, sooner: andSend((*trial).closeEarly), before: (*trial).cancelWrites, after: useNext},
	{name: "closed-read", bidi: 1, sooner: andSend((*trial).closeEarly), before: (*trial).cancelReads, after: useNext},
	{name: "closed-late-write", bidi: 1, sooner: andSend((*trial).closeEarly), after: cancelWriteInTheMiddle},

	{name: "datagram-queued", bidi: 1, first: options{datagrams: true}, second: options{datagrams: true}, sooner: queueDatagram, after: useNextAndMark},
	{name: "datagram-unsupported", bidi: 1, first: options{datagrams: true}, sooner: queueDatagram, after: useNext},

	{name: "send-window", bidi: 1, second: options{connectionWindow: window}, after: exceedWindow},
	{name: "stream-window", bidi: 1, second: options{streamWindow: window}, after: exceedWindow},
	{name: "stream-limit", bidi: many, second: options{streams: few}, after: exceedStreams},

	{name: "leave-alone", bidi: 1, before: (*trial).closeEarly, after: useNext},
	{name: "release-late-open", bidi: 1, after: releaseWhileOpen},
	{name: "release-late-open-uni", uni: 1, after: releaseUniWhileOpen},
	{name: "release-late-idle", bidi: 1, after: releaseWhileIdle},
	{name: "release-late-idle-uni", uni: 1, after: releaseUniWhileIdle},
	{name: "retry", bidi: 1, before: (*trial).cancel, after: retry},
	{name: "retry-short", bidi: 1, short: true, before: (*trial).cancel, after: retryAtOnce},
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
