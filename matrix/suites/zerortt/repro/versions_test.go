package main

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/peer"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// TestNoVersion runs a trial whose client and server have no version in
// common.
func TestNoVersion(t *testing.T) {
	control, _ := findScenario("control")
	control.first.version = 1
	r, _ := runTrial(control, 0, func(j *report.Journal, s scenario, n int) (peer.Servers, error) {
		s.first.version, s.second.version = wire.VersionTwo, wire.VersionTwo
		return startPair(j, s, n)
	})
	want := "the client and the server share no QUIC version: the client tried v1, the server offers v2"
	if r.Outcome != report.Inconclusive || !r.Unsupported || r.Why != want {
		t.Errorf("got %+v", r)
	}
}

// TestOtherVersion runs trials with a server that does not speak the client's
// first choice. The attempt must be made in the version that they share.
func TestOtherVersion(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), report.Patience)
	defer cancel()
	for _, name := range []string{"control", "planted"} {
		s, _ := findScenario(name)
		r, recorder := runTrial(s, 0, func(j *report.Journal, s scenario, n int) (peer.Servers, error) {
			s.first.version, s.second.version = wire.VersionTwo, wire.VersionTwo
			return startPair(j, s, n)
		})
		if r.Outcome == report.Inconclusive || ctx.Err() != nil {
			t.Errorf("%s: got %+v", name, r)
		}
		if tried, spoken, offered := recorder.Versions(); tried != wire.VersionTwo || spoken != wire.VersionTwo || offered != nil {
			t.Errorf("%s: the attempt tried %#x, spoke %#x, was offered %#x", name, tried, spoken, offered)
		}
	}
}

// TestSetVersion checks that setVersion sets one version, and none if it is 0.
func TestSetVersion(t *testing.T) {
	c, want := new(quic.Config), new(quic.Config)
	setVersion(0, c)
	if diff := cmp.Diff(want.Versions, c.Versions); diff != "" {
		t.Error(diff)
	}
	setVersion(wire.VersionTwo, c)
	if diff := cmp.Diff([]quic.Version{quic.Version2}, c.Versions); diff != "" {
		t.Error(diff)
	}
}
