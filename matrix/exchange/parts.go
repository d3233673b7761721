package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/remote"
)

// The parts of a run that several machines share, by the name of the run: how many there
// are, and the files of each.
const (
	runKind  = "run"
	partKind = "part"
)

// maxPart limits what the files of a part take, in bytes.
const maxPart = 4 << 30

func runKey(run string) string { return checksum.Bytes([]byte(run)) }

func partKey(run string, index int) string {
	return checksum.Bytes([]byte(run + "\n" + strconv.Itoa(index)))
}

// PutPart writes the results of a shard, and their evidence, which are in a folder, to a
// remote record. It replaces what the same part of a run of this name has left there.
func PutPart(ctx context.Context, r *remote.Remote, run string, shard *matrix.Shard, dir string) error {
	var names []string
	var sources []remote.Source
	var total int64
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if name = filepath.ToSlash(name); err != nil || !ofPart(name) {
			return err
		}
		content, err := os.ReadFile(path)
		if total += int64(len(content)); err == nil && total > maxPart {
			err = fmt.Errorf("its files take more than %d bytes", int64(maxPart))
		}
		names, sources = append(names, name), append(sources, remote.Source{Content: content})
		return err
	})
	if err == nil {
		_, err = r.Put(ctx, partKind, partKey(run, shard.Index), names, sources...)
	}
	if err == nil {
		_, err = r.Put(ctx, runKind, runKey(run), shard.Of)
	}
	if err != nil {
		return fmt.Errorf("writing part %d of the run %s to the remote record %s: %w", shard.Index, run, r.Ref(), err)
	}
	return nil
}

// ofPart reports whether a file next to results.json is one that merging needs.
func ofPart(name string) bool {
	return name == "results.json" || strings.HasPrefix(name, "evidence/") && filepath.IsLocal(filepath.FromSlash(name))
}

// FetchParts writes the parts of a run to folders in dir, and returns these. The error has
// every part that is missing.
func FetchParts(ctx context.Context, r *remote.Remote, run, dir string) (folders []string, err error) {
	doing := fmt.Sprintf("reading the run %s from the remote record %s", run, r.Ref())
	e, err := r.Get(ctx, runKind, runKey(run))
	if errors.Is(err, remote.ErrNone) {
		return nil, fmt.Errorf("%s: none of its parts is there: run them with --shard, --push, --run %s and -o", doing, run)
	}
	of := 0
	if err == nil && (json.Unmarshal(e.Data, &of) != nil || of < 1) {
		err = &remote.BadError{Entry: remote.Tag(runKind, e.Key), Why: "it does not say how many parts there are"}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	var missing []string
	for i := 1; i <= of; i++ {
		folder := filepath.Join(dir, fmt.Sprintf("part-%d", i))
		err := fetchPart(ctx, r, partKey(run, i), folder)
		switch {
		case errors.Is(err, remote.ErrNone):
			missing = append(missing, strconv.Itoa(i))
		case err != nil:
			return nil, fmt.Errorf("%s: part %d: %w", doing, i, err)
		}
		folders = append(folders, folder)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s: of %d parts, these are not there: %s: wait for them, or run them again", doing, of, strings.Join(missing, ", "))
	}
	return folders, nil
}

// fetchPart writes the files of a part to a folder.
func fetchPart(ctx context.Context, r *remote.Remote, key, folder string) error {
	e, err := r.Get(ctx, partKind, key)
	if err != nil {
		return err
	}
	var names []string
	if json.Unmarshal(e.Data, &names) != nil || len(names) != len(e.Files) {
		return &remote.BadError{Entry: remote.Tag(partKind, key), Why: "it does not name its files"}
	}
	var total int64
	for i, name := range names {
		if total += e.Files[i].Size; total > maxPart {
			return &remote.BadError{Entry: remote.Tag(partKind, key), Why: "its files are too large"}
		}
		if !ofPart(name) {
			return &remote.BadError{Entry: remote.Tag(partKind, key), Why: "it has a file that no part has"}
		}
		content, err := r.Fetch(ctx, e, e.Files[i], func(remote.File) ([]byte, bool) { return nil, false })
		if err != nil {
			return err
		}
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
