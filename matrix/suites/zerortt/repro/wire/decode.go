package wire

// A decoder decodes datagrams in the order in which the client's socket saw
// them. It relies only on the packets, the RFCs, and the secrets that TLS
// wrote to its key log.
type decoder struct {
	log         Log
	secrets     keyLog
	psk         []byte                  // pre-shared key of the session ticket; nil: only the key log can give the 0-RTT secret
	helloFrames []Frame                 // CRYPTO frames of the client's Initial packets
	initial     []initialKeys           // the newest last
	version     uint32                  // of the last long header; short headers have none
	derived     map[keyName]*packetKeys // keys that were derived so far
	client      side
	server      side
}

// A keyName identifies the keys that a version of QUIC derives from a secret.
type keyName struct {
	version uint32
	secret  string
}

// initialKeys are the keys of Initial packets. They are derived from a
// Destination Connection ID that the client chose (RFC 9001, section 5.2).
type initialKeys struct {
	version        uint32
	client, server *packetKeys
}

// newDecoder returns a decoder that has seen no datagram. psk may be nil.
func newDecoder(secrets keyLog, psk []byte) *decoder {
	unseen := side{largest: [numSpaces]int64{None, None, None}}
	return &decoder{
		secrets: secrets,
		psk:     psk,
		derived: make(map[keyName]*packetKeys),
		client:  unseen,
		server:  unseen,
	}
}

// datagram decodes all packets of one datagram.
func (d *decoder) datagram(g datagram) {
	for b := g.data; len(b) > 0; {
		p := Packet{From: g.from, US: g.us, Number: None}
		switch {
		case isLong(b):
			p.Size = d.readLong(&p, b)
		case b[0]&0x40 != 0:
			p.Size = len(b)
			d.readShort(&p, b)
		default:
			p.Kind, p.Size, p.Opaque = KindUnknown, len(b), "it begins like no packet of QUIC"
		}
		b = b[p.Size:]
		d.log.Packets = append(d.log.Packets, p)
	}
}

// readLong decodes the packet with a long header at the beginning of b, and
// returns its size.
func (d *decoder) readLong(p *Packet, b []byte) int {
	h, ok := parseLongHeader(b)
	if !ok {
		p.Kind, p.Opaque = KindUnknown, "its long header is cut short"
		return len(b)
	}
	p.Kind = h.kind
	if h.kind == KindNegotiation {
		return h.end
	}
	d.version = h.version
	d.side(p.From).addIDLength(len(h.scid))
	if h.kind == KindRetry { // a Retry is authenticated, not encrypted
		return h.end
	}
	p.Opaque = "no key is known"
	for _, k := range d.keysFor(p, h) {
		if d.tryKeys(p, k, b[:h.end], h) {
			return h.end
		}
		p.Opaque = "no key opens it"
	}
	if h.kind == KindInitial && p.From == Client {
		d.readFirstInitial(p, b[:h.end], h)
	}
	return h.end
}

// keysFor returns the keys that may decrypt a packet with a long header.
func (d *decoder) keysFor(p *Packet, h header) []*packetKeys {
	var keys []*packetKeys
	switch h.kind {
	case KindInitial:
		for i := len(d.initial) - 1; i >= 0; i-- {
			switch k := d.initial[i]; {
			case k.version != h.version:
			case p.From == Client:
				keys = append(keys, k.client)
			default:
				keys = append(keys, k.server)
			}
		}
	case KindHandshake:
		for _, secret := range d.secrets[handshakeSecret(p.From)] {
			keys = append(keys, d.keys(h.version, secret))
		}
	case KindZeroRTT:
		for _, secret := range d.earlySecrets() {
			keys = append(keys, d.keys(h.version, secret))
		}
	}
	return keys
}

// keys returns the keys of a secret. It derives them only once.
func (d *decoder) keys(version uint32, secret []byte) *packetKeys {
	name := keyName{version, string(secret)}
	if d.derived[name] == nil {
		d.derived[name] = newPacketKeys(labelsOf(version), secret)
	}
	return d.derived[name]
}

// readFirstInitial decodes an Initial packet of the client with the keys of
// its own Destination Connection ID. They are right for the first Initial
// packet, and for the first one after a Retry or a Version Negotiation packet.
func (d *decoder) readFirstInitial(p *Packet, b []byte, h header) {
	labels := labelsOf(h.version)
	k := newPacketKeys(labels, initialSecret(h.version, h.dcid, Client))
	if !d.tryKeys(p, k, b, h) {
		p.Opaque = "no key opens it"
		return
	}
	server := newPacketKeys(labels, initialSecret(h.version, h.dcid, Server))
	d.initial = append(d.initial, initialKeys{h.version, k, server})
}

// tryKeys decodes a packet with a long header. It returns false if k are not
// its keys.
func (d *decoder) tryKeys(p *Packet, k *packetKeys, b []byte, h header) bool {
	u, ok := k.unmask(b, h.numberAt, d.side(p.From).largest[h.space()])
	if !ok {
		return false
	}
	payload, ok := k.decrypt(u)
	if ok {
		d.addFrames(p, h.space(), u.number, payload)
	}
	return ok
}

// readShort decodes the rest of a datagram, which is one 1-RTT packet. The
// length of its connection ID is not in the header, so readShort tries all
// lengths that the other side has chosen.
func (d *decoder) readShort(p *Packet, b []byte) {
	p.Kind, p.Opaque = KindOneRTT, "no key is known"
	from := d.side(p.From)
	if from.phases == nil {
		from.phases = d.newPhases(trafficSecret(p.From))
	}
	for _, size := range d.side(peerOf(p.From)).idLengths {
		for _, ph := range from.phases {
			if number, payload, ok := ph.open(b, 1+size, from.largest[spaceApplication]); ok {
				p.Phase = ph.opened
				d.addFrames(p, spaceApplication, number, payload)
				return
			}
			p.Opaque = "no key opens it"
		}
	}
}

// addFrames parses the frames of a decrypted packet, and keeps what they say
// about how to decrypt others.
func (d *decoder) addFrames(p *Packet, space int, number int64, payload []byte) {
	frames, err := parseFrames(payload)
	if p.Opaque = ""; err != nil {
		p.Opaque = err.Error()
	}
	from := d.side(p.From)
	if number > from.largest[space] {
		from.largest[space] = number
	}
	p.Number, p.Frames = number, frames
	for i := range frames {
		f := &frames[i]
		f.From, f.Packet, f.Number, f.US = p.From, p.Kind, number, p.US
		switch {
		case f.Type == "NEW_CONNECTION_ID":
			from.addIDLength(int(f.Length))
		case f.Type == "CRYPTO" && p.Kind == KindInitial && p.From == Client:
			d.helloFrames = append(d.helloFrames, *f)
		}
	}
}
