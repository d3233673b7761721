package trial

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// The suffixes of the file in which a reproduction writes its datagrams, and of the
// capture that is made of it.
const (
	datagramSuffix = ".json"
	captureSuffix  = ".pcapng"
)

// maxEvidence bounds what one trial may leave, in bytes. The datagrams of a trial
// take some ten thousand.
const maxEvidence = 64 << 20

// leftovers holds the files that one trial left.
type leftovers struct {
	datagrams []byte
	others    []matrix.EvidenceFile
}

// goodSuffix matches what may follow a scenario's name in the name of a file.
var goodSuffix = regexp.MustCompile(`^\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// pickUp reads the files in a folder whose names begin with a trial's stem. The
// reproduction is not trusted: links do not lead out of the folder, and anything but
// a regular file is an error.
func pickUp(folder, stem string) (left leftovers, err error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return left, err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return left, err
	}
	room := int64(maxEvidence)
	for _, e := range entries {
		suffix, ours := suffixOf(e.Name(), stem)
		if !ours {
			continue
		}
		data, err := readFile(root, e, room)
		if err != nil {
			return left, fmt.Errorf("%s: %w", e.Name(), err)
		}
		room -= int64(len(data))
		known := func(f matrix.EvidenceFile) bool { return f.Suffix == suffix }
		switch {
		case e.Name() == stem+datagramSuffix:
			left.datagrams = data
		case !goodSuffix.MatchString(suffix), suffix == datagramSuffix, suffix == captureSuffix, slices.ContainsFunc(left.others, known):
			return left, fmt.Errorf("%s: a file of this name cannot be kept", e.Name())
		default:
			left.others = append(left.others, matrix.EvidenceFile{Suffix: suffix, Data: data})
		}
	}
	if left.datagrams == nil {
		return left, fmt.Errorf("there is no %s%s", stem, datagramSuffix)
	}
	return left, nil
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

// readFile reads a regular file of up to most bytes.
func readFile(root *os.Root, e fs.DirEntry, most int64) ([]byte, error) {
	if !e.Type().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	f, err := root.Open(e.Name())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("the trial left more than %d bytes", int64(maxEvidence))
	}
	return data, nil
}
