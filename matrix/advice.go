package matrix

// An Advice tells whoever builds with one row of the table what was found out
// about it, and what can be done. Scenarios are named in the suite's order.
type Advice struct {
	Row     string   // its ID
	Version string   // the release's
	State   State    // without ok, all else is empty but Do
	Leaks   []string // probes that leak, always or at times
	Kills   []string // those of them whose leak can kill the connection
	Clean   []string // probes that were shown not to leak
	Unknown []string // probes of which nothing is known, though it was expected to be
	Works   []string // workarounds that work
	Fails   []string // workarounds that do not, or only at times

	Upgrade  *Remedy  // the later release that leaks least; nil where none leaks less
	Patched  []Remedy // the same release with patches that make it leak less, the best first
	Affected bool     // something leaks
	Gist     string   // a sentence that needs nothing beside it
	Do       []string // what can be done, a sentence each, the most helpful first
}

// A Remedy is another row that leaks less.
type Remedy struct {
	Row     string   // its ID
	Patches []string // its patches; none of a release as it is
	Cures   []string // probes that leak without it, and do not with it
	Leaves  []string // probes that leak with it too
	Brings  []string // probes that leak with it alone
}
