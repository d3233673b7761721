package wire

import (
	"bytes"
	"crypto/sha512"
	"strings"
	"testing"
)

var (
	ping      = []byte{0x01}
	firstDCID = []byte{1, 2, 3, 4, 5, 6, 7, 8}
	serverID  = []byte{9, 9, 9, 9}
)

// initialOf returns the keys of Initial packets of version 1.
func initialOf(dcid []byte, from string) *packetKeys {
	return newPacketKeys(labelsOf(1), initialSecret(1, dcid, from))
}

// started returns a Recorder that has seen the first Initial packet of each
// side. The client's connection ID is empty, and the server's has 4 bytes.
func started() *Recorder {
	r := aRecorder()
	r.Sent(sealLong(initialOf(firstDCID, Client), 0, firstDCID, nil, 0, ping), aServer)
	r.Received(sealLong(initialOf(firstDCID, Server), 0, nil, serverID, 0, ping), aServer)
	return r
}

// checkRead checks the kinds of all packets, and that each could be read.
func checkRead(t *testing.T, r *Recorder, kinds string) []Packet {
	t.Helper()
	packets := r.Decode().Packets
	var got []string
	for i, p := range packets {
		got = append(got, p.Kind)
		if p.Opaque != "" {
			t.Errorf("packet %d of the %s, %s, is opaque: %s", i, p.From, p.Kind, p.Opaque)
		}
	}
	if strings.Join(got, " ") != kinds {
		t.Fatalf("packets %v, want %s", got, kinds)
	}
	return packets
}

func TestCoalesced(t *testing.T) {
	r := started()
	handshake, traffic := secretOf(1, 32), secretOf(2, sha512.Size384)
	logSecret(t, r, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", handshake)
	logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", traffic)
	var g []byte
	g = append(g, sealLong(initialOf(firstDCID, Client), 0, serverID, nil, 1, ping)...)
	g = append(g, sealLong(newPacketKeys(labelsOf(1), handshake), 2, serverID, nil, 0, ping)...)
	g = append(g, sealShort(newPacketKeys(labelsOf(1), traffic), 0, serverID, 0, []byte{0x04, 0x00, 0x53, 0x37, 0x42, 0x58})...)
	r.Sent(g, aServer)
	p := checkRead(t, r, "Initial Initial Initial Handshake 1-RTT")
	f := p[4].Frames[0]
	if f.Type != "RESET_STREAM" || f.Stream != 0 || f.Code != canary || f.FinalSize != 600 || f.From != Client || f.Packet != KindOneRTT {
		t.Errorf("%+v", f)
	}
}

// TestRetry decodes what follows a Retry. The Initial keys of both sides then
// come from the connection ID in the Retry.
func TestRetry(t *testing.T) {
	r := aRecorder()
	retryID := []byte{7, 7, 7, 7, 7}
	r.Sent(sealLong(initialOf(firstDCID, Client), 0, firstDCID, nil, 0, ping), aServer)
	retry := append([]byte{0xf0, 0, 0, 0, 1, 0, byte(len(retryID))}, retryID...)
	r.Received(append(retry, make([]byte, 20)...), aServer)
	r.Sent(sealLong(initialOf(retryID, Client), 0, retryID, nil, 1, ping), aServer)
	r.Received(sealLong(initialOf(retryID, Server), 0, nil, serverID, 0, ping), aServer)
	checkRead(t, r, "Initial Retry Initial Initial")
}

// TestVersionNegotiation decodes what follows a Version Negotiation packet.
func TestVersionNegotiation(t *testing.T) {
	r := aRecorder()
	r.Sent(sealLong(initialOf(firstDCID, Client), 0, firstDCID, nil, 0, ping), aServer)
	r.Received([]byte{0x80, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x1d}, aServer)
	const draft = 0xff00001d
	k := newPacketKeys(labelsOf(draft), initialSecret(draft, serverID, Client))
	r.Sent(sealVersion(k, draft, 0, serverID, nil, 1, ping), aServer)
	checkRead(t, r, "Initial Version Negotiation Initial")
}

// TestKeyUpdates follows the key phases, with packets that arrive late, and
// with the labels of both versions and those that old releases use for version
// 2.
func TestKeyUpdates(t *testing.T) {
	for _, tt := range []struct {
		version uint32
		label   string
	}{{1, "quic ku"}, {VersionTwo, "quicv2 ku"}, {VersionTwo, "quic ku"}, {draftVersionTwo, "quic ku"}} {
		labels := labelsOf(tt.version)
		secret := secretOf(3, 32)
		r := aRecorder()
		logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", secret)
		initial := newPacketKeys(labels, initialSecret(tt.version, firstDCID, Client))
		kind := byte(0)
		if isVersionTwo(tt.version) {
			kind = 1
		}
		r.Sent(sealVersion(initial, tt.version, kind, firstDCID, nil, 0, ping), aServer)
		r.Received(sealVersion(newPacketKeys(labels, initialSecret(tt.version, firstDCID, Server)), tt.version, kind, nil, serverID, 0, ping), aServer)
		keys := []*packetKeys{newPacketKeys(labels, secret)}
		for len(keys) < 4 {
			secret = updated(secret, tt.label)
			next := newPacketKeys(labels, secret)
			next.mask = keys[0].mask // header protection keeps its key
			keys = append(keys, next)
		}
		for number, phase := range []int{0, 0, 1, 0, 1, 2, 1, 3, 3} {
			r.Sent(sealShort(keys[phase], phase, serverID, int64(number), ping), aServer)
		}
		packets := checkRead(t, r, "Initial Initial"+strings.Repeat(" 1-RTT", 9))
		if packets[6].Phase != 1 || packets[7].Phase != 2 || packets[8].Phase != 1 {
			t.Errorf("the phases are wrong: %+v", packets[6:9])
		}
		if last := packets[10].Number; last != 8 {
			t.Errorf("version %#x, %s: the last packet has number %d, want 8", tt.version, tt.label, last)
		}
	}
}

// TestEarly decrypts 0-RTT packets with a secret from the key log. Without it
// they are opaque.
func TestEarly(t *testing.T) {
	secret := secretOf(5, 32)
	early := sealLong(newPacketKeys(labelsOf(1), secret), 1, firstDCID, nil, 0, ping)
	r := started()
	r.Sent(early, aServer)
	if p := r.Decode().Packets[2]; p.Kind != KindZeroRTT || p.Opaque != "no key is known" {
		t.Errorf("without a secret: %+v", p)
	}
	logSecret(t, r, earlyLabel, secret)
	checkRead(t, r, "Initial Initial 0-RTT")
	if line := r.Decode().Early; line != "" {
		t.Errorf("the secret is in the key log, but %q was derived", line)
	}
}

// TestEarlyFromTicket derives the secret from the ticket's key and a
// ClientHello that came in two frames, the second one first.
func TestEarlyFromTicket(t *testing.T) {
	hello := append([]byte{1, 0, 0, 60, 3, 3}, bytes.Repeat([]byte{0xab}, 58)...)
	psk := secretOf(6, 32)
	payload := append([]byte{0x06, 30, 34}, hello[30:]...)
	payload = append(append(payload, 0x06, 0, 30), hello[:30]...)
	d := newDecoder(keyLog{}, psk)
	d.helloFrames, _ = parseFrames(payload)
	secrets := d.earlySecrets()
	if len(secrets) != 1 {
		t.Fatal("the ClientHello was not found")
	}
	r := aRecorder()
	r.Resumes(psk)
	r.Sent(sealLong(initialOf(firstDCID, Client), 0, firstDCID, nil, 0, payload), aServer)
	r.Sent(sealLong(newPacketKeys(labelsOf(1), secrets[0]), 1, firstDCID, nil, 0, ping), aServer)
	checkRead(t, r, "Initial 0-RTT")
	if line := r.Decode().Early; !strings.HasPrefix(line, earlyLabel+" "+strings.Repeat("ab", 32)+" ") {
		t.Errorf("the line for the key log is %q", line)
	}
}

// TestNewConnectionID decodes packets with a connection ID whose length is
// only known from a NEW_CONNECTION_ID frame.
func TestNewConnectionID(t *testing.T) {
	r := started()
	client, server := secretOf(1, 32), secretOf(2, 32)
	logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", client)
	logSecret(t, r, "SERVER_TRAFFIC_SECRET_0", server)
	longer := []byte{1, 1, 1, 1, 1, 1, 1}
	payload := append([]byte{0x18, 1, 0, byte(len(longer))}, longer...)
	payload = append(payload, make([]byte, 16)...)
	r.Received(sealShort(newPacketKeys(labelsOf(1), server), 0, nil, 0, payload), aServer)
	r.Sent(sealShort(newPacketKeys(labelsOf(1), client), 0, longer, 0, ping), aServer)
	checkRead(t, r, "Initial Initial 1-RTT 1-RTT")
}

func TestOpaque(t *testing.T) {
	traffic := newPacketKeys(labelsOf(1), secretOf(1, 32))
	for _, tt := range []struct {
		name, kind, why string
		b               []byte
	}{
		{"an unknown frame", KindOneRTT, "frame type 0x3f is unknown", sealShort(traffic, 0, serverID, 0, []byte{0x01, 0x3f, 1, 1})},
		{"a frame cut short", KindOneRTT, "a frame of type 0x5 is cut short", sealShort(traffic, 0, serverID, 0, []byte{0x01, 0, 0, 0x05})},
		{"other keys", KindOneRTT, "no key opens it", sealShort(initialOf(serverID, Client), 0, serverID, 0, ping)},
		{"too short", KindOneRTT, "no key opens it", []byte{0x40, 9, 9, 9, 9, 1, 2, 3}},
		{"no secret", KindHandshake, "no key is known", sealLong(traffic, 2, serverID, nil, 0, ping)},
		{"a header cut short", KindUnknown, "its long header is cut short", []byte{0xc0, 0, 0, 0, 1, 8, 1}},
		{"a packet cut short", KindUnknown, "its long header is cut short", sealLong(traffic, 2, serverID, nil, 0, ping)[:30]},
		{"padding", KindUnknown, "it begins like no packet of QUIC", make([]byte, 30)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := started()
			logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", secretOf(1, 32))
			r.Sent(tt.b, aServer)
			packets := r.Decode().Packets
			p := packets[len(packets)-1]
			if len(packets) != 3 || p.Kind != tt.kind || p.Opaque != tt.why || p.Size != len(tt.b) {
				t.Errorf("%d packets, the last %+v; want %s because %s", len(packets), p, tt.kind, tt.why)
			}
			if read := strings.Contains(tt.why, "frame"); read != (typesOf(p.Frames) == "PING") {
				t.Errorf("got frames %v, want those before the one at fault", p.Frames)
			}
		})
	}
}

// TestKeyLog checks that lines of another form are skipped, and so are secrets
// whose length fits no cipher suite.
func TestKeyLog(t *testing.T) {
	l := parseKeyLog("# a comment\nA 00 " + hexOf(secretOf(1, 32)) + "\r\nA 01 " + hexOf(secretOf(2, 48)) +
		"\nA 02 " + hexOf(secretOf(3, 36)) + "\nA 03 xyz\nB 00\n\n")
	if len(l) != 1 || len(l["A"]) != 2 || !bytes.Equal(l["A"][1], secretOf(2, 48)) {
		t.Errorf("%v", l)
	}
}

// TestSession finds the key in a session of TLS 1.3, and none in other data.
func TestSession(t *testing.T) {
	session := func(version byte, key []byte) []byte {
		b := append([]byte{3, version, 2, 0x13, 1}, make([]byte, 8)...)
		return append(append(append(b, byte(len(key))), key...), 1, 2, 3)
	}
	key := secretOf(1, 32)
	if got := parseSession(session(4, key)); !bytes.Equal(got, key) {
		t.Errorf("got %x, want %x", got, key)
	}
	for name, b := range map[string][]byte{
		"nothing":    nil,
		"TLS 1.2":    session(3, key),
		"no secret":  session(4, key[:20]),
		"cut short":  session(4, key)[:40],
		"other data": []byte("a session of some other kind"),
	} {
		if got := parseSession(b); got != nil {
			t.Errorf("%s: %x is taken for a key", name, got)
		}
	}
}
