package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/peer"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// serve prints the address it listens on, and then a JSON object for each
// trial that has ended.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	idle := flags.Duration("idle", time.Minute, "the `time` to wait for the next client")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *idle <= 0 {
		return fmt.Errorf("serve takes only flags, and a positive time to wait")
	}
	control, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	defer control.Close()
	if _, err := fmt.Println(control.Addr()); err != nil {
		return err
	}
	return peer.Host(control, os.Stdout, *idle, openFor)
}

// openFor starts the servers of the trial that a client asks for.
func openFor(j *report.Journal, scenario string, trial int) (peer.Servers, error) {
	s, ok := findScenario(scenario)
	if !ok {
		return nil, fmt.Errorf("unknown scenario %q", scenario)
	}
	return startPair(j, s, trial)
}
