package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/uses"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// A memory keeps facts about modules in the record. The fact about a large module has an entry
// of its own, which other programs share. The many small modules of a program share one
// entry: writing a file for each takes longer than reading their code again.
type memory struct {
	record *record.Store
	key    string // of the entry that small modules share

	mu    sync.Mutex
	small map[string]json.RawMessage // in that entry, by the key of the fact; nil if it was not read
	kept  map[string]json.RawMessage // of these, what this process asked for or put there
	size  int                        // of kept, in bytes
	put   bool                       // there is something to write
	wrote bool                       // other entries
}

// Bounds of the entry that small modules share, in bytes.
const (
	smallFact = 2 << 10 // a fact of 80 files
	mostSmall = 1 << 20 // of all facts; further ones have entries of their own
)

// Folder implements content.Memory.
func (m *memory) Folder(key string, v any) (miss string) {
	if fact, ok := m.recall(key); ok && json.Unmarshal(fact, v) == nil {
		return ""
	}
	return m.record.Folder(key, v)
}

// recall returns a fact of the entry that small modules share.
func (m *memory) recall(key string) (fact json.RawMessage, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.small == nil {
		m.small = make(map[string]json.RawMessage)
		if m.record.Folder(m.key, &m.small) != "" {
			clear(m.small)
		}
	}
	if fact, ok = m.small[key]; ok {
		m.keep(key, fact)
	}
	return fact, ok
}

// keep keeps a fact for the entry that is written in the end.
func (m *memory) keep(key string, fact json.RawMessage) {
	m.size += len(fact) - len(m.kept[key])
	m.kept[key] = fact
}

// forget removes a fact from the entry that small modules share.
func (m *memory) forget(key string) {
	_, ok := m.kept[key]
	m.put = m.put || ok
	m.size -= len(m.kept[key])
	delete(m.kept, key)
	if _, ok = m.small[key]; ok {
		delete(m.small, key)
		m.put = true
	}
}

// PutFolder implements content.Memory.
func (m *memory) PutFolder(key string, v any) error {
	fact, err := json.Marshal(v)
	if err != nil {
		return err
	}
	m.mu.Lock()
	small := len(fact) < smallFact && m.size+len(fact) < mostSmall
	if small {
		m.keep(key, fact)
	} else {
		m.forget(key) // Folder would return it in place of this one
	}
	m.put, m.wrote = m.put || small, m.wrote || !small
	m.mu.Unlock()
	if small {
		return nil
	}
	return m.record.PutFolder(key, json.RawMessage(fact))
}

// close writes what small modules share. Nothing depends on it, so there is no error. Once a
// day, it brings a record that has grown within its bounds. If the check was interrupted, it
// leaves the entry as it is, which has what the check did not get to.
func (m *memory) close(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.put {
		_ = m.record.PutFolder(m.key, m.kept)
	}
	if m.put || m.wrote {
		m.record.Trim(ctx, record.DefaultBounds)
	}
}

// openMemory opens the record in a folder as a memory for a program that is checked with some
// suites; nil if none was named and the user has no cache folder. Facts about modules depend
// on what the suites look for, so a check with other suites has an entry of its own. The
// caller calls done after use.
func openMemory(dir, program string, suites []uses.Suite) (m content.Memory, done func(context.Context), err error) {
	store, err := openRecord(dir)
	if err != nil {
		if dir == "" {
			err = nil // what is found out is found out anew each time
		}
		return nil, func(context.Context) {}, err
	}
	if path, err := filepath.Abs(program); err == nil {
		program = path
	}
	key := []string{"small modules of", program}
	for _, s := range suites {
		key = append(key, s.Name, s.Results.Target)
	}
	keeps := &memory{record: store, key: checksum.Bytes(fmt.Appendf(nil, "%q", key)), kept: make(map[string]json.RawMessage)}
	return keeps, keeps.close, nil
}
