package wire

// phases are the keys of one side's 1-RTT packets. A key update replaces them
// by those of the next phase; packets carry the lowest bit of the phase. The
// key of header protection stays the same (RFC 9001, section 6).
type phases struct {
	labels  keyLabels
	update  string        // label with which the next secret is derived
	secret  []byte        // of the last phase in keys
	keys    []*packetKeys // by phase
	current int           // the latest phase seen
	opened  int           // phase of the packet that was last decrypted
}

// newPhases returns the candidates for the keys of a side: one for each secret
// with a label in the key log, and for each way in which the version may
// update it.
func (d *decoder) newPhases(label string) []*phases {
	var all []*phases
	labels := labelsOf(d.version)
	for _, secret := range d.secrets[label] {
		for _, update := range labels.update {
			all = append(all, &phases{
				labels: labels, update: update, secret: secret,
				keys: []*packetKeys{d.keys(d.version, secret)},
			})
		}
	}
	return all
}

// open decrypts a packet. It tries the current phase, the next one, which then
// becomes the current one, and the one before, for a packet that is late.
func (ph *phases) open(b []byte, numberAt int, largest int64) (number int64, payload []byte, ok bool) {
	p, ok := ph.keys[0].unmask(b, numberAt, largest)
	if !ok {
		return 0, nil, false
	}
	for _, phase := range [...]int{ph.current, ph.current + 1, ph.current - 1} {
		if phase < 0 || (phase&1 != 0) != p.updates {
			continue
		}
		if payload, ok = ph.keysOf(phase).decrypt(p); ok {
			if ph.opened = phase; phase > ph.current {
				ph.current = phase
			}
			return p.number, payload, true
		}
	}
	return 0, nil, false
}

// keysOf returns the keys of a phase. The phase is at most one past the last
// one in keys.
func (ph *phases) keysOf(phase int) *packetKeys {
	if phase == len(ph.keys) {
		ph.secret = updated(ph.secret, ph.update)
		ph.keys = append(ph.keys, newPacketKeys(ph.labels, ph.secret))
	}
	return ph.keys[phase]
}
