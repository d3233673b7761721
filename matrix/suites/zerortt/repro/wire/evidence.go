package wire

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// evidence is the document that a trial's datagrams are kept in.
type evidence struct {
	Scenario  string             `json:"scenario"`
	Trial     int                `json:"trial"`
	KeyLog    string             `json:"keylog"` // in the NSS format
	Datagrams []evidenceDatagram `json:"datagrams"`
}

type evidenceDatagram struct {
	US     int64  `json:"us"`
	From   string `json:"from"`
	Client string `json:"client"`
	Server string `json:"server"`
	Data   []byte `json:"data"`
}

// Save writes what was recorded so far to a file, and the qlog beside it. The key
// log has the secret of the 0-RTT packets too, where that could be had.
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

// writeFile writes a file of evidence, which is whole or not there.
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
		err = os.Chmod(temp.Name(), 0o644) // the temporary one is its owner's alone
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

// evidence makes the document.
func (r *Recorder) evidence(scenario string, trial int, early string) evidence {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := evidence{Scenario: scenario, Trial: trial, KeyLog: early + r.keyLog.String(), Datagrams: []evidenceDatagram{}}
	for _, g := range r.datagrams {
		e.Datagrams = append(e.Datagrams, evidenceDatagram{g.us, g.from, r.client, g.server.String(), g.data})
	}
	return e
}
