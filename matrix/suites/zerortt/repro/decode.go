package main

// A decoder reads datagrams in the order in which the client's socket saw them.
// It knows nothing of the library under test: what it says is said by the wire,
// the RFCs and the secrets that TLS wrote to its key log.
type decoder struct {
	log     wireLog
	secrets keyLog
	psk     []byte        // of the session ticket; nil: 0-RTT needs the key log
	hello   []wireFrame   // CRYPTO frames of the client's Initial packets
	initial []initialKeys // the newest last
	version uint32        // of the last long header: short ones name none
	opened  map[keyName]*packetKeys
	client  side
	server  side
}

// A keyName tells the keys of a secret. Versions derive them differently.
type keyName struct {
	version uint32
	secret  string
}

// initialKeys are the keys of Initial packets, which come from a Destination
// Connection ID of the client's.
type initialKeys struct {
	version        uint32
	client, server *packetKeys
}

func newDecoder(secrets keyLog, psk []byte) *decoder {
	unseen := side{largest: [spaces]int64{none, none, none}}
	return &decoder{
		secrets: secrets,
		psk:     psk,
		opened:  make(map[keyName]*packetKeys),
		client:  unseen,
		server:  unseen,
	}
}

// datagram reads all packets of one datagram.
func (d *decoder) datagram(g datagram) {
	for b := g.data; len(b) > 0; {
		p := wirePacket{from: g.from, us: g.us, number: none}
		switch {
		case isLong(b):
			p.size = d.long(&p, b)
		case b[0]&0x40 != 0:
			p.size = len(b)
			d.short(&p, b)
		default:
			p.kind, p.size, p.opaque = kindUnknown, len(b), "it begins like no packet of QUIC"
		}
		b = b[p.size:]
		d.log.packets = append(d.log.packets, p)
	}
}

// long reads the packet with a long header that b begins with, and returns its size.
func (d *decoder) long(p *wirePacket, b []byte) int {
	h, ok := parseLongHeader(b)
	if !ok {
		p.kind, p.opaque = kindUnknown, "its long header is cut short"
		return len(b)
	}
	p.kind = h.kind
	if h.kind == kindNegotiation {
		return h.end
	}
	d.version = h.version
	d.side(p.from).chose(len(h.scid))
	if h.kind == kindRetry { // it is authenticated, not encrypted
		return h.end
	}
	p.opaque = "no key is known"
	for _, k := range d.keysFor(p, h) {
		if d.open(p, k, b[:h.end], h) {
			return h.end
		}
		p.opaque = "no key opens it"
	}
	if h.kind == kindInitial && p.from == clientSide {
		d.openFirst(p, b[:h.end], h)
	}
	return h.end
}

// keysFor returns the keys that may open a packet with a long header.
func (d *decoder) keysFor(p *wirePacket, h header) []*packetKeys {
	var keys []*packetKeys
	switch h.kind {
	case kindInitial:
		for i := len(d.initial) - 1; i >= 0; i-- {
			switch k := d.initial[i]; {
			case k.version != h.version:
			case p.from == clientSide:
				keys = append(keys, k.client)
			default:
				keys = append(keys, k.server)
			}
		}
	case kindHandshake:
		for _, secret := range d.secrets[handshakeSecret(p.from)] {
			keys = append(keys, d.keys(h.version, secret))
		}
	case kindZeroRTT:
		for _, secret := range d.earlySecrets() {
			keys = append(keys, d.keys(h.version, secret))
		}
	}
	return keys
}

// keys returns the keys of a secret, and derives them once.
func (d *decoder) keys(version uint32, secret []byte) *packetKeys {
	name := keyName{version, string(secret)}
	if d.opened[name] == nil {
		d.opened[name] = newPacketKeys(labelsOf(version), secret)
	}
	return d.opened[name]
}

// openFirst opens an Initial packet of the client with the keys of its own
// Destination Connection ID. That is right for the first one, and for the first
// one after a Retry or a Version Negotiation.
func (d *decoder) openFirst(p *wirePacket, b []byte, h header) {
	labels := labelsOf(h.version)
	k := newPacketKeys(labels, initialSecret(h.version, h.dcid, clientSide))
	if !d.open(p, k, b, h) {
		p.opaque = "no key opens it"
		return
	}
	server := newPacketKeys(labels, initialSecret(h.version, h.dcid, serverSide))
	d.initial = append(d.initial, initialKeys{h.version, k, server})
}

// open opens a packet with a long header, if the keys are its own.
func (d *decoder) open(p *wirePacket, k *packetKeys, b []byte, h header) bool {
	bare, ok := k.bare(b, h.numberAt, d.side(p.from).largest[h.space()])
	if !ok {
		return false
	}
	payload, ok := k.unseal(bare)
	if ok {
		d.read(p, h.space(), bare.number, payload)
	}
	return ok
}

// short reads the rest of a datagram, which is one 1-RTT packet.
func (d *decoder) short(p *wirePacket, b []byte) {
	p.kind, p.opaque = kindOneRTT, "no key is known"
	from := d.side(p.from)
	if from.phases == nil {
		from.phases = d.newPhases(trafficSecret(p.from))
	}
	for _, size := range d.side(peerOf(p.from)).idLengths {
		for _, ph := range from.phases {
			if number, payload, ok := ph.open(b, 1+size, from.largest[spaceApplication]); ok {
				d.read(p, spaceApplication, number, payload)
				return
			}
			p.opaque = "no key opens it"
		}
	}
}

// read notes the frames of a packet that was opened, and what they tell of how
// to open others.
func (d *decoder) read(p *wirePacket, space int, number int64, payload []byte) {
	frames, err := parseFrames(payload)
	if p.opaque = ""; err != nil {
		p.opaque = err.Error()
	}
	from := d.side(p.from)
	if number > from.largest[space] {
		from.largest[space] = number
	}
	p.number, p.frames = number, frames
	for i := range frames {
		f := &frames[i]
		f.From, f.Packet, f.Number, f.US = p.from, p.kind, number, p.us
		switch {
		case f.Type == "NEW_CONNECTION_ID":
			from.chose(int(f.Length))
		case f.Type == "CRYPTO" && p.kind == kindInitial && p.from == clientSide:
			d.hello = append(d.hello, *f)
		}
	}
}
