package matrix

// An Advice is for a developer who builds with one row of the table: how it fared,
// and what to do about it. Lists of scenarios are in the suite's order.
type Advice struct {
	Row     string   `json:"row"`     // the row's ID
	Version string   `json:"version"` // of the release
	State   State    `json:"state"`   // if it is not ok, only Gist and Do are set
	Leaks   []string `json:"leaks"`   // probes that leak or are flaky
	Kills   []string `json:"kills"`   // probes in Leaks whose leak can end the connection
	Clean   []string `json:"clean"`   // clean probes
	Unknown []string `json:"unknown"` // probes without a known verdict, other than those in Untestable
	Works   []string `json:"works"`   // clean workarounds
	Fails   []string `json:"fails"`   // workarounds that leak or are flaky

	Untestable []string `json:"untestable"` // probes that came out as vacuous, as the suite expects

	Families []FamilyResult `json:"families,omitempty"` // of which something was tried, in the suite's order; none if it has none

	Upgrade  *Remedy  `json:"upgrade"`  // the later release that leaks least; nil if none leaks less
	Patched  []Remedy `json:"patched"`  // rows of the same release with patches that leak less, the best first
	Affected bool     `json:"affected"` // Leaks is not empty
	Gist     string   `json:"gist"`     // one sentence that can be read alone
	Do       []string `json:"do"`       // sentences, the most helpful first
}

// A Remedy is another row that leaks less.
type Remedy struct {
	Row     string   `json:"row"`     // the row's ID
	Patches []string `json:"patches"` // names; empty for a release without patches
	Cures   []string `json:"cures"`   // probes that leak in the advised row and not in this one
	Leaves  []string `json:"leaves"`  // probes that leak in both
	Brings  []string `json:"brings"`  // probes that leak only in this row
}
