// Package exchange lets a run use a remote record: it fetches builds and traces that the
// record of this machine has not, and writes what was made here.
//
// A run does not depend on it. If the remote record cannot be read or written, the run goes
// on without it, and says so once. An entry that is not to be believed is as good as none.
package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/remote"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// The kinds of entries.
const (
	buildKind  = "build"
	tracesKind = "traces"
)

// Options say how a run uses a remote record.
type Options struct {
	Remote *remote.Remote
	Push   bool         // write what was made here
	Traces bool         // believe its traces, too
	Say    func(string) // is called for what goes wrong, by one goroutine at a time
}

// An Exchange is a remote record in use. Its methods are safe for concurrent use, and do
// nothing if it is nil.
type Exchange struct {
	Options
	store  *record.Store
	pushes sync.WaitGroup
	slots  *semaphore.Weighted // for pushes

	mu        sync.Mutex
	unread    bool                     // reading has failed, or is too slow
	slow      int                      // how many answers were slow
	unwritten bool                     // writing has failed
	ignored   map[string]bool          // tags of entries that were ignored, since something is wrong with them
	builds    map[string]*remote.Entry // that the remote record has, by key
	bundles   map[record.BundleKey]func() *record.Bundle
	bases     map[string]*remote.Base // by toolchain, what binaries may be compressed against
	used      matrix.RemoteUse
}

// New returns the exchange of a record with a remote one.
func New(store *record.Store, o Options) *Exchange {
	return &Exchange{
		Options: o, store: store, slots: semaphore.NewWeighted(remote.Parallel / 2),
		builds: make(map[string]*remote.Entry), ignored: make(map[string]bool), bundles: make(map[record.BundleKey]func() *record.Bundle), bases: make(map[string]*remote.Base),
	}
}

// Name returns what results call the remote record; empty for none.
func (x *Exchange) Name() string {
	if x == nil {
		return ""
	}
	return x.Remote.Ref().Name()
}

// Believes reports whether the traces of the remote record are believed.
func (x *Exchange) Believes() bool { return x != nil && x.Traces }

// NameOf returns what people call the remote record that an artifact is from.
func (x *Exchange) NameOf(a matrix.Artifact) string {
	if x != nil && a.From == x.Remote.Ref().ID() {
		return x.Name()
	}
	return a.From
}

// Artifact returns the artifact of a build key, without its binary, and puts it into the
// record. It is not ok if the remote record has none with a binary for which fits returns
// true: that something does not build is found out here.
func (x *Exchange) Artifact(ctx context.Context, key string, fits func(matrix.Artifact) bool) (a matrix.Artifact, ok bool) {
	if x == nil || !x.reads() {
		return a, false
	}
	e, err := x.get(ctx, buildKind, key)
	if err == nil {
		a, err = artifact(e, fits)
	}
	if err != nil {
		x.failed(ctx, err)
		return a, false
	}
	e.Data = nil // which may be large
	a.From = x.Remote.Ref().ID()
	if x.store.NoteArtifact(key, a) != nil {
		return a, false // the record of this machine will say why, when something is put into it
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.builds[key] = e
	x.used.Builds++
	return a, true
}

// artifact returns the artifact that an entry has. It has one binary.
func artifact(e *remote.Entry, fits func(matrix.Artifact) bool) (a matrix.Artifact, err error) {
	switch {
	case json.Unmarshal(e.Data, &a) != nil, len(e.Files) != 1, e.Files[0].SHA256 != a.SHA256, a.Conflict != "", a.Complaint != "":
		return a, &remote.BadError{Entry: remote.Tag(buildKind, e.Key), Why: "it is not the build of one binary"}
	case !fits(a):
		return a, &remote.BadError{Entry: remote.Tag(buildKind, e.Key), Why: "it has other patches than the row"}
	}
	return a, nil
}

// Binary fetches the binary of a build key into the record. It is not ok if it cannot be
// had, or is not that of the artifact.
func (x *Exchange) Binary(ctx context.Context, key string, a matrix.Artifact) (ok bool) {
	if x == nil || !x.reads() || a.From != x.Remote.Ref().ID() {
		return false
	}
	x.mu.Lock()
	e := x.builds[key]
	x.mu.Unlock()
	var err error
	if e == nil { // the artifact is from an earlier run
		e, err = x.get(ctx, buildKind, key)
	}
	if err == nil && (len(e.Files) != 1 || e.Files[0].SHA256 != a.SHA256) {
		return false // somebody has replaced it since
	}
	var content []byte
	if err == nil {
		content, err = x.Remote.Fetch(ctx, e, e.Files[0], x.local)
	}
	if err != nil {
		x.failed(ctx, err)
		return false
	}
	return x.keep(key, a, content) == nil // the record of this machine says why, when the build is put into it
}

// local returns the contents of a file of an entry if the record has it.
func (x *Exchange) local(f remote.File) ([]byte, bool) {
	content, err := x.content(f.SHA256)
	return content, err == nil
}

// keep puts a binary into the record.
func (x *Exchange) keep(key string, a matrix.Artifact, content []byte) error {
	dir, err := scratch.Dir("fetched-")
	if err != nil {
		return fmt.Errorf("keeping a binary: %w", err)
	}
	defer os.RemoveAll(dir)
	a.Path = filepath.Join(dir, "binary")
	if err := os.WriteFile(a.Path, content, 0o700); err != nil {
		return fmt.Errorf("keeping a binary: %w", err)
	}
	_, err = x.store.PutArtifact(key, a)
	return err
}

// content returns the contents of a binary of the record.
func (x *Exchange) content(sha256 string) ([]byte, error) {
	b, miss := x.store.Binary(matrix.Artifact{SHA256: sha256})
	if miss != "" {
		return nil, errors.New(miss)
	}
	return os.ReadFile(b.Path)
}

// A remote record that takes longer than tedious to say what it has, so often, is not worth
// asking: a build takes a few seconds.
const (
	tedious   = 5 * time.Second
	mostSlow  = 3
	slowWords = "%d of its answers took more than %v"
)

// get returns an entry that a row waits for. A record that is too slow is not asked again.
func (x *Exchange) get(ctx context.Context, kind, key string) (*remote.Entry, error) {
	begin := time.Now()
	e, err := x.Remote.Get(ctx, kind, key)
	if time.Since(begin) > tedious {
		x.mu.Lock()
		x.slow++
		slow := x.slow
		x.mu.Unlock()
		if slow == mostSlow {
			x.failed(ctx, fmt.Errorf(slowWords, slow, tedious))
		}
	}
	return e, err
}

// reads reports whether the remote record can be read, as far as is known.
func (x *Exchange) reads() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !x.unread
}

// failed takes note of an error of the remote record. The context is that of the run: when
// that ends, nothing is wrong with the record.
func (x *Exchange) failed(ctx context.Context, err error) {
	if errors.Is(err, remote.ErrNone) || ctx.Err() != nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if bad, ok := errors.AsType[*remote.BadError](err); ok {
		if len(x.ignored) == 0 {
			x.say(bad.Error() + ": what it should have is made here")
		}
		x.ignored[bad.Entry] = true
		return
	}
	if !x.unread {
		x.say(err.Error() + ": this run goes on without it")
	}
	x.unread = true
}

// say tells a person something about the remote record.
func (x *Exchange) say(what string) {
	x.Say(fmt.Sprintf("remote record %s: %s", x.Remote.Ref(), text.Line(what)))
}

// Used returns what was exchanged so far; nil without a remote record.
func (x *Exchange) Used() *matrix.RemoteUse {
	if x == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	used := x.used
	used.Name = x.Name()
	used.BytesFetched, used.BytesWritten = x.Remote.Moved()
	return &used
}

// count changes what is counted.
func (x *Exchange) count(change func(*matrix.RemoteUse)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	change(&x.used)
}
