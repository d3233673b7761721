package program

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// selectVendored takes the modules of a build from its vendor folder. The go command
// checks that the folder agrees with go.mod.
func (b *build) selectVendored(ctx context.Context, o Options, p *matrix.Program) error {
	path := filepath.Join(b.vendor, "modules.txt")
	name := b.in.shown(path)
	data, err := readFile(path)
	if err != nil {
		return matrix.Problems{{File: name, Text: fmt.Sprintf("reading the list of vendored modules: %v", cause(err))}}
	}
	all, problems := parseModulesTxt(data)
	if err := placed(problems, name); err != nil {
		return err
	}
	p.Modules = builtVendored(all, b.vendor, func(line int) matrix.Position { return matrix.Position{File: name, Line: line} })
	if o.FilesOnly {
		b.notes = append(b.notes, name+" decides, and was not compared with go.mod")
		return nil
	}
	call := gocmd.Call{Dir: b.in.dir, Args: []string{"list", "-mod=vendor", "-m", "-f", "{{.Path}}"}, Own: true, Limit: patience}
	call.Env = []string{"GOWORK=" + b.file}
	if b.work == nil {
		call.Dir, call.Env = b.mods[0].dir, []string{"GOWORK=off"}
	}
	_, err = o.run(ctx, call)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		b.notes = append(b.notes, name+" decides; the go command does not confirm it: "+why(err))
	default:
		b.notes = append(b.notes, name+" decides")
		p.Input.Resolved = true
	}
	return nil
}

// readVendor reads a vendor/modules.txt that the user named.
func (in *input) readVendor(ctx context.Context, o Options) (*matrix.Program, error) {
	folder := ""
	if filepath.Base(in.path) == "modules.txt" {
		folder = filepath.Dir(in.path)
	}
	if filepath.Base(folder) == "vendor" {
		if owner := in.owner(filepath.Dir(folder)); owner != nil {
			b, err := owner.load(false)
			if err != nil {
				return nil, err
			}
			b.vendor = folder
			p, err := b.program(ctx, o)
			if p != nil {
				p.Input.Kind = in.kind
			}
			return p, err
		}
	}
	all, problems := parseModulesTxt(in.data)
	if err := placed(problems, in.label()); err != nil {
		return nil, err
	}
	p := &matrix.Program{Vendor: folder, Input: matrix.Input{Name: in.name, Kind: in.kind, Note: "there is no go.mod or go.work that it could be compared with"}}
	p.Modules = builtVendored(all, folder, in.position)
	p.Partial = "a modules.txt does not name the main module, whose code was not looked at"
	return p, locateAndSort(ctx, o, p)
}

// owner returns the module or workspace in a folder that its vendor folder belongs to,
// and nil if there is none.
func (in *input) owner(dir string) *input {
	owner := &input{name: in.name, dir: dir, kind: matrix.InputGoMod, path: filepath.Join(dir, "go.mod")}
	if forWorkspace(in.path) {
		owner.kind, owner.path = matrix.InputWorkspace, filepath.Join(dir, "go.work")
	}
	if !isFile(owner.path) {
		return nil
	}
	return owner
}
