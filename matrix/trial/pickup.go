package trial

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// The suffixes of the file in which a reproduction writes its datagrams, and of the
// capture that is made of it.
const (
	datagramSuffix = ".json"
	captureSuffix  = ".pcapng"
)

// Bounds on what one trial may leave. A trial of the suites leaves up to five files
// with some ten thousand bytes.
const (
	maxEvidence = 64 << 20 // bytes, of which a sparse file has as many as it claims
	maxFiles    = 32
	// maxEntries bounds the folder, which has the files of all trials of a process: up
	// to 20.
	maxEntries = 2_000
)

// leftovers holds the files that one trial left.
type leftovers struct {
	datagrams []byte
	others    []matrix.EvidenceFile
}

// goodSuffix matches what may follow a scenario's name in the name of a file.
var goodSuffix = regexp.MustCompile(`^\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// pickUp reads the files in a folder whose names begin with a trial's stem. The
// reproduction is not trusted: links are not followed, and anything but a regular file
// is an error. So is more than the bounds allow, or a name that cannot be kept.
func pickUp(folder, stem string) (left leftovers, err error) {
	names, err := list(folder, stem)
	if err != nil {
		return left, err
	}
	seen := make(map[string]bool)
	room := int64(maxEvidence)
	for _, name := range names {
		suffix, _ := suffixOf(name, stem)
		isDatagrams := name == stem+datagramSuffix
		if !isDatagrams && (!goodSuffix.MatchString(suffix) || suffix == datagramSuffix || suffix == captureSuffix || seen[suffix]) {
			return left, fmt.Errorf("%.*s: a file of this name cannot be kept", maxName, name)
		}
		seen[suffix] = true
		data, _, err := regular.Read(filepath.Join(folder, name), room)
		var odd *regular.Error
		switch {
		case errors.As(err, &odd) && odd.Large:
			return left, fmt.Errorf("%s: the trial left more than %d bytes", name, maxEvidence)
		case err != nil:
			return left, fmt.Errorf("%s: %w", name, err)
		}
		room -= int64(len(data))
		if isDatagrams {
			left.datagrams = data
		} else {
			left.others = append(left.others, matrix.EvidenceFile{Suffix: suffix, Data: data})
		}
	}
	if left.datagrams == nil {
		return left, fmt.Errorf("there is no %s%s", stem, datagramSuffix)
	}
	return left, nil
}

// maxName is how many characters of a bad name an error quotes.
const maxName = 100

// list returns the names in a folder that begin with a trial's stem, sorted. It reads
// the folder in parts, since the reproduction decides how many names there are.
func list(folder, stem string) (names []string, err error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for entries := 0; ; {
		part, err := f.Readdirnames(1000)
		if errors.Is(err, io.EOF) {
			slices.Sort(names)
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		for _, name := range part {
			if _, ours := suffixOf(name, stem); ours {
				names = append(names, name)
			}
		}
		switch entries += len(part); {
		case entries > maxEntries:
			return nil, fmt.Errorf("the trials left more than %d files", maxEntries)
		case len(names) > maxFiles:
			return nil, fmt.Errorf("the trial left more than %d files", maxFiles)
		}
	}
}

// suffixOf returns what follows a trial's stem in a file name. A digit belongs to the
// number of another trial. Whatever separates the rest becomes a dot: after a dash,
// the rest could read as part of the scenario's name.
func suffixOf(name, stem string) (suffix string, ours bool) {
	rest, ours := strings.CutPrefix(name, stem)
	if !ours || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return "", false
	}
	return "." + strings.TrimLeft(rest, ".-_"), true
}
