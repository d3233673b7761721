package main

// A scenario is what an application does around a rejected 0-RTT attempt.
// matrix.yaml says what each scenario must show.
type scenario struct {
	name            string
	bidi            int                // early bidirectional streams
	uni             int                // early unidirectional streams
	short           bool               // the early message is half of the request
	first           options            // of the server that gives the ticket, and of the client
	second          options            // of the server that rejects 0-RTT
	ordered         bool               // what beforeNext queues leaves first, and the server reads when onNext says so
	beforeRejection func(*trial) error // called before the rejection arrives; may be nil
	beforeNext      func(*trial)       // called after the rejection, before NextConnection; may be nil
	onNext          func(*trial) error // called with the next connection
	traced          bool               // the library writes a qlog of the second dial
}

// manyStreams is the number of early streams in the scenarios with many.
const manyStreams = 10

// scenarios are all scenarios, in the order of matrix.yaml.
var scenarios = []scenario{
	{name: "control", bidi: 1, onNext: useNext},
	{name: "planted", bidi: 1, onNext: plant},

	{name: "after-read", bidi: 1, beforeNext: (*trial).cancelReads, onNext: useNext},
	{name: "after-write", bidi: 1, beforeNext: (*trial).cancelWrites, onNext: useNext},
	{name: "after-both", bidi: 1, beforeNext: (*trial).cancel, onNext: useNext},
	{name: "after-uni", uni: 1, beforeNext: (*trial).cancel, onNext: useNextUni},
	{name: "after-many", bidi: manyStreams, beforeNext: (*trial).cancel, onNext: useNextMany},
	{name: "after-idle", bidi: 1, beforeNext: (*trial).cancel, onNext: useNextLater},
	{name: "late-both", bidi: 1, onNext: cancelInTheMiddle},
	{name: "late-uni", uni: 1, onNext: cancelInTheMiddleUni},

	{name: "queued-read", bidi: 1, beforeRejection: whileQueueIsFull((*trial).cancelReads), onNext: useNext},
	{name: "queued-write", bidi: 1, beforeRejection: whileQueueIsFull((*trial).cancelWrites), onNext: useNext},
	{name: "queued-both", bidi: 1, beforeRejection: whileQueueIsFull((*trial).cancel), onNext: useNext},
	{name: "queued-uni", uni: 1, beforeRejection: whileQueueIsFull((*trial).cancel), onNext: useNextUni},
	{name: "queued-many", bidi: manyStreams, beforeRejection: whileQueueIsFull((*trial).cancel), onNext: useNextMany},
	{name: "queued-close", bidi: 1, beforeRejection: whileQueueIsFull((*trial).closeEarly), onNext: useNext},
	{name: "queued-data", bidi: 1, beforeRejection: queueData, onNext: useNext},
	{name: "sent-both", bidi: 1, beforeRejection: actAndSend((*trial).cancelReads, (*trial).cancelWrites), onNext: useNext},

	{name: "closed-write", bidi: 1, beforeRejection: actAndSend((*trial).closeEarly), beforeNext: (*trial).cancelWrites, onNext: useNext},
	{name: "closed-read", bidi: 1, beforeRejection: actAndSend((*trial).closeEarly), beforeNext: (*trial).cancelReads, onNext: useNext},
	{name: "closed-late-write", bidi: 1, beforeRejection: actAndSend((*trial).closeEarly), onNext: cancelWriteInTheMiddle},

	{name: "datagram-queued", bidi: 1, first: options{datagrams: true}, second: options{datagrams: true}, beforeRejection: queueDatagram, onNext: useNextAndMark},
	{name: "datagram-unsupported", bidi: 1, first: options{datagrams: true}, beforeRejection: queueDatagram, onNext: useNext},

	{name: "send-window", bidi: 1, second: options{connectionWindow: smallWindow}, onNext: exceedWindow},
	{name: "stream-window", bidi: 1, second: options{streamWindow: smallWindow}, onNext: exceedWindow},
	{name: "stream-limit", bidi: manyStreams, second: options{streams: streamLimit}, onNext: exceedStreams},

	{name: "leave-alone", bidi: 1, beforeNext: (*trial).closeEarly, onNext: useNext},
	{name: "release-late-open", bidi: 1, onNext: releaseWhileOpen},
	{name: "release-late-open-uni", uni: 1, onNext: releaseUniWhileOpen},
	{name: "release-late-idle", bidi: 1, onNext: releaseWhileIdle},
	{name: "release-late-idle-uni", uni: 1, onNext: releaseUniWhileIdle},
	{name: "retry", bidi: 1, beforeNext: (*trial).cancel, onNext: retry},
	{name: "retry-short", bidi: 1, short: true, ordered: true, beforeNext: (*trial).cancel, onNext: retryAtOnce},
	{name: "retry-held", bidi: 1, short: true, ordered: true, beforeNext: (*trial).cancelWrites, onNext: retryAtOnce},
	{name: "retry-idle", bidi: 1, beforeNext: (*trial).cancel, onNext: retryLater},
}

// findScenario returns the scenario with a name.
func findScenario(name string) (scenario, bool) {
	for _, s := range scenarios {
		if s.name == name {
			return s, true
		}
	}
	return scenario{}, false
}
