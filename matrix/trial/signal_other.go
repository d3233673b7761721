//go:build !unix

package trial

import "os"

// hangSignal ends a process that hangs.
var hangSignal = os.Kill
