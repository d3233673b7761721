package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// Bounds limit the size of a record and the age of its entries.
type Bounds struct {
	Bytes int64
	Age   time.Duration // since the last use
}

// DefaultBounds are the bounds that Trim gets from commands that run rows.
var DefaultBounds = Bounds{Bytes: 4_000_000_000, Age: 90 * 24 * time.Hour}

const (
	// recent is how long after its last use an entry is spared if other processes
	// use the record. A run may look up a binary long before it runs it.
	recent = 24*time.Hour + coarse

	// unfinished is the longest time that writing a file may take.
	unfinished = time.Hour

	// patience is how long Prune waits for other users of the record.
	patience = time.Second
)

// A Pruning says what Prune removes.
type Pruning struct {
	Bounds
	DryRun bool // only report what would be removed
	Verify bool // read every file, and remove damaged ones
}

// Pruned is what Prune removed.
type Pruned struct {
	DryRun  bool   `json:"dry_run"`
	Removed []Kind `json:"removed"` // by kind, without those of which nothing was removed
	Kind           // the total, with leftovers and damaged files

	Old       Kind `json:"old"`       // unused for longer than the bounds allow
	Large     Kind `json:"large"`     // removed to make room
	Damaged   Kind `json:"damaged"`   // unreadable, or with a wrong checksum
	Leftovers Kind `json:"leftovers"` // from processes that were killed; see also AddLeftovers
	Odd       Kind `json:"odd"`       // folders, links, pipes and devices in the place of entries

	// Spared counts entries outside the bounds that other processes may be using.
	Spared Kind     `json:"spared"`
	Left   Contents `json:"left"`
}

// Prune removes the least recently used entries until the record is within its bounds.
// It also removes what is useless: damaged files, those that killed processes left, and
// folders, links, pipes and devices in the place of an entry. It follows no link. What
// has a name that the record does not give stays, see Contents.Foreign.
//
// It is safe while other processes use the record (see Use). If they do, or if that
// cannot be known, entries used within the last day stay. An entry that another
// process still looks for is a miss there.
//
// For a folder that is not a record the error is a *ForeignError, and nothing changes.
// After any other error but the context's, the result has what was done nevertheless: a
// folder that cannot be read, or a file that cannot be removed, stays.
func (s *Store) Prune(ctx context.Context, p Pruning) (Pruned, error) {
	if err := s.checkOwner(); err != nil {
		return Pruned{}, err
	}
	found, unread := s.list(ctx)
	if p.Verify && ctx.Err() == nil {
		verify(ctx, found.files)
	}
	if ctx.Err() != nil {
		return Pruned{}, context.Cause(ctx)
	}
	spare := time.Duration(0)
	if len(found.files) > 0 {
		release, alone, err := s.alone(ctx)
		if err != nil {
			return Pruned{}, err
		}
		defer release()
		if !alone {
			spare = recent
		}
	}
	done, err := s.drop(found, choose(found.files, p.Bounds, time.Now(), spare), p.DryRun)
	return done, errors.Join(unread, err)
}

// AddLeftovers adds what killed processes left outside the record, and was removed with
// it.
func (p *Pruned) AddLeftovers(entries int, bytes int64) {
	for _, k := range []*Kind{&p.Kind, &p.Leftovers} {
		k.Entries, k.Bytes = k.Entries+entries, k.Bytes+bytes
	}
}

// alone waits a moment until no other process uses the record, and reports in held
// whether that worked.
func (s *Store) alone(ctx context.Context) (release func(), held bool, err error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	release, held, err = s.acquire(short, lock{path: s.useLock()})
	if err != nil && ctx.Err() == nil {
		return func() {}, false, nil
	}
	return release, held, err
}

// verify reads every file until the context ends, and marks the damaged ones.
func verify(ctx context.Context, files []file) {
	for i := range files {
		if ctx.Err() != nil {
			return
		}
		f := &files[i]
		name := filepath.Base(f.path)
		switch {
		case f.leftover, f.odd, f.damaged:
		case f.kind == "bin":
			sum, _, err := hashBinary(f.path, func(string, fs.FileInfo) {})
			f.damaged = err == nil && sum != name || err != nil && !errors.Is(err, fs.ErrNotExist)
		default:
			data, _, err := regular.Read(f.path, maxSize(f.kind))
			if err == nil {
				_, miss := read(data, f.kind, name)
				f.damaged = miss != ""
			} else {
				f.damaged = !errors.Is(err, fs.ErrNotExist)
			}
		}
	}
}

// drop removes the chosen files.
func (s *Store) drop(found listing, chosen []fate, dryRun bool) (Pruned, error) {
	p := Pruned{DryRun: dryRun, Removed: []Kind{}}
	byKind := make(map[string]*Kind)
	var left []file
	var failed []error
	for i, f := range found.files {
		if chosen[i] == spared {
			p.Spared.add(f.size)
		}
		if chosen[i] == kept || chosen[i] == spared {
			left = append(left, f)
			continue
		}
		if !dryRun {
			gone, err := f.remove()
			if err != nil {
				failed = append(failed, err)
			}
			if !gone {
				left = append(left, f)
				continue
			}
		}
		p.add(f.size)
		p.reason(chosen[i]).add(f.size)
		if byKind[f.kind] == nil {
			byKind[f.kind] = &Kind{Name: f.kind}
		}
		byKind[f.kind].add(f.size)
	}
	for _, kind := range kinds {
		if k := byKind[kind]; k != nil {
			p.Removed = append(p.Removed, *k)
		}
	}
	p.Left = s.sum(left, found.foreign)
	if err := errors.Join(failed...); err != nil {
		return p, fmt.Errorf("pruning the record: %w", err)
	}
	return p, nil
}

// reason returns the counter for files with a fate.
func (p *Pruned) reason(f fate) *Kind {
	return map[fate]*Kind{old: &p.Old, large: &p.Large, damaged: &p.Damaged, leftover: &p.Leftovers, odd: &p.Odd}[f]
}

// remove removes a file, unless a process has used or replaced it since it was listed.
func (f file) remove() (gone bool, err error) {
	info, err := os.Lstat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	switch {
	case err != nil || !info.ModTime().Equal(f.used):
		return false, err
	case f.odd && info.IsDir():
		return err == nil, os.RemoveAll(f.path)
	case !f.odd && info.Size() != f.size:
		return false, nil
	}
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, nil
}
