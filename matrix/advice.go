package matrix

// An Advice tells whoever builds with one row of the table what was found out
// about it, and what can be done. Scenarios are named in the suite's order.
type Advice struct {
	Row     string   `json:"row"`     // its ID
	Version string   `json:"version"` // the release's
	State   State    `json:"state"`   // without ok, all else is empty but Do
	Leaks   []string `json:"leaks"`   // probes that leak, always or at times
	Kills   []string `json:"kills"`   // those of them whose leak can kill the connection
	Clean   []string `json:"clean"`   // probes that were shown not to leak
	Unknown []string `json:"unknown"` // probes of which nothing is known, though it was expected to be
	Works   []string `json:"works"`   // workarounds that work
	Fails   []string `json:"fails"`   // workarounds that do not, or only at times

	Upgrade  *Remedy  `json:"upgrade"`  // the later release that leaks least; nil where none leaks less
	Patched  []Remedy `json:"patched"`  // the same release with patches that make it leak less, the best first
	Affected bool     `json:"affected"` // something leaks
	Gist     string   `json:"gist"`     // a sentence that needs nothing beside it
	Do       []string `json:"do"`       // what can be done, a sentence each, the most helpful first
}

// A Remedy is another row that leaks less.
type Remedy struct {
	Row     string   `json:"row"`     // its ID
	Patches []string `json:"patches"` // its patches; none of a release as it is
	Cures   []string `json:"cures"`   // probes that leak without it, and do not with it
	Leaves  []string `json:"leaves"`  // probes that leak with it too
	Brings  []string `json:"brings"`  // probes that leak with it alone
}
