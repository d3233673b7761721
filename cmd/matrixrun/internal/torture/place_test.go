//go:build torture && linux

package torture

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A place has the folders of a life.
type place struct {
	*world
	dir     string
	gocache string
	mounted string // the folder with a file system of its own; empty if none has
	outs    int    // folders for -o so far
}

// The folders of a place that a run writes to. Each may be on a disk of its own.
const (
	recordFolder = "record"
	tempFolder   = "tmp"
	outFolder    = "out"
	homeFolder   = "home"
)

// place makes a place.
func (w *world) place(t *testing.T, name string) *place {
	p := &place{world: w, dir: filepath.Join(w.dir, name)}
	p.gocache = p.path("gocache")
	for _, name := range []string{recordFolder, tempFolder, outFolder, homeFolder} {
		check(t, os.MkdirAll(p.path(name), 0o777))
	}
	return p
}

func (p *place) path(name string) string { return filepath.Join(p.dir, name) }

// environ returns the environment of a run with a GOPROXY and a GOMODCACHE.
func (p *place) environ(proxy, modules string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.path(homeFolder), "TMPDIR=" + p.path(tempFolder),
		"GOENV=off", "GOCACHE=" + p.gocache, "GOMODCACHE=" + modules, "GOPROXY=" + proxy, "GONOSUMDB=*", "GOTELEMETRY=off",
	}
}

// limit is how long a run may take. On an idle machine it takes seconds. The first one
// also compiles the standard library, which takes minutes on a crowded machine.
const limit = 5 * time.Minute

// once runs the program without any trouble, and returns its exit code and output.
func (p *place) once(args ...string) (code int, output string) {
	r, err := p.start(p.environ(p.proxy.good(), p.path("gomodcache")), "", args...)
	if err != nil {
		return -1, err.Error()
	}
	code, output = r.wait(limit)
	if r.hung {
		output = fmt.Sprintf("no end after %v\n%s", limit, output)
	}
	return code, output
}

// arguments returns a question's arguments, with the record and a new folder for -o.
func (p *place) arguments(q *question) (args []string, out string) {
	return p.argumentsOn(q, recordFolder)
}

// argumentsOn is arguments with the record in another folder of the place.
func (p *place) argumentsOn(q *question, record string) (args []string, out string) {
	p.outs++
	out = filepath.Join(p.path(outFolder), strconv.Itoa(p.outs))
	return append(slices.Clone(q.args), "--cache", p.path(record), "-o", out), out
}

// answer asks a question without any trouble.
func (p *place) answer(q *question, more ...string) (*answer, error) {
	args, out := p.arguments(q)
	code, output := p.once(append(args, more...)...)
	return readAnswer(out, code, output)
}

// readAnswer reads what a run wrote to a folder. The results are nil if there are none.
func readAnswer(out string, code int, output string) (*answer, error) {
	a := &answer{code: code, output: output}
	data, err := os.ReadFile(filepath.Join(out, "results.json"))
	if os.IsNotExist(err) {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	if a.results, err = codec.Read("results.json", data); err != nil {
		return a, err
	}
	a.files, err = hashFiles(out, a.results.Generated.UTC())
	return a, err
}

// hashFiles returns the SHA-256 of all files in a folder but results.json. Of captures
// it only returns the size, and it leaves out the time of the run: two runs differ in
// these.
func hashFiles(dir string, generated time.Time) (map[string]string, error) {
	timeless := strings.NewReplacer(generated.Format(time.RFC3339), "TIME", generated.Format(time.DateOnly), "DATE")
	sums := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "results.json" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		sum := checksum.Bytes([]byte(timeless.Replace(string(data))))
		if filepath.Ext(name) == ".pcapng" {
			sum = fmt.Sprint(len(data), " bytes")
		}
		sums[filepath.ToSlash(name)] = sum
		return err
	})
	return sums, err
}

// remove removes the place. Module caches are read-only.
func (p *place) remove() error {
	if p.mounted != "" {
		if err := unix.Unmount(p.mounted, unix.MNT_DETACH); err != nil {
			return err
		}
	}
	return scratch.RemoveAll(p.dir)
}
