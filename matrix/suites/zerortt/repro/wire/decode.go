package wire

// A decoder reads datagrams in the order in which the client's socket saw them.
// It knows nothing of the library under test: what it says is said by the wire,
// the RFCs and the secrets that TLS wrote to its key log.
type decoder struct {
	log     Log
	secrets keyLog
	psk     []byte        // of the session ticket; nil: 0-RTT needs the key log
	hello   []Frame       // CRYPTO frames of the client's Initial packets
	initial []initialKeys // the newest last
	version uint32        // of the last long header: short ones name None
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
	unseen := side{largest: [spaces]int64{None, None, None}}
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
		p := Packet{From: g.from, US: g.us, Number: None}
		switch {
		case isLong(b):
			p.Size = d.long(&p, b)
		case b[0]&0x40 != 0:
			p.Size = len(b)
			d.short(&p, b)
		default:
			p.Kind, p.Size, p.Opaque = KindUnknown, len(b), "it begins like no packet of QUIC"
		}
		b = b[p.Size:]
		d.log.Packets = append(d.log.Packets, p)
	}
}

// long reads the packet with a long header that b begins with, and returns its size.
func (d *decoder) long(p *Packet, b []byte) int {
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
	d.side(p.From).chose(len(h.scid))
	if h.kind == KindRetry { // it is authenticated, not encrypted
		return h.end
	}
	p.Opaque = "no key is known"
	for _, k := range d.keysFor(p, h) {
		if d.open(p, k, b[:h.end], h) {
			return h.end
		}
		p.Opaque = "no key opens it"
	}
	if h.kind == KindInitial && p.From == Client {
		d.openFirst(p, b[:h.end], h)
	}
	return h.end
}

// keysFor returns the keys that may open a packet with a long header.
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
func (d *decoder) openFirst(p *Packet, b []byte, h header) {
	labels := labelsOf(h.version)
	k := newPacketKeys(labels, initialSecret(h.version, h.dcid, Client))
	if !d.open(p, k, b, h) {
		p.Opaque = "no key opens it"
		return
	}
	server := newPacketKeys(labels, initialSecret(h.version, h.dcid, Server))
	d.initial = append(d.initial, initialKeys{h.version, k, server})
}

// open opens a packet with a long header, if the keys are its own.
func (d *decoder) open(p *Packet, k *packetKeys, b []byte, h header) bool {
	bare, ok := k.bare(b, h.numberAt, d.side(p.From).largest[h.space()])
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
func (d *decoder) short(p *Packet, b []byte) {
	p.Kind, p.Opaque = KindOneRTT, "no key is known"
	from := d.side(p.From)
	if from.phases == nil {
		from.phases = d.newPhases(trafficSecret(p.From))
	}
	for _, size := range d.side(peerOf(p.From)).idLengths {
		for _, ph := range from.phases {
			if number, payload, ok := ph.open(b, 1+size, from.largest[spaceApplication]); ok {
				p.Phase = ph.opened
				d.read(p, spaceApplication, number, payload)
				return
			}
			p.Opaque = "no key opens it"
		}
	}
}

// read notes the frames of a packet that was opened, and what they tell of how
// to open others.
func (d *decoder) read(p *Packet, space int, number int64, payload []byte) {
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
			from.chose(int(f.Length))
		case f.Type == "CRYPTO" && p.Kind == KindInitial && p.From == Client:
			d.hello = append(d.hello, *f)
		}
	}
}
