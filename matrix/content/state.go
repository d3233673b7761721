package content

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// separator is between the names of a state. No file in a module can have it in its name,
// and JSON does not have to quote it.
const separator = ":"

// joinNames joins the names of folders and files: a folder, with a slash at its end, and the
// files in it, without the folder. It is not ok if a name cannot be joined.
func joinNames(folders, files []string) (names string, ok bool) {
	in := make(map[string][]string, len(folders))
	for _, file := range files {
		in[path.Dir(file)] = append(in[path.Dir(file)], path.Base(file))
	}
	var all strings.Builder
	for _, folder := range slices.Compact(slices.Sorted(slices.Values(folders))) {
		all.WriteString(separator + folder + "/")
		for _, file := range in[folder] {
			all.WriteString(separator + file)
		}
		delete(in, folder)
	}
	names = strings.TrimPrefix(all.String(), separator)
	inNames := func(s string) bool { return strings.Contains(s, separator) }
	return names, len(in) == 0 && utf8.ValidString(names) && !slices.ContainsFunc(folders, inNames) && !slices.ContainsFunc(files, inNames)
}

// stateOf returns a digest of what the system says about folders and files: among that are
// the times at which a file was written, and at which a folder got or lost a file. Changed
// is the latest of these. It is not ok if one is not there, or is a link: what that leads to
// can change without it. Names are as joinNames joins them.
func stateOf(dir, names string) (digest string, changed time.Time, ok bool) {
	look, done, ok := looker(dir)
	if !ok {
		return "", changed, false
	}
	defer done()
	hash := sha256.New()
	var words []byte
	folder, latest := "", int64(0)
	for name := range strings.SplitSeq(names, separator) {
		isFolder := strings.HasSuffix(name, "/")
		file := folder + name
		if isFolder {
			folder = strings.TrimPrefix(name, "./")
			file = name
		}
		s, ok := look(strings.TrimSuffix(file, "/"), isFolder)
		if !ok {
			return "", changed, false
		}
		words = words[:0]
		for _, word := range s.words {
			words = binary.LittleEndian.AppendUint64(words, word)
		}
		hash.Write(words)
		latest = max(latest, s.changed)
	}
	return hex.EncodeToString(hash.Sum(nil)), time.Unix(0, latest), true
}

// A fileState is what the system reports about a file or a folder.
type fileState struct {
	words   [5]uint64 // different if it has changed
	changed int64     // when, in nanoseconds since 1970
}
