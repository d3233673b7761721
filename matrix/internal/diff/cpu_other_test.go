//go:build !unix

package diff

import (
	"testing"
	"time"
)

var began = time.Now()

// cpu returns the time since the tests began.
func cpu(*testing.T) time.Duration { return time.Since(began) }
