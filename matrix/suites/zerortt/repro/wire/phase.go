package wire

// phases are the keys of one side's 1-RTT packets. They are renewed from phase to
// phase, of which packets bear the lowest bit; the key of header protection stays
// (RFC 9001, section 6).
type phases struct {
	labels  keyLabels
	update  string // label of the next secret
	secret  []byte // of the last phase that has keys
	keys    []*packetKeys
	current int // the latest phase that was seen
	opened  int // the phase of the last packet that was opened
}

// newPhases returns the phases that may be those of a side: one for each secret
// of that label in the key log and each way in which its version may update it.
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

// open opens a packet of the current phase, of the next one, which then is the
// current, or of the one before, when the packet was late.
func (ph *phases) open(b []byte, numberAt int, largest int64) (number int64, payload []byte, ok bool) {
	p, ok := ph.keys[0].bare(b, numberAt, largest)
	if !ok {
		return 0, nil, false
	}
	for _, phase := range [...]int{ph.current, ph.current + 1, ph.current - 1} {
		if phase < 0 || (phase&1 != 0) != p.updates {
			continue
		}
		if payload, ok = ph.of(phase).unseal(p); ok {
			if ph.opened = phase; phase > ph.current {
				ph.current = phase
			}
			return p.number, payload, true
		}
	}
	return 0, nil, false
}

// of returns the keys of a phase, which follows those that have keys.
func (ph *phases) of(phase int) *packetKeys {
	if phase == len(ph.keys) {
		ph.secret = updated(ph.secret, ph.update)
		ph.keys = append(ph.keys, newPacketKeys(ph.labels, ph.secret))
	}
	return ph.keys[phase]
}
