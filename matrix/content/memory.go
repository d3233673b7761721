package content

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// A Memory keeps what was found out about folders of the module cache: to read the code of
// all modules takes most of the time of a check. The record is one. It must return what was
// put there, or why it cannot. A nil Memory keeps nothing.
type Memory interface {
	Folder(key string, v any) (miss string)
	PutFolder(key string, v any) error
}

// A memo is the place for one fact about one folder in a memory.
type memo struct {
	memory Memory // nil if nothing can be remembered of the folder
	dir    string
	key    string
}

// A fact is what was found out about a folder, with the state that the folder was in. It
// holds as long as the folder is in this state.
type fact struct {
	Names string `json:"names"` // see joinNames
	State string `json:"state"` // see stateOf
	Found string `json:"found"`
}

// newMemo returns the place for a fact about a folder below that of the module cache. The
// key names all else that the fact depends on. What is in other folders changes more often
// than it is looked at.
func newMemo(memory Memory, cache, dir string, key any) memo {
	if memory == nil || cache == "" || !strings.HasPrefix(dir, cache+string(filepath.Separator)) {
		return memo{}
	}
	text, err := json.Marshal([]any{dir, codeDigest(), key})
	if err != nil {
		return memo{}
	}
	return memo{memory: memory, dir: dir, key: checksum.Bytes(text)}
}

// recall returns what was found out, if the folder has not changed since.
func (m memo) recall() (found string, ok bool) {
	var f fact
	if m.memory == nil || m.memory.Folder(m.key, &f) != "" || f.Names == "" {
		return "", false
	}
	state, _, ok := stateOf(m.dir, f.Names)
	return f.Found, ok && state == f.State
}

// settled is how long ago a folder must have changed for its state to be kept. Within that
// time, a later change may give a file the same times.
const settled = 2 * time.Second

var now = time.Now // a test puts it forward

// begin returns the state of a folder, for keep. Call it before its files are read. The
// state has no names if it cannot be kept.
func (m memo) begin(folders, files []string) (f fact) {
	if m.memory == nil {
		return f
	}
	limit := now().Add(-settled)
	names, ok := joinNames(folders, files)
	if !ok {
		return f
	}
	state, changed, ok := stateOf(m.dir, names)
	if !ok || !changed.Before(limit) {
		return f
	}
	return fact{Names: names, State: state}
}

// keep keeps what was found out about a folder in the state that begin returned. Nothing
// depends on it, so there is no error.
func (m memo) keep(f fact, found string) {
	if f.Names == "" {
		return
	}
	f.Found = found
	_ = m.memory.PutFolder(m.key, f)
}

//go:embed *.go
var thisCode embed.FS

// codeDigest returns the digest of the code of this package. Another version of it may find
// out something else.
var codeDigest = sync.OnceValue(func() string {
	var all []byte
	names, _ := fs.Glob(thisCode, "*.go") // which is a pattern
	for _, name := range names {
		data, err := fs.ReadFile(thisCode, name)
		if err != nil {
			panic(err) // it is in memory
		}
		all = append(append(all, name...), data...)
	}
	return checksum.Bytes(all)
})

// absence returns the place for the fact that there is no code of a target in a module.
func (x *Index) absence(m *matrix.BuiltModule, code Code, look Look) memo {
	if x.digest == "" || m.Dir == "" || len(code.Skip) > 0 {
		return memo{}
	}
	return newMemo(look.Memory, look.Cache, m.Dir, []any{"no code of the target", x.digest, look.Target.Paths(), code.Path, code.Ignored})
}
