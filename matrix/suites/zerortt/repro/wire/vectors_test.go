package wire

import (
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	aClient = &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4242}
	aServer = &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4443}
)

// aRecorder returns an empty Recorder.
func aRecorder() *Recorder { return NewRecorder(aClient, time.Now()) }

// vector reads a packet from testdata. The packets are those of the RFCs'
// appendices.
func vector(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".hex"))
	if err != nil {
		t.Fatal(err)
	}
	return unhex(t, string(text))
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestInitialVectors decodes the Initial packets of appendix A of RFC 9001 and
// RFC 9369, and of the drafts that old releases speak. The payload in draft 29
// is older than the draft: it parses as other frames today.
func TestInitialVectors(t *testing.T) {
	for version, types := range map[string]string{
		"rfc9001":  "ACK CRYPTO",
		"rfc9369":  "ACK CRYPTO",
		"draft-v2": "ACK CRYPTO",
		"draft29":  "STREAM",
	} {
		t.Run(version, func(t *testing.T) {
			r := aRecorder()
			r.Sent(vector(t, version+"-client"), aServer)
			r.Received(vector(t, version+"-server"), aServer)
			packets := r.Decode().Packets
			if len(packets) != 2 {
				t.Fatalf("%d packets, want 2: %+v", len(packets), packets)
			}
			checkInitial(t, packets[0], Client, 2, "CRYPTO")
			checkInitial(t, packets[1], Server, 1, types)
		})
	}
}

func checkInitial(t *testing.T, p Packet, from string, number int64, types string) {
	t.Helper()
	if p.From != from || p.Kind != KindInitial || p.Number != number || p.Opaque != "" {
		t.Errorf("got %s %s %d, opaque %q; want %s Initial %d", p.From, p.Kind, p.Number, p.Opaque, from, number)
	}
	if got := typesOf(p.Frames); got != types {
		t.Errorf("frames of the %s: %s, want %s", from, got, types)
	}
}

func typesOf(frames []Frame) string {
	var names []string
	for _, f := range frames {
		names = append(names, f.Type)
	}
	return strings.Join(names, " ")
}

// TestRetryVectors decodes the Retry packets of both appendices, which are not
// encrypted.
func TestRetryVectors(t *testing.T) {
	for version, packet := range map[string]string{
		"rfc9001": "ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba",
		"rfc9369": "cf6b3343cf0008f067a5502a4262b5746f6b656ec8646ce8bfe33952d955543665dcc7b6",
	} {
		r := aRecorder()
		r.Sent(vector(t, version+"-client"), aServer)
		r.Received(unhex(t, packet), aServer)
		packets := r.Decode().Packets
		if len(packets) != 2 || packets[1].Kind != KindRetry || packets[1].Opaque != "" || packets[1].Size != 36 {
			t.Errorf("%s: %+v", version, packets)
		}
	}
}

// TestChaChaVectors checks that the ChaCha20 packets of both appendices are
// opaque, although their secret is known.
func TestChaChaVectors(t *testing.T) {
	for version, packet := range map[string]string{
		"rfc9001": "4cfe4189655e5cd55c41f69080575d7999c25a5bfb",
		"rfc9369": "5558b1c60ae7b6b932bc27d786f4bc2bb20f2162ba",
	} {
		r := aRecorder()
		logSecret(t, r, trafficSecret(Server), unhex(t, "9ac312a7f877468ebe69422748ad00a1 5443f18203a07d6060f688f30f21632b"))
		r.Sent(vector(t, version+"-client"), aServer)
		r.Received(unhex(t, packet), aServer)
		log := r.Decode()
		p := log.Packets[1]
		if p.Kind != KindOneRTT || p.Opaque != "no key opens it" || p.Number != None {
			t.Errorf("%s: %+v", version, p)
		}
		if got, _ := log.Opaque(Server, KindOneRTT); got != 1 {
			t.Errorf("%s: %d opaque packets are counted, want 1", version, got)
		}
	}
}

// TestKeyVectors derives the keys in the appendices.
func TestKeyVectors(t *testing.T) {
	dcid := unhex(t, "8394c8f03e515708")
	for _, tt := range []struct {
		version    uint32
		from       string
		secret, iv string
	}{
		{1, Client, "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea", "fa044b2f42a3fd3b46fb255c"},
		{1, Server, "3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b", "0ac1493ca1905853b0bba03e"},
		{VersionTwo, Client, "14ec9d6eb9fd7af83bf5a668bc17a7e283766aade7ecd0891f70f9ff7f4bf47b", "91f73e2351d8fa91660e909f"},
		{VersionTwo, Server, "0263db1782731bf4588e7e4d93b7463907cb8cd8200b5da55a8bd488eafc37c1", "dd13c276499c0249d3310652"},
	} {
		secret := initialSecret(tt.version, dcid, tt.from)
		if got := hex.EncodeToString(secret); got != tt.secret {
			t.Errorf("version %#x, %s: secret %s, want %s", tt.version, tt.from, got, tt.secret)
		}
		if got := hex.EncodeToString(newPacketKeys(labelsOf(tt.version), secret).iv); got != tt.iv {
			t.Errorf("version %#x, %s: IV %s, want %s", tt.version, tt.from, got, tt.iv)
		}
	}
}

// TestUpdateVectors derives the secrets of the next phase that the appendices
// list for the ChaCha20 packets. The derivation does not depend on the cipher.
func TestUpdateVectors(t *testing.T) {
	secret := unhex(t, "9ac312a7f877468ebe69422748ad00a1 5443f18203a07d6060f688f30f21632b")
	for version, want := range map[uint32]string{
		1:          "1223504755036d556342ee9361d253421a826c9ecdf3c7148684b36b714881f9",
		VersionTwo: "c69374c49e3d2a9466fa689e49d476db5d0dfbc87d32ceeaa6343fd0ae4c7d88",
	} {
		if got := hex.EncodeToString(updated(secret, labelsOf(version).update[0])); got != want {
			t.Errorf("version %#x: %s, want %s", version, got, want)
		}
	}
}
