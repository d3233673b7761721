package starter

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/osv"
)

// A record is the OSV record that a suite is compared with.
type record struct {
	name      string // in the suite's folder, slash-separated; empty without a record
	copied    bool   // it is not there yet
	data      []byte
	advisory  *matrix.Advisory
	elsewhere []string // modules that the record names and that are no paths of the target
	imports   []osv.Import
}

// readRecord reads the OSV record of the order, if there is one. Its modules that are other
// major versions of the target become paths of the target.
func (d *Draft) readRecord() error {
	file := d.order.Record
	if file == "" {
		return nil
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return matrix.Mistake("--vuln %s: %v: want an OSV record, such as that of https://vuln.go.dev/ID/GO-2025-3553.json", file, reason(err))
	case !info.Mode().IsRegular() || info.Size() > osv.MaxSize:
		return matrix.Mistake("--vuln %s: want a regular file of at most %d bytes", file, osv.MaxSize)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	advisory, err := osv.Read(filepath.ToSlash(file), data)
	if err != nil {
		return err
	}
	d.record = record{name: advisory.ID + ".json", copied: true, data: data, advisory: advisory, imports: osv.Imports(data)}
	if in, err := filepath.Rel(d.Dir, file); err == nil && filepath.IsLocal(in) {
		d.record.name, d.record.copied = filepath.ToSlash(in), false
	}
	if !folderName.MatchString(advisory.ID) {
		return matrix.Mistake("--vuln %s: the id %q of the record is no name for a file", file, advisory.ID)
	}
	return d.addPaths()
}

// reason returns an error of the system without the name of the file.
func reason(err error) error {
	for {
		inner, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		err = inner.Unwrap()
	}
}

// addPaths makes former paths of the modules of the record that are other major versions of
// the target.
func (d *Draft) addPaths() error {
	prefix, _, _ := module.SplitPathVersion(d.Target.Module)
	var all, others []string
	for _, m := range d.record.advisory.Affected {
		all = append(all, m.Module)
		switch of, _, _ := module.SplitPathVersion(m.Module); {
		case m.Module == d.Target.Module:
		case of == prefix:
			others = append(others, m.Module)
		case !slices.Contains(d.record.elsewhere, m.Module):
			d.record.elsewhere = append(d.record.elsewhere, m.Module)
		}
	}
	if len(others) == 0 && !slices.Contains(all, d.Target.Module) {
		return matrix.Mistake("--vuln %s: %s is about %s, and not about %s", d.order.Record, d.record.advisory.ID, strings.Join(all, ", "), d.Target.Module)
	}
	slices.SortFunc(others, func(a, b string) int { return cmp.Compare(major(a), major(b)) })
	lowest := major(d.Target.Module)
	for _, m := range slices.Backward(others) {
		if n := major(m); n > 0 && (lowest == 0 || n < lowest) {
			lowest = n
		}
	}
	for _, m := range others {
		text := fmt.Sprintf("< %d", lowest)
		if n := major(m); n > 0 {
			text = fmt.Sprintf(">= %d, < %d", n, n+1)
		}
		d.Target.Former = append(d.Target.Former, matrix.Former{Module: m, Releases: matrix.MustConstraint(text)})
	}
	return nil
}

// Elsewhere returns the modules that the record names and that are no paths of the target:
// the suite says nothing about them.
func (d *Draft) Elsewhere() []string { return d.record.elsewhere }

// major returns the major version that a module path ends in, 0 if it ends in none. Such a
// path has v0 and v1, and all +incompatible versions.
func major(modulePath string) int {
	_, suffix, _ := module.SplitPathVersion(modulePath)
	n, _ := strconv.Atoi(strings.TrimLeft(suffix, "/.v"))
	return n
}
