package matrix

import "strings"

// A ReleaseGoMod is what the go.mod of a release says that decides whether a program can
// require it.
type ReleaseGoMod struct {
	Module      string       // the path that the release is served under
	Version     string       // with its leading v
	Go          string       // version in its go line, such as "1.23"; empty if it has none
	Retractions []Retraction // of releases of the same module, in the order of the file
}

// A Retraction is a range of releases that their authors advise against.
type Retraction struct {
	Low, High string // the first and the last version
	Why       string // empty if the authors give no reason
}

// GoModOf returns what is known of the go.mod of a release, nil if nothing is.
func GoModOf(known []ReleaseGoMod, module, version string) *ReleaseGoMod {
	for i := range known {
		if known[i].Module == module && known[i].Version == version {
			return &known[i]
		}
	}
	return nil
}

// RetractionOf returns the retraction of a release, nil if it is not retracted. The
// newest release that is known of the same module decides, as for the go command: a
// later go.mod can take a retraction back.
func RetractionOf(known []ReleaseGoMod, module, version string) (r *Retraction, by string) {
	var newest *ReleaseGoMod
	for i := range known {
		m := &known[i]
		if m.Module == module && (newest == nil || m.newer(newest)) {
			newest = m
		}
	}
	if newest == nil {
		return nil, ""
	}
	for i := range newest.Retractions {
		r := &newest.Retractions[i]
		if CompareVersions(r.Low, version) <= 0 && CompareVersions(version, r.High) <= 0 {
			return r, newest.Version
		}
	}
	return nil, ""
}

// MarkRetracted marks the releases in results that are retracted, by what is known of the
// go.mod files of releases.
func (r *Results) MarkRetracted(known []ReleaseGoMod) {
	for i := range r.Rows {
		s := &r.Rows[i].Source
		if !s.IsRelease() {
			continue
		}
		if retraction, by := RetractionOf(known, s.Module, s.Version); retraction != nil {
			s.Retracted = strings.TrimSuffix("by "+by+": "+retraction.Why, ": ")
		}
	}
}

// newer reports whether the go command prefers a release over another one as the latest: it
// takes a pre-release only if there is nothing else, and a version +incompatible only if no
// other has a go.mod.
func (m *ReleaseGoMod) newer(than *ReleaseGoMod) bool {
	a, b := m.Version, than.Version
	switch is, was := strings.HasSuffix(a, incompatible), strings.HasSuffix(b, incompatible); {
	case IsPrerelease(a) != IsPrerelease(b):
		return IsPrerelease(b)
	case was && !is && m.speaks():
		return true
	case is && !was && than.speaks():
		return false
	}
	return CompareVersions(a, b) > 0
}

// speaks reports whether it is known that the release has a go.mod.
func (m *ReleaseGoMod) speaks() bool { return m.Go != "" || len(m.Retractions) > 0 }
