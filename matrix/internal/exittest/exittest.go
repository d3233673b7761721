// Package exittest lets the processes of tests exit at once under the race detector. By
// default, each of them sleeps a second first. The environment variable GORACE says
// otherwise, but most processes that a test binary starts of itself get an environment
// of their own.
//
// A package whose tests start such processes imports this one in a test file, for its
// effect. Without the race detector it does nothing.
package exittest
