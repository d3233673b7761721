package wire

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// evidence is the document with the datagrams of a trial.
type evidence struct {
	Scenario  string             `json:"scenario"`
	Trial     int                `json:"trial"`
	KeyLog    string             `json:"keylog"` // in the NSS format
	Datagrams []evidenceDatagram `json:"datagrams"`
}

// An evidenceDatagram is one datagram. Client and Server are addresses.
type evidenceDatagram struct {
	US     int64  `json:"us"`   // microseconds since the start of the trial
	From   string `json:"from"` // Client or Server
	Client string `json:"client"`
	Server string `json:"server"`
	Data   []byte `json:"data"`
}

// Save writes what was recorded so far to a file, and the qlog next to it. The
// key log in the file has the secret of the 0-RTT packets if it is known or
// could be derived.
func (r *Recorder) Save(file, scenario string, trial int) error {
	early := r.Decode().Early
	encoded, err := json.Marshal(r.evidence(scenario, trial, early))
	if err != nil {
		return fmt.Errorf("encoding the evidence for %s: %v", file, err)
	}
	if err := writeFile(file, append(encoded, '\n')); err != nil {
		return err
	}
	return r.Qlog.Save(file)
}

// writeFile writes a file of evidence. It writes the whole file or none.
func writeFile(file string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".")
	if err != nil {
		return fmt.Errorf("writing evidence: %v", err)
	}
	_, err = temp.Write(data)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temp.Name(), 0o644) // only the owner can read a temporary file
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		os.Remove(temp.Name())
		return fmt.Errorf("writing evidence: %v", err)
	}
	return nil
}

// evidence returns the document. early is a line to add to the key log, or "".
func (r *Recorder) evidence(scenario string, trial int, early string) evidence {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := evidence{Scenario: scenario, Trial: trial, KeyLog: early + r.keyLog.String(), Datagrams: []evidenceDatagram{}}
	for _, g := range r.datagrams {
		e.Datagrams = append(e.Datagrams, evidenceDatagram{g.us, g.from, r.client, g.server.String(), g.data})
	}
	return e
}
