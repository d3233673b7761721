// Command repro is the reproduction of the scripts: it reports whatever the
// fake release below it says. It imports little, so that it links at once.
package main

import (
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// gate is a file that a script makes to let a slow trial through; the script
// puts the path here.
const gate = "GATE"

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "list":
		os.Stdout.WriteString(`[{"name": "control"}, {"name": "planted"}, {"name": "reset"}, {"name": "reset-many"}, {"name": "wait"}]` + "\n")
	case len(os.Args) == 2 && os.Args[1] == "nap":
		signal.Ignore(os.Interrupt, syscall.SIGQUIT)
		time.Sleep(10 * time.Minute)
	case len(os.Args) == 6 && os.Args[1] == "run" && os.Args[2] == "-scenario" && os.Args[4] == "-trials":
		trials, _ := strconv.Atoi(os.Args[5])
		for i := 0; i < trials; i++ {
			report(os.Args[3], i, behave(os.Args[3], i))
		}
	case len(os.Args) == 2 && os.Args[1] == "serve":
		os.Stdout.WriteString("fake:" + behave("reset", 0) + "\n")
		time.Sleep(10 * time.Minute) // it is ended before
	case len(os.Args) == 8 && os.Args[1] == "run" && os.Args[6] == "-peer":
		trials, _ := strconv.Atoi(os.Args[5])
		for i := 0; i < trials; i++ {
			report(os.Args[3], i, against(os.Args[7], behave(os.Args[3], i)))
		}
	default:
		os.Stderr.WriteString("usage: repro list, or repro run -scenario NAME -trials N\n")
		os.Exit(2)
	}
}

// against returns the result of a trial against the servers at an address. The
// servers of a release that kills connections understand no client.
func against(address, what string) string {
	switch address {
	case "fake:kill":
		return "mute"
	case "fake:leak", "fake:clean":
		return what
	default:
		panic("no such address: " + address)
	}
}

// report prints the result of a trial.
func report(scenario string, trial int, what string) {
	outcome, more, proof := "clean", "", `"attempted": true, "next_used": true`
	switch what {
	case "leak", "kill":
		severity := map[string]string{"leak": "stream", "kill": "connection"}[what]
		outcome = "leak"
		more = `, "severity": "` + severity + `", "saw": [{"side": "server", "stream": 0, "code": 4919, "error": "reset by the fake release"}]`
	case "unproven":
		proof, more = `"next_used": true`, `, "why": "there was nothing to reset"`
	case "mute":
		outcome, more = "inconclusive", `, "unsupported": true, "why": "the two have no version in common"`
	case "gate":
		wait()
	case "hang":
		hang()
	case "flood":
		flood(os.Stdout)
	case "flood-stderr":
		flood(os.Stderr)
	case "babble":
		os.Stdout.WriteString("this is no trial\n")
		return
	case "silence":
		return
	}
	os.Stdout.WriteString(`{"scenario": "` + scenario + `", "trial": ` + strconv.Itoa(trial) + `, "outcome": "` + outcome + `"` + more +
		`, "proof": {` + proof + `}, "elapsed_us": 1}` + "\n")
}

// wait says that it is waiting, and waits for the gate to be opened. When
// matrixrun is gone nobody will open it any more.
func wait() {
	parent := os.Getppid() // before the file below says that matrixrun can be killed
	os.WriteFile(gate+".waiting", nil, 0o666)
	for os.Getppid() == parent {
		if _, err := os.Stat(gate); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	os.Exit(1)
}

// hang never returns, and neither does the process that it starts, which ignores
// all signals that can be ignored.
func hang() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	if _, err := os.StartProcess(self, []string{self, "nap"}, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}}); err != nil {
		panic(err)
	}
	time.Sleep(10 * time.Minute)
}

// flood writes as long as somebody reads.
func flood(f *os.File) {
	line := make([]byte, 1<<16)
	for i := range line {
		line[i] = ' '
	}
	for {
		if _, err := f.Write(line); err != nil {
			os.Exit(1)
		}
	}
}
