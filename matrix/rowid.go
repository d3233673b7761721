package matrix

import "strings"

// A RowID identifies a row of a run: the release, and the patches in the order in
// which they are applied.
type RowID struct {
	Version string   // with its leading v
	Patches []string // names; none for the release without patches
}

// incompatible is the build metadata of a release above v1 that has no go.mod. It
// is the only one that the go command accepts in a version, and it begins with the
// character that separates patches.
const incompatible = "+" + ReservedPatch

// ReservedPatch is a name that no patch can have: in a row ID, it would be read as
// a part of the version.
const ReservedPatch = "incompatible"

// String returns the ID as the results have it: the version, and "+NAME" for each
// patch.
func (id RowID) String() string {
	return strings.Join(append([]string{id.Version}, id.Patches...), "+")
}

// ParseRowID is the inverse of RowID.String: "v2.0.0+incompatible+mend" is the
// patch mend on v2.0.0+incompatible. It accepts every text, and checks neither
// the version nor the names.
func ParseRowID(text string) RowID {
	version, patches, patched := strings.Cut(text, "+")
	if patches == incompatible[1:] || strings.HasPrefix(patches, incompatible[1:]+"+") {
		version += incompatible
		patches, patched = strings.CutPrefix(patches[len(incompatible)-1:], "+")
	}
	id := RowID{Version: version}
	if patched {
		id.Patches = strings.Split(patches, "+")
	}
	return id
}

// PatchNames returns the names of the row's patches, in the order in which they
// are applied; never nil.
func (r *Row) PatchNames() []string {
	names := make([]string, len(r.Patches))
	for i, v := range r.Patches {
		names[i] = v.Patch
	}
	return names
}

// PatchNames returns the names of the row's patches, in the order in which they
// are applied; never nil.
func (r *RowResult) PatchNames() []string {
	names := make([]string, len(r.Patches))
	for i, p := range r.Patches {
		names[i] = p.Name
	}
	return names
}

// Version returns the version of the row's release, or the row's ID if the results
// do not have it.
func (r *RowResult) Version() string {
	if r.Source.Version != "" {
		return r.Source.Version
	}
	return r.ID
}
