package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/internal/modcache"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// fetching bounds the download of modules that a build has and the module cache does not.
const fetching = 5 * time.Minute

// locate finds the folders with the code of modules: in the module cache, to which the
// go command downloads those that are missing, as a build does.
func locate(ctx context.Context, o Options, p *matrix.Program) error {
	var missing []*matrix.BuiltModule
	cache := goenv.ModCache()
	for i := range p.Modules {
		m := &p.Modules[i]
		path, version := m.Built()
		if m.Dir != "" || m.Missing != "" || m.Vendored || version == "" {
			continue
		}
		if m.Dir = modcache.Folder(cache, module.Version{Path: path, Version: version}); m.Dir == "" {
			m.Missing = "it is not in the module cache"
			missing = append(missing, m)
		}
	}
	if len(missing) == 0 || o.FilesOnly || o.Offline {
		return nil
	}
	return download(ctx, o, missing)
}

// download downloads modules to the module cache.
func download(ctx context.Context, o Options, missing []*matrix.BuiltModule) error {
	dir, err := scratch.Dir("download-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.Downloading != nil {
		o.Downloading(len(missing))
	}
	args := []string{"mod", "download", "-json"}
	for _, m := range missing {
		path, version := m.Built()
		args = append(args, path+"@"+version)
	}
	// Outside the user's module, so that their go.sum does not change.
	out, err := o.run(ctx, gocmd.Call{Dir: dir, Args: args, Own: true, Limit: fetching, Env: []string{"GOFLAGS=-mod=mod", "GOWORK=off", "GO111MODULE=on"}})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	reasons := make(map[module.Version]string)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct{ Path, Version, Error, Dir string }
		if e := d.Decode(&m); e != nil {
			if !errors.Is(e, io.EOF) && err == nil {
				err = e
			}
			break
		}
		reasons[module.Version{Path: m.Path, Version: m.Version}] = m.Error
	}
	var failed *gocmd.Error
	errors.As(err, &failed)
	for _, m := range missing {
		path, version := m.Built()
		mod := module.Version{Path: path, Version: version}
		if m.Dir = modcache.Folder(goenv.ModCache(), mod); m.Dir != "" {
			m.Missing = ""
			continue
		}
		switch reason := strings.TrimSpace(reasons[mod]); {
		case reason != "" && failed != nil: // it names the proxy, with what may be secrets
			m.Missing = strings.TrimPrefix(gocmd.Complaint(failed.Cut(reason)), mod.String()+": ")
		case reason != "":
			m.Missing = strings.TrimPrefix(gocmd.Complaint(reason), mod.String()+": ")
		case err != nil:
			m.Missing = "it could not be downloaded: " + why(err)
		}
	}
	return nil
}
