package remedy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Trier tries plans in a copy of a program.
type Trier struct {
	Limit   time.Duration // for one go command
	Offline bool          // download nothing

	// Fork writes a release, or PATH@VERSION of somebody's fork, with patches to a new
	// folder, as matrixrun fork does. It returns why there cannot be such a fork, empty if
	// there is one.
	Fork func(ctx context.Context, of string, patches []string, dir string) (impossible string, err error)

	// Log is called with one line before each step that takes time, and Commands with
	// each go command before it runs. Both may be nil.
	Log, Commands func(line string)
}

// A session is the copy of one program, with what was found out about it.
type session struct {
	*Trier
	Go      *gocmd.Go
	files   *files
	target  string // the path that the program requires
	replica *replica
	before  state
	doubt   string // why nothing can be shown, such as that the unchanged program does not compile; empty if it does
	force   bool   // run plans all the same
	tests   string // why its tests do not compile; empty if they do
}

// A state is what the go command says of a program.
type state struct {
	target  string            // what is built for the target, such as "v1.0.0" or "=> ../fork"; empty if it is not part of the build
	modules map[string]string // the same for each module with packages that are built, by path
	lines   map[string]string // the go and toolchain lines, by file and keyword
}

// Try tries the plans of an answer, and sets what came of it in their fixes. Where the
// smallest step does not compile, it tries later releases in growing steps, and adds the
// smallest one that does; likewise for the release that leaks least. The plans that
// compile are the first ones then.
//
// An error means that the program could not be copied, or that the context has ended.
// Whatever the go command fails at is in the fixes.
func (t *Trier) Try(ctx context.Context, q Question, a *Answer) error {
	if len(a.Plans) == 0 {
		return nil
	}
	s, err := t.open(ctx, q)
	if _, ok := errors.AsType[*untriableError](err); ok {
		for _, p := range a.Plans {
			p.Fix.Tried = unknown(err.Error())
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer s.replica.remove()
	if err := s.moreParents(ctx, a); err != nil {
		return err
	}
	for _, p := range slices.Clone(a.Plans) {
		if err := s.try(ctx, p); err != nil {
			return err
		}
	}
	for _, g := range a.groups {
		if err := s.extend(ctx, a, g); err != nil {
			return err
		}
	}
	slices.SortStableFunc(a.Plans, func(a, b *Plan) int { return outcome(a) - outcome(b) })
	return nil
}

// outcome orders plans by what trying them showed.
func outcome(p *Plan) int {
	switch {
	case p.Fix.Tried == nil || p.Fix.Tried.Unknown:
		return 1
	case p.Fix.Tried.OK:
		return 0
	default:
		return 2
	}
}

// An untriableError says why a program cannot be tried with any fix.
type untriableError struct{ why string }

func (e *untriableError) Error() string { return e.why }

// open copies the program of a question, and looks at it before any change.
func (t *Trier) open(ctx context.Context, q Question) (*session, error) {
	f, err := load(q.Program)
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.mods) == 0:
		return nil, &untriableError{"there is no code to try it with"}
	case goenv.Flag("modfile") != "":
		return nil, &untriableError{"GOFLAGS has -modfile, and a copy of the program would use the same file"}
	}
	t.log("copying the program to try the fixes")
	s := &session{Trier: t, Go: &gocmd.Go{Log: t.Commands}, files: f, target: q.Use.Module}
	if s.replica, err = replicate(ctx, f); err != nil {
		return nil, err
	}
	if err := s.examine(ctx); err != nil {
		s.replica.remove()
		return nil, err
	}
	return s, nil
}

func (t *Trier) log(format string, args ...any) {
	if t.Log != nil {
		t.Log(fmt.Sprintf(format, args...))
	}
}

// examine finds out what the unchanged program is built from, and whether it compiles.
func (s *session) examine(ctx context.Context) (err error) {
	s.log("compiling it as it is")
	if s.before, err = s.state(ctx); err != nil {
		return s.orUnknown(ctx, err, &s.doubt)
	}
	complaint, err := s.build(ctx)
	if err != nil {
		return s.orUnknown(ctx, err, &s.doubt)
	}
	if complaint != "" {
		s.doubt = "the program does not compile today: " + complaint
		s.force = true // if it compiles with a fix, that shows something
		return nil
	}
	complaint, err = s.vet(ctx)
	s.tests = complaint
	return s.orUnknown(ctx, err, &s.tests)
}

// orUnknown makes an error the reason why something is unknown, unless the context has
// ended.
func (s *session) orUnknown(ctx context.Context, err error, why *string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		*why = s.reason(err)
	}
	return nil
}

func unknown(why string) *matrix.Attempt {
	return &matrix.Attempt{Unknown: true, Error: why, Changes: []string{}}
}

// try tries one plan, unless that was done before.
func (s *session) try(ctx context.Context, p *Plan) error {
	if p.Fix.Tried != nil {
		return nil
	}
	if s.doubt != "" && !s.force {
		p.Fix.Tried = unknown(s.doubt)
		return nil
	}
	s.log("trying to %s", p.Fix.Title)
	if err := s.replica.reset(ctx); err != nil {
		return fmt.Errorf("resetting the copy of the program: %w", err)
	}
	attempt, err := s.attempt(ctx, p)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		attempt = unknown(s.reason(err))
	}
	p.Fix.Tried = attempt
	return nil
}

// attempt applies a plan to the copy, and compiles it. An error means that this could
// not be done, for a reason that is not the program's.
func (s *session) attempt(ctx context.Context, p *Plan) (*matrix.Attempt, error) {
	if len(p.steps) == 0 {
		return unknown("there are no commands to try"), nil
	}
	for _, step := range p.steps {
		complaint, err := s.run(ctx, step)
		if err != nil {
			return nil, err
		}
		if complaint != "" {
			return s.refused(complaint), nil
		}
	}
	after, err := s.state(ctx)
	if err != nil {
		return nil, err
	}
	if !p.hasEffect(after) {
		return s.refused(fmt.Sprintf("%s %s is built all the same: something else selects it", s.target, after.target)), nil
	}
	p.applied = true
	complaint, err := s.build(ctx)
	if err == nil && complaint == "" && s.tests == "" {
		complaint, err = s.vet(ctx)
	}
	if err != nil {
		return nil, err
	}
	if complaint != "" {
		return s.refused(complaint), nil
	}
	a := &matrix.Attempt{OK: true, Changes: s.before.changes(after, s.target)}
	if s.doubt != "" {
		a.Notes = append(a.Notes, "today the program does not compile")
	}
	if s.tests != "" {
		a.Notes = append(a.Notes, "its tests were not compiled: they do not compile today")
	}
	return a, nil
}

// refused returns the attempt for a program that does not compile after the change. If
// it does not compile before the change either, that proves nothing.
func (s *session) refused(complaint string) *matrix.Attempt {
	if s.doubt != "" {
		return unknown(s.doubt)
	}
	return &matrix.Attempt{Error: complaint, Changes: []string{}}
}

// hasEffect reports whether what is built for the target is what the plan is for.
func (p *Plan) hasEffect(after state) bool {
	switch is := after.modules[p.module]; {
	case p.moves():
		return after.target == "" && (is == p.version || strings.HasSuffix(is, "@"+p.version))
	case p.Fix.Kind == matrix.FixFork:
		return slices.ContainsFunc(p.steps, func(s step) bool {
			return s.fork != nil && strings.HasPrefix(after.target, "=> ") && strings.HasSuffix(after.target, "/"+s.fork.name)
		})
	default:
		return after.target == p.version || strings.HasSuffix(after.target, "@"+p.version)
	}
}

// call returns a go command of the user's in the copy of one of their folders.
func (s *session) call(dir string, args ...string) gocmd.Call {
	work := "off"
	if s.files.work != nil {
		work = s.replica.at(s.files.work.path)
	}
	return gocmd.Call{Dir: s.replica.at(dir), Args: args, Own: true, Env: s.environ("GOWORK=" + work), Limit: s.Limit}
}

// environ returns variables for a go command, with those that keep it offline if asked
// for.
func (t *Trier) environ(env ...string) []string {
	if t.Offline {
		env = append(env, "GOPROXY=off")
	}
	return env
}

// listed prints a module as "path version", or as "path => path@version" if it is
// replaced.
const listed = `{{with .Module}}` + moduleLine + `{{end}}`

const moduleLine = `{{.Path}} {{if .Replace}}=> {{.Replace.Path}}{{with .Replace.Version}}@{{.}}{{end}}{{else}}{{.Version}}{{end}}`

// state asks the go command what the program is built from.
func (s *session) state(ctx context.Context) (state, error) {
	st := state{modules: map[string]string{}, lines: map[string]string{}}
	for _, m := range s.files.mods {
		out, err := s.Go.Run(ctx, s.call(m.dir(), "list", "-e", "-deps", "-test", "-f", listed, "./..."))
		if err != nil {
			return st, err
		}
		for line := range strings.Lines(string(out)) {
			if path, what, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
				st.modules[path] = what
			}
		}
	}
	st.target = st.modules[s.target]
	if st.target == "" { // no package imports it
		out, err := s.Go.Run(ctx, s.call(s.files.mods[0].dir(), "list", "-m", "-f", moduleLine, s.target))
		if err != nil && !strings.Contains(err.Error(), "not a known dependency") {
			return st, err
		}
		_, st.target, _ = strings.Cut(strings.TrimSpace(string(out)), " ")
	}
	return st, s.readLines(st.lines)
}

// readLines reads the go and toolchain lines of the copy.
func (s *session) readLines(lines map[string]string) error {
	add := func(file string, g *modfile.Go, t *modfile.Toolchain) {
		if g != nil {
			lines[file+" go"] = g.Version
		}
		if t != nil {
			lines[file+" toolchain"] = t.Name
		}
	}
	for path := range s.replica.saved {
		data, err := os.ReadFile(s.replica.at(path))
		name, _ := filepath.Rel(s.files.root(), path)
		switch {
		case err != nil && !os.IsNotExist(err):
			return err
		case err != nil || strings.HasSuffix(path, ".sum"):
		case s.files.work != nil && path == s.files.work.path:
			work, err := modfile.ParseWork(name, data, nil)
			if err != nil {
				return err
			}
			add(name, work.Go, work.Toolchain)
		default:
			mod, err := modfile.Parse(name, data, nil)
			if err != nil {
				return err
			}
			add(name, mod.Go, mod.Toolchain)
		}
	}
	return nil
}

// changes says what differs between two states, without the target.
func (st state) changes(after state, target string) []string {
	changes := []string{}
	compare := func(was, is map[string]string) {
		var keys []string
		for _, set := range []map[string]string{was, is} {
			for key := range set {
				if key != target && was[key] != is[key] && !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
			}
		}
		slices.Sort(keys)
		for _, key := range keys {
			switch {
			case was[key] == "":
				changes = append(changes, key+" "+is[key]+" (new)")
			case is[key] == "":
				changes = append(changes, key+" "+was[key]+" (no longer needed)")
			default:
				changes = append(changes, key+" "+was[key]+" => "+is[key])
			}
		}
	}
	compare(st.lines, after.lines)
	compare(st.modules, after.modules)
	return changes
}

// mostCommand is how much of a go command a message has, in bytes.
const mostCommand = 80

// reason returns an error as one line. Of a long go command it has only the verb: that
// one is not for people to type.
func (s *session) reason(err error) string {
	message := err.Error()
	if failed, ok := errors.AsType[*gocmd.Error](err); ok {
		if command := "go " + strings.Join(failed.Args, " "); len(command) > mostCommand {
			message = strings.Replace(message, command, "go "+failed.Args[0], 1)
		}
	}
	return text.Line(s.clean(message))
}

// clean returns a message of the go command without the paths of the copy, and with the
// user's instead.
func (s *session) clean(message string) string {
	return strings.ReplaceAll(message, s.replica.dir, s.replica.base)
}
