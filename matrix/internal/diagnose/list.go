package diagnose

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A pkg is a package of the build.
type pkg struct {
	path, name, dir string
	standard        bool   // of the standard library
	version         string // of the module, if it is in the module cache

	pos, err string // why it cannot be loaded; empty if it can
}

// packages are the packages of a build, by import path.
type packages map[string]pkg

// failed reports whether some package cannot be loaded.
func (ps packages) failed() bool {
	for _, p := range ps {
		if p.err != "" {
			return true
		}
	}
	return false
}

// template prints the fields of a pkg as quoted strings. Version 1.16 of the go command
// has all of them. "go list -json" would take longer: it looks for stale packages.
const template = `{{printf "%q %q %q %q" .ImportPath .Name .Dir (print .Standard)}} ` +
	`{{with .Module}}{{if .Main}}""{{else if .Replace}}{{printf "%q" .Replace.Version}}{{else}}{{printf "%q" .Version}}{{end}}{{else}}""{{end}} ` +
	`{{with .Error}}{{printf "%q %q" .Pos .Err}}{{else}}"" ""{{end}}`

// list lists all packages of the build, those that cannot be loaded too.
func (e examination) list(ctx context.Context) (packages, error) {
	args := append([]string{"list", "-e", "-deps", "-f", template}, e.Packages...)
	out, err := e.Run(ctx, e.command(args...))
	if err != nil {
		return nil, err
	}
	all := make(packages)
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		p, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("parsing the go command's output: %w: %s", err, line)
		}
		p.path = name(p.path)
		if known, ok := all[p.path]; !ok || known.err == "" {
			all[p.path] = p
		}
	}
	return all, nil
}

// parse parses a line of the template.
func parse(line string) (p pkg, err error) {
	var standard string
	for _, field := range []*string{&p.path, &p.name, &p.dir, &standard, &p.version, &p.pos, &p.err} {
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return p, err
		}
		if *field, err = strconv.Unquote(quoted); err != nil {
			return p, err
		}
		line = strings.TrimLeft(line[len(quoted):], " ")
	}
	if line != "" {
		return p, errors.New("too many fields")
	}
	p.standard = standard == "true"
	return p, nil
}
