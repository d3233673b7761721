package ask

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// SuiteFile is the name of the document that has the question as a suite.
const SuiteFile = "suite.zip"

// Document returns the document with the question as a suite, for show: its matrix.yaml,
// the releases that were tried, and the files that its tests need. Only its Write needs the
// suite and the results.
func Document(suite *matrix.Spec, r *matrix.Results) output.Document {
	return output.Document{
		Name: SuiteFile, Write: func(w io.Writer) error { return writeSuite(w, suite, r) },
		Own: output.Begins(`PK\x03\x04.{1,26}matrix\.yaml`),
	}
}

// NextTo returns the path of the suite that try wrote next to the results with the given name,
// or "" if there is none. Fits reports whether the results belong to that suite: others may have
// been written there since. See output.Open for the name.
func NextTo(name string, r *matrix.Results) (file string, fits bool, err error) {
	dir := filepath.Dir(name)
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		dir = name
	}
	if file = filepath.Join(dir, SuiteFile); name == "" || !find.IsSuite(file) {
		return "", false, nil
	}
	suite, err := find.Suite([]string{file})
	if err != nil {
		return file, false, err
	}
	return file, suite.Suite == r.Suite && suite.ReproductionDigest == r.Reproduction, nil
}

// Changed reports whether files that the tests need are not any more what they were when
// the suite was made.
func Changed(suite *matrix.Spec) bool {
	again, err := spec.LoadUnlocked(suite.Files, "")
	return err != nil || again.ReproductionDigest != suite.ReproductionDigest
}

// writeSuite writes a suite as a zip file. Equal suites make equal files.
func writeSuite(w io.Writer, suite *matrix.Spec, r *matrix.Results) error {
	names, err := suite.ReproductionFiles()
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, name := range slices.Concat([]string{spec.FileName, source.LockName}, names) {
		data := source.FormatLock(tried(r))
		if name != source.LockName {
			if data, err = fs.ReadFile(suite.Files, name); err != nil {
				return fmt.Errorf("reading a file of the tests: %w", err)
			}
		}
		file, err := out.Create(name)
		if err == nil {
			_, err = io.Copy(file, bytes.NewReader(data))
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// tried returns the releases of results, by version, each once, whichever toolchains compiled
// it. One that could not be had has no checksum.
func tried(r *matrix.Results) (all []matrix.Release) {
	for _, row := range r.Rows {
		if s := row.Source; s.OfRelease() && len(row.Patches) == 0 && s.Sum != "" {
			all = append(all, matrix.Release{Version: s.Version, Module: s.Module, Sum: s.Sum, Time: s.Time})
		}
	}
	slices.SortFunc(all, func(a, b matrix.Release) int {
		return cmp.Or(semver.Compare(a.Version, b.Version), cmp.Compare(a.Version, b.Version))
	})
	return slices.CompactFunc(all, func(a, b matrix.Release) bool { return a.Version == b.Version })
}
