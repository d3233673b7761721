package capture

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// A document is the JSON file that a reproduction writes for each trial.
type document struct {
	Scenario  string  `json:"scenario"`
	Trial     int     `json:"trial"`
	KeyLog    string  `json:"keylog"`
	Datagrams []entry `json:"datagrams"`
}

// An entry is one datagram of a document. Data is decoded later, so that an error
// can name the datagram.
type entry struct {
	US     int64  `json:"us"`
	From   string `json:"from"` // "client" or "server"
	Client string `json:"client"`
	Server string `json:"server"`
	Data   string `json:"data"`
}

// Parse parses the JSON that a reproduction writes about the datagrams of one
// trial:
//
//	{"scenario": "after-both", "trial": 3, "keylog": "NSS key log text",
//	 "datagrams": [{"us": 1234, "from": "client", "client": "127.0.0.1:4242", "server": "127.0.0.1:4443", "data": "base64"}]}
//
// It is strict about values, because a value that it misread would be shown as what
// was on the wire. Unknown keys are ignored. The datagrams keep their order.
func Parse(data []byte) (*Capture, error) {
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("reading a trial's datagrams: %w", err)
	}
	c := &Capture{Scenario: doc.Scenario, Trial: doc.Trial, KeyLog: doc.KeyLog}
	if len(doc.Datagrams) == 0 {
		return nil, errors.New("reading a trial's datagrams: there are none")
	}
	if err := checkKeyLog(doc.KeyLog); err != nil {
		return nil, fmt.Errorf("reading a trial's key log: %w", err)
	}
	for i, e := range doc.Datagrams {
		d, err := e.datagram()
		if err == nil {
			err = d.check()
		}
		if err != nil {
			return nil, fmt.Errorf("reading datagram %d of a trial: %w", i, err)
		}
		c.Datagrams = append(c.Datagrams, d)
	}
	return c, nil
}

// longest is more than any trial takes. A larger time must be some other number.
const longest = 24 * time.Hour

// datagram converts an entry.
func (e entry) datagram() (Datagram, error) {
	if e.US < 0 || e.US > longest.Microseconds() {
		return Datagram{}, fmt.Errorf("us is %d: want microseconds since the trial began", e.US)
	}
	client, err := address(e.Client)
	if err != nil {
		return Datagram{}, fmt.Errorf("client: %w", err)
	}
	server, err := address(e.Server)
	if err != nil {
		return Datagram{}, fmt.Errorf("server: %w", err)
	}
	data, err := base64.StdEncoding.Strict().DecodeString(e.Data)
	if err != nil {
		return Datagram{}, fmt.Errorf("data: %w", err)
	}
	d := Datagram{At: time.Duration(e.US) * time.Microsecond, From: client, To: server, ByClient: true, Data: data}
	switch e.From {
	case "client":
	case "server":
		d.From, d.To, d.ByClient = server, client, false
	default:
		return Datagram{}, fmt.Errorf("from is %q: want client or server", e.From)
	}
	return d, nil
}

// address parses an address and port. IPv4-mapped IPv6 addresses, which dual-stack
// sockets report, become IPv4 addresses.
func address(text string) (netip.AddrPort, error) {
	a, err := netip.ParseAddrPort(text)
	switch {
	case err != nil:
		return netip.AddrPort{}, err
	case a.Port() == 0:
		return netip.AddrPort{}, fmt.Errorf("%s has no port", text)
	}
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port()), nil
}

// keyLogLine matches a line of NSS's key log format: a label, the client random,
// and a secret, which has 32, 46 or 48 bytes today.
var keyLogLine = regexp.MustCompile(`^[A-Z0-9_]+ [0-9a-fA-F]{64} ([0-9a-fA-F]{2}){16,64}$`)

// checkKeyLog reports an error if text has a line that is not in key log format.
// The error does not quote the line, which may contain a real secret.
func checkKeyLog(text string) error {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "#") && !keyLogLine.MatchString(line) {
			return fmt.Errorf("line %d is not a line of a key log: want LABEL RANDOM SECRET, in hex", number)
		}
	}
	return nil
}
