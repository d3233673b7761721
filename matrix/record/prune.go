package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// Bounds are how large a record may be, and how old what it holds.
type Bounds struct {
	Bytes int64
	Age   time.Duration // since an entry was used
}

// DefaultBounds are those of a record that nobody prunes by hand.
var DefaultBounds = Bounds{Bytes: 4_000_000_000, Age: 90 * 24 * time.Hour}

const (
	// recent is how long after its last use an entry is safe from whoever
	// prunes beside others. A run may look a binary up long before it runs it.
	recent = 24*time.Hour + coarse

	// unfinished is how long a file may take to be written.
	unfinished = time.Hour

	// patience is how long Prune waits for others to let go of the record.
	patience = time.Second
)

// A Pruning is what Prune may do.
type Pruning struct {
	Bounds
	DryRun bool // remove nothing, but tell what would be
	Verify bool // read every file, and remove what is damaged
}

// Pruned is what Prune removed.
type Pruned struct {
	DryRun  bool   `json:"dry_run"`
	Removed []Kind `json:"removed"` // by kind, those with none left out
	Kind           // of all together, leftovers and damaged ones too

	Old       Kind `json:"old"`       // not used for longer than the bounds say
	Large     Kind `json:"large"`     // those that were too many
	Damaged   Kind `json:"damaged"`   // unreadable, or with another checksum
	Leftovers Kind `json:"leftovers"` // of processes that were killed

	// Spared counts what the bounds would not keep, and others may be using.
	Spared Kind     `json:"spared"`
	Left   Contents `json:"left"`
}

// Prune removes what was not used for longest until the record is within its
// bounds, and what is of no use: damaged files, and those that killed processes
// left behind.
//
// It is safe beside other processes. Where they use the record (see Use), or it
// cannot be known whether they do, what was used within the last day stays.
// What is removed all the same is a miss to those who look for it.
//
// A folder that is no record is a *ForeignError, and left as it is.
func (s *Store) Prune(ctx context.Context, p Pruning) (Pruned, error) {
	if err := s.own(); err != nil {
		return Pruned{}, err
	}
	files, err := s.list(ctx)
	if err == nil && p.Verify {
		err = verify(ctx, files)
	}
	if err != nil {
		return Pruned{}, err
	}
	spare := time.Duration(0)
	if len(files) > 0 {
		release, alone, err := s.alone(ctx)
		if err != nil {
			return Pruned{}, err
		}
		defer release()
		if !alone {
			spare = recent
		}
	}
	return s.drop(files, choose(files, p.Bounds, time.Now(), spare), p.DryRun)
}

// alone waits a moment for others to let go of the record, and reports whether
// they did.
func (s *Store) alone(ctx context.Context) (release func(), held bool, err error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	release, held, err = s.acquire(short, s.useLock(), os.O_RDWR|os.O_CREATE)
	if err != nil && ctx.Err() == nil {
		return func() {}, false, nil
	}
	return release, held, err
}

// verify reads every file, and marks the damaged ones.
func verify(ctx context.Context, files []file) error {
	for i := range files {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		f := &files[i]
		name := filepath.Base(f.path)
		switch {
		case f.leftover:
		case f.kind == "bin":
			sum, err := checksum.File(f.path)
			f.damaged = err == nil && sum != name || err != nil && !errors.Is(err, fs.ErrNotExist)
		default:
			data, err := os.ReadFile(f.path)
			if err == nil {
				_, miss := read(data, f.kind, name)
				f.damaged = miss != ""
			} else {
				f.damaged = !errors.Is(err, fs.ErrNotExist)
			}
		}
	}
	return nil
}

// drop removes files that were chosen.
func (s *Store) drop(files []file, chosen []verdict, dryRun bool) (Pruned, error) {
	p := Pruned{DryRun: dryRun, Removed: []Kind{}}
	byKind := make(map[string]*Kind)
	var left []file
	var failed []error
	for i, f := range files {
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
	p.Left = s.sum(left)
	if err := errors.Join(failed...); err != nil {
		return p, fmt.Errorf("pruning the record: %w", err)
	}
	return p, nil
}

// reason is where files with a verdict are counted.
func (p *Pruned) reason(v verdict) *Kind {
	return map[verdict]*Kind{old: &p.Old, large: &p.Large, damaged: &p.Damaged, leftover: &p.Leftovers}[v]
}

// remove removes a file, unless somebody has used it since, or put another one
// in its place.
func (f file) remove() (gone bool, err error) {
	info, err := os.Lstat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil || !info.ModTime().Equal(f.used) || info.Size() != f.size {
		return false, err
	}
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, nil
}
