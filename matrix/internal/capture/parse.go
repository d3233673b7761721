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

// A document is the file that a reproduction writes for each trial.
type document struct {
	Scenario  string  `json:"scenario"`
	Trial     int     `json:"trial"`
	KeyLog    string  `json:"keylog"`
	Datagrams []entry `json:"datagrams"`
}

// An entry is one datagram of a document. Base64 stays text at first, so that
// an error can tell which of them is at fault.
type entry struct {
	US     int64  `json:"us"`
	From   string `json:"from"` // "client" or "server"
	Client string `json:"client"`
	Server string `json:"server"`
	Data   string `json:"data"`
}

// Parse reads what a reproduction says that one trial sent and received:
//
//	{"scenario": "after-both", "trial": 3, "keylog": "NSS key log text",
//	 "datagrams": [{"us": 1234, "from": "client", "client": "127.0.0.1:4242", "server": "127.0.0.1:4443", "data": "base64"}]}
//
// It is strict, since what is half understood would be shown as what was on the
// wire. Keys that it does not know are for others. Datagrams keep their order.
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

// longest is more than any trial takes; a time beyond it is some other number.
const longest = 24 * time.Hour

// datagram reads an entry.
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

// address reads an address and port. An IPv4 address in IPv6's clothes, as
// sockets of both versions report it, is one of IPv4.
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

// keyLogLine is a line of NSS's format: a label, the client's random bytes that
// tell connections apart, and a secret, of 32 or 48 bytes and once 46.
var keyLogLine = regexp.MustCompile(`^[A-Z0-9_]+ [0-9a-fA-F]{64} ([0-9a-fA-F]{2}){16,64}$`)

// checkKeyLog holds that a key log has nothing but key log lines. A secret that
// is wrong is not shown in an error: it might be right.
func checkKeyLog(text string) error {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "#") && !keyLogLine.MatchString(line) {
			return fmt.Errorf("line %d is no line of a key log: want LABEL RANDOM SECRET, in hex", number)
		}
	}
	return nil
}
