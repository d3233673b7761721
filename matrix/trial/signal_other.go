//go:build !unix

package trial

import "os"

// hangSignal ends a process that hangs.
var hangSignal = os.Kill

// endSignal ends the servers.
var endSignal = os.Kill
