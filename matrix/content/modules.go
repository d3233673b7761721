package content

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
)

// ModuleCache returns the folder of the go command's module cache; empty if there is none.
func ModuleCache() string { return goenv.ModCache() }

// A Finding is code of the target in a module of a build.
type Finding struct {
	Module   int  // index in the program's modules
	Named    bool // it has the target's path, or replaces a module that has
	Likeness matrix.Likeness
}

// A Look says how to look over the modules of a build.
type Look struct {
	Target matrix.Target
	Cache  string // folder of the go command's module cache; empty if there is none

	// Known reports whether a module with a path of the target needs no look: it is known
	// to be a release, by its checksum. It is asked about one module at a time.
	Known func(m *matrix.BuiltModule) bool

	// Memory keeps which modules in the cache have no code of the target.
	Memory Memory

	// Seen has what the looks over one program found, so that suites with the same target
	// look at each module once; nil for a single look.
	Seen *Seen
}

// A Seen is what was found in the modules of one program. The zero value has seen nothing.
type Seen struct {
	found sync.Map // by moduleLook, functions that look once
}

// A moduleLook is one module and what its code is compared with.
type moduleLook struct {
	index  *Index
	target string // its paths
	module int    // index in the program's modules
}

// once returns what find finds, or what it found before.
func (s *Seen) once(of moduleLook, find func() ([]Finding, error)) ([]Finding, error) {
	if s == nil {
		return find()
	}
	once, _ := s.found.LoadOrStore(of, sync.OnceValues(find))
	return once.(func() ([]Finding, error))()
}

// known asks Known about a module.
func (l *Look) known(m *matrix.BuiltModule, asking *sync.Mutex) bool {
	if path, _ := m.Built(); !l.Target.Has(path) {
		return false
	}
	asking.Lock()
	defer asking.Unlock()
	return l.Known(m)
}

// Modules looks for code of the target in all modules of a build, in the order of the
// modules. Those whose code is not on this machine, or cannot be read, are unseen. The
// error is that of ctx.
func (x *Index) Modules(ctx context.Context, p *matrix.Program, look Look) (found []Finding, unseen []matrix.Unseen, err error) {
	results := make([][]Finding, len(p.Modules))
	whys := make([]error, len(p.Modules))
	var group errgroup.Group
	group.SetLimit(2 * runtime.GOMAXPROCS(0)) // some wait for files
	var asking sync.Mutex
	target := strings.Join(look.Target.Paths(), " ")
	for i := range p.Modules {
		group.Go(func() error {
			if !look.known(&p.Modules[i], &asking) {
				results[i], whys[i] = look.Seen.once(moduleLook{x, target, i}, func() ([]Finding, error) { return x.module(ctx, p, i, look) })
			}
			return nil
		})
	}
	_ = group.Wait() // the errors are in whys
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	for i := range p.Modules {
		found = append(found, results[i]...)
		if whys[i] != nil {
			path, version := p.Modules[i].Built()
			unseen = append(unseen, matrix.Unseen{Module: path, Version: version, Why: whys[i].Error()})
		}
	}
	return found, unseen, nil
}

// module looks for code of the target in one module.
func (x *Index) module(ctx context.Context, p *matrix.Program, i int, look Look) ([]Finding, error) {
	m := &p.Modules[i]
	code, done, err := Open(m, look.Cache)
	if err != nil {
		return nil, err
	}
	defer done()
	code.Skip = others(p, m)
	path, _ := m.Built()
	if look.Target.Has(m.Path) || look.Target.Has(path) {
		l, err := x.Compare(ctx, code, look.Target)
		return []Finding{{Module: i, Named: true, Likeness: l}}, err
	}
	copies, err := x.copies(ctx, m, code, look)
	found := make([]Finding, len(copies))
	for n, l := range copies {
		found[n] = Finding{Module: i, Likeness: l}
	}
	return found, err
}

// copies finds the copies of the target in a module that is not in the target's place.
func (x *Index) copies(ctx context.Context, m *matrix.BuiltModule, code Code, look Look) ([]matrix.Likeness, error) {
	absence := x.absence(m, code, look)
	if _, ok := absence.recall(); ok {
		return nil, nil
	}
	t, err := list(ctx, code)
	if err != nil {
		return nil, err
	}
	defer t.free()
	before := absence.begin(t.folders, t.names)
	found, err := x.search(ctx, t, code, look.Target)
	if err == nil && len(found) == 0 {
		absence.keep(before, "")
	}
	return found, err
}

// others returns the folders of a vendored module in which other modules of the build are.
func others(p *matrix.Program, m *matrix.BuiltModule) (folders []string) {
	if !m.Vendored {
		return nil
	}
	for i := range p.Modules {
		if rest, ok := strings.CutPrefix(p.Modules[i].Path, m.Path+"/"); ok {
			folders = append(folders, rest)
		}
	}
	return folders
}

// Open returns the code of a module: from its folder, or from the module cache, where it
// is unpacked or only a zip. The caller calls done after use.
func Open(m *matrix.BuiltModule, cache string) (code Code, done func(), err error) {
	code.Path, code.Ignored = m.Path, m.Ignored
	path, version := m.Built()
	if m.Replaced != nil && version != "" {
		code.Path = path
	}
	if m.Dir != "" {
		if info, err := os.Stat(m.Dir); err != nil {
			return code, nil, fmt.Errorf("its folder cannot be read: %w", withoutPath(err))
		} else if !info.IsDir() {
			return code, nil, errors.New("what should be its folder is not one")
		}
		if code.Files, done, err = openFolder(m.Dir); err != nil {
			return code, nil, fmt.Errorf("its folder cannot be read: %w", withoutPath(err))
		}
		return code, done, nil
	}
	code.Files, done, err = cached(path, version, cache)
	if errors.Is(err, errNotCached) && m.Missing != "" {
		err = errors.New(m.Missing)
	}
	return code, done, err
}

// errNotCached is the error for a module version that is not on this machine.
var errNotCached = errors.New("its code is not on this machine: `go mod download` fetches it")
