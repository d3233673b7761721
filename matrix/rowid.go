package matrix

import "strings"

// A RowID identifies a row of a run: the target, and the patches in the order in
// which they are applied. A target that is not a release has a name with an @:
//
//	v1.2.3@go1.21.13          a release that another Go release compiles than the suite's rules choose
//	example.com/fork@v1.2.3   a version of another module
//	dir@0123456789ab          a folder, with the start of its checksum in hex
//	main@0123456789ab         a commit, by the ref that the user named, and its hash
type RowID struct {
	Version string   // of a release, with its leading v; or the name of another target
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
	if rest, ok := strings.CutPrefix(patches, ReservedPatch); ok && (rest == "" || rest[0] == '+' || rest[0] == '@') {
		var toolchain string
		toolchain, patches, patched = strings.Cut(rest, "+")
		version += incompatible + toolchain
	}
	id := RowID{Version: version}
	if patched {
		id.Patches = strings.Split(patches, "+")
	}
	return id
}

// WithToolchain returns the name of a release that a toolchain compiles; the version alone
// if no toolchain is named.
func WithToolchain(version, toolchain string) string {
	if toolchain == "" {
		return version
	}
	return version + "@" + toolchain
}

// Toolchain returns the version and the toolchain of a row that WithToolchain named. For all
// others, ok is false: no version, checksum or hash begins as the names of toolchains do.
func (id RowID) Toolchain() (version, toolchain string, ok bool) {
	at := strings.LastIndexByte(id.Version, '@')
	if at < 0 || !strings.HasPrefix(id.Version[at+1:], "go") {
		return "", "", false
	}
	return id.Version[:at], id.Version[at+1:], true
}

// IsRelease reports whether the target of the row is a release, see SourceResult.IsRelease.
func (id RowID) IsRelease() bool { return !strings.Contains(id.Version, "@") }

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

// Version returns the version of the row's release, or the name of a target that is
// not a release. It is the row's ID if the results have neither.
func (r *RowResult) Version() string {
	if r.Source.Version != "" {
		return r.Source.Name()
	}
	return r.ID
}

// RowFolder returns the name of a folder for a row: its ID, in which the slashes of a
// module path or a ref are written as "!". No ID has one.
func RowFolder(id string) string { return strings.ReplaceAll(id, "/", "!") }
