package capture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix/internal/capture"
)

var (
	began  = time.Date(2025, 3, 4, 5, 6, 7, 89, time.UTC)
	client = netip.MustParseAddrPort("127.0.0.1:4242")
	server = netip.MustParseAddrPort("127.0.0.1:4443")
	keyLog = "CLIENT_RANDOM " + strings.Repeat("ab", 32) + " " + strings.Repeat("cd", 48) + "\n"
)

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
}

// write returns a capture as bytes.
func write(t tester, c *capture.Capture) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := capture.Write(&b, c, began, "leak"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A seen is a packet as another decoder reads it.
type seen struct {
	At       time.Duration
	From, To string
	ByClient bool
	Data     string
}

// read decodes a capture with the decoders of gopacket and verifies every checksum.
func read(t tester, file []byte) (section pcapgo.NgSectionInfo, packets []seen) {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	if r.LinkType() != layers.LinkTypeRaw {
		t.Fatal("the link type is", r.LinkType())
	}
	for {
		data, info, options, err := r.ReadPacketDataWithOptions()
		if errors.Is(err, io.EOF) {
			return r.SectionInfo(), packets
		}
		if err != nil {
			t.Fatal(err)
		}
		// gopacket also guesses a format of the payload by its port; ignore that.
		p := gopacket.NewPacket(data, layers.LinkTypeRaw, gopacket.Default)
		transport, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP)
		if !ok {
			t.Fatal("no UDP:", p)
		}
		if err := transport.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
			t.Fatal(err)
		}
		verify(t, transport)
		if ip, ok := p.NetworkLayer().(*layers.IPv4); ok {
			verify(t, ip)
		}
		if int(transport.Length) != 8+len(transport.Payload) || transport.Checksum == 0 {
			t.Fatal("length", transport.Length, "checksum", transport.Checksum)
		}
		network := p.NetworkLayer().NetworkFlow()
		packets = append(packets, seen{
			At:       info.Timestamp.Sub(began),
			From:     endpoint(network.Src(), transport.SrcPort),
			To:       endpoint(network.Dst(), transport.DstPort),
			ByClient: options.Flags.Direction == pcapgo.NgEpbFlagDirectionOutbound,
			Data:     string(transport.Payload),
		})
	}
}

// verify checks the checksum of one header.
func verify(t tester, header interface {
	VerifyChecksum() (error, gopacket.ChecksumVerificationResult)
}) {
	t.Helper()
	if err, result := header.VerifyChecksum(); err != nil || !result.Valid {
		t.Fatal("checksum:", err, result)
	}
}

func endpoint(e gopacket.Endpoint, port layers.UDPPort) string {
	a, _ := netip.AddrFromSlice(e.Raw())
	return netip.AddrPortFrom(a, uint16(port)).String()
}

func TestWrite(t *testing.T) {
	six := netip.MustParseAddrPort("[::1]:5000")
	c := &capture.Capture{Scenario: "after", KeyLog: keyLog, Datagrams: []capture.Datagram{
		{At: 0, From: client, To: server, ByClient: true, Data: []byte("hello")},
		{At: 1234 * time.Microsecond, From: server, To: client, Data: []byte("hello to you")},
		{At: time.Second, From: six, To: netip.MustParseAddrPort("[2001:db8::2]:6000"), Data: []byte("odd")},
		{At: time.Second, From: client, To: server, Data: nil},
		{At: time.Second, From: client, To: server, Data: bytes.Repeat([]byte{0xff}, 65507)},
		// The sum of this one is 0, for which UDP has another word.
		{At: time.Second, From: client, To: server, Data: complement(client, server)},
	}}
	file := write(t, c)
	section, got := read(t, file)
	if section.Application != "matrixrun" || section.Comment != "leak" || section.OS != "" || section.Hardware != "" {
		t.Errorf("section %+v", section)
	}
	var want []seen
	for _, d := range c.Datagrams {
		want = append(want, seen{d.At, d.From.String(), d.To.String(), d.ByClient, string(d.Data)})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packets (-want +got):\n%s", diff)
	}
	if again := write(t, c); !bytes.Equal(file, again) {
		t.Error("the same capture was written differently")
	}
}

// complement returns data for which the checksum of the datagram is 0.
func complement(from, to netip.AddrPort) []byte {
	b := append(from.Addr().AsSlice(), to.Addr().AsSlice()...)
	const length = 8 + 2
	for _, word := range []uint16{17, length, from.Port(), to.Port(), length} {
		b = binary.BigEndian.AppendUint16(b, word)
	}
	sum := uint32(0)
	for ; len(b) > 0; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return binary.BigEndian.AppendUint16(nil, ^uint16(sum))
}

// TestSecretsComeFirst checks that the secrets come before the first packet,
// because readers go through the file once.
func TestSecretsComeFirst(t *testing.T) {
	const (
		section, face, secrets, packet = 0x0a0d0d0a, 1, 10, 6
		keyLogType                     = 0x544c534b
	)
	tests := []struct {
		keyLog string
		want   []uint32
	}{
		{keyLog, []uint32{section, face, secrets, packet, packet}},
		{"", []uint32{section, face, packet, packet}},
	}
	for _, test := range tests {
		d := capture.Datagram{From: client, To: server, Data: []byte("x")}
		file := write(t, &capture.Capture{KeyLog: test.keyLog, Datagrams: []capture.Datagram{d, d}})
		var kinds []uint32
		for rest := file; len(rest) > 0; {
			kind, length := binary.LittleEndian.Uint32(rest), binary.LittleEndian.Uint32(rest[4:])
			kinds = append(kinds, kind)
			if kind == secrets {
				size := binary.LittleEndian.Uint32(rest[12:])
				if of := binary.LittleEndian.Uint32(rest[8:]); of != keyLogType || string(rest[16:16+size]) != test.keyLog {
					t.Errorf("secrets of type %x: %q", of, rest[16:16+size])
				}
			}
			rest = rest[length:]
		}
		if !slices.Equal(kinds, test.want) {
			t.Errorf("blocks %x, want %x", kinds, test.want)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	six := netip.MustParseAddrPort("[::1]:5000")
	tests := map[string]capture.Datagram{
		"has no address":     {From: client},
		"versions of IP":     {From: client, To: six},
		"at most 65507":      {From: client, To: server, Data: make([]byte, 65508)},
		"writing datagram 0": {},
	}
	for want, d := range tests {
		err := capture.Write(io.Discard, &capture.Capture{Datagrams: []capture.Datagram{d}}, began, "")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Write: %v, want an error with %q", err, want)
		}
	}
	d := capture.Datagram{From: client, To: server, Data: make([]byte, 1<<15)}
	if err := capture.Write(full{}, &capture.Capture{Datagrams: []capture.Datagram{d}}, began, ""); !errors.Is(err, errFull) {
		t.Errorf("Write to a full disk: %v", err)
	}
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestEveryDatagram checks that any datagram is read back unchanged.
func TestEveryDatagram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.SampledFrom([]int{4, 16}).Draw(t, "family")
		address := func(name string) netip.AddrPort {
			a, _ := netip.AddrFromSlice(rapid.SliceOfN(rapid.Byte(), family, family).Draw(t, name))
			return netip.AddrPortFrom(a, rapid.Uint16().Draw(t, name+" port"))
		}
		d := capture.Datagram{
			At:   time.Duration(rapid.Int64Range(0, 1<<40).Draw(t, "at")),
			From: address("from"), To: address("to"),
			Data: rapid.SliceOfN(rapid.Byte(), 0, 1500).Draw(t, "data"),
		}
		_, got := read(t, write(t, &capture.Capture{Datagrams: []capture.Datagram{d}}))
		want := []seen{{d.At, d.From.String(), d.To.String(), false, string(d.Data)}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
