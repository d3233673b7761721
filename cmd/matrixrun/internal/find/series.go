package find

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// seriesName is the file with which quilt lists the patches of a folder, as Debian does in
// debian/patches (https://savannah.nongnu.org/projects/quilt, and dpkg-source(1)).
const seriesName = "series"

// maxSeries bounds a series file, in bytes.
const maxSeries = 1 << 20

// A part is a patch of a series.
type part struct {
	file  string
	strip int // as for git apply -p; negative if the series does not say
}

// seriesOf returns the patches that a name lists if it is that of a series file, or of a
// folder with one; otherwise nil.
func seriesOf(name string) ([]part, error) {
	file := name
	if isFolder(name) && isPath(name) {
		file = filepath.Join(name, seriesName)
	}
	if filepath.Base(file) != seriesName {
		return nil, nil
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the series: %w", err)
	}
	defer f.Close() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxSeries+1))
	if err != nil {
		return nil, fmt.Errorf("reading the series: %w", err)
	}
	return parseSeries(file, string(data))
}

// parseSeries reads a series file: a patch on each line, with its options. A number sign
// begins a comment.
func parseSeries(file, text string) ([]part, error) {
	shown := filepath.ToSlash(file)
	var problems matrix.Problems
	if len(text) > maxSeries {
		problems.Add(shown, 0, "is larger than %d MiB: want a list of patches", maxSeries>>20)
		return nil, problems
	}
	var parts []part
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		p := part{file: filepath.Join(filepath.Dir(file), filepath.FromSlash(words[0])), strip: -1}
		for _, option := range words[1:] {
			n, err := strconv.Atoi(strings.TrimPrefix(option, "-p"))
			switch {
			case option == "-pab": // the folders a and b
			case !strings.HasPrefix(option, "-p") || err != nil || n < 0:
				problems.Add(shown, number, "%q is not known here: want a patch and how many folders its names begin with, such as %s -p1", option, words[0])
			case n != 1: // found out by itself
				p.strip = n
			}
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		problems.Add(shown, 0, "names no patch")
	}
	return parts, problems.Err()
}
