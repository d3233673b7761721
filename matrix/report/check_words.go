package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// kinds say what an input is, and how its modules were found out: by the go command, or
// else from the text.
var kinds = map[matrix.InputKind]struct{ resolved, text string }{
	matrix.InputGoMod:     {"the module in %s, with the versions that the go command selects", "the go.mod of %s, read without the go command"},
	matrix.InputWorkspace: {"the workspace of %s, with the versions that the go command selects", "the workspace of %s, read without the go command"},
	matrix.InputVendor:    {"the vendor folder %s, which the go command accepts", "the list of vendored modules in %s"},
	matrix.InputList:      {"the modules that %s lists", "the modules that %s lists"},
	matrix.InputVersion:   {"the module %s, with the versions that the go command selects for it", "the module %s with what its go.mod requires"},
	matrix.InputBinary:    {"the modules that are recorded in the program %s", "the modules that are recorded in the program %s"},
}

// readFrom says what was named and how it was found out what is built; nothing for a
// single version.
func readFrom(c *matrix.Check) string {
	kind, ok := kinds[c.Input.Kind]
	if !ok || c.Input.Kind == matrix.InputVersion && len(c.Main) == 0 { // a single version by itself
		return ""
	}
	how := kind.text
	if c.Input.Resolved {
		how = kind.resolved
	}
	name := c.Input.Name
	switch name {
	case "", ".":
		name = "this folder"
	case "-":
		name = "standard input"
	}
	if c.Input.Kind == matrix.InputGoMod && !c.Input.Resolved && strings.HasSuffix(name, ".mod") {
		how = "%s, read without the go command" // it is the go.mod itself
	}
	out := fmt.Sprintf("Checked: %s: %s.", fmt.Sprintf(how, name), text.Count(c.Looked+len(c.Unseen), "module"))
	if c.Input.Note != "" {
		out += " " + capital(c.Input.Note) + "."
	}
	return out
}

// capital returns a sentence with a capital letter, unless it begins with the name of a
// file or a module.
func capital(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsAny(first, "./") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// useTitle names what the build has and the line that requires it: "example.com/lib
// v1.2.3, by go.mod:7".
func useTitle(u *matrix.Use) string {
	title := u.Module
	switch r := u.Replaced; {
	case r != nil:
		title = strings.TrimSpace(title+" "+u.Required) + " => " + strings.TrimSpace(r.Path+" "+r.Version)
	case u.Required != "":
		title += " " + u.Required
	case u.Version != "" && (u.Likeness == nil || u.Likeness.Dir == ""): // that of a copy is not the module's
		title += " " + u.Version
	}
	if u.Where != "" {
		title += ", by " + u.Where
	}
	return title
}

// about says where a use comes from and how it is known what it is, a sentence each.
func about(c *matrix.Check, u *matrix.Use) (sentences []string) {
	if n := len(u.Parents); n > 0 {
		chain := "It is required by " + u.Parents[n-1]
		for _, p := range slices.Backward(u.Parents[:n-1]) {
			chain += ", which is required by " + p
		}
		sentences = append(sentences, chain+".")
	}
	if s := compiledBy(c, u); s != "" {
		sentences = append(sentences, s)
	}
	if u.Note != "" {
		sentences = append(sentences, capital(u.Note)+".")
	}
	if u.Fork != "" {
		sentences = append(sentences, fmt.Sprintf("It is %s, as `matrixrun fork` makes it.", u.Fork))
	}
	return sentences
}

// compiledBy says which toolchain the verdicts on a use are about, if that decides; otherwise
// it is empty. Only a binary says what compiled it.
func compiledBy(c *matrix.Check, u *matrix.Use) string {
	switch {
	case u.Toolchain == "":
		return ""
	case c.Input.Kind == matrix.InputBinary:
		return "The program is compiled by " + u.Toolchain + ", which decides here."
	default:
		return "The go command here would compile the program with " + u.Toolchain + ", which decides here."
	}
}

// hint says how the releases fare that some code is nearest to.
func hint(u *matrix.Use) string {
	var gists []string
	for _, base := range u.Base {
		gists = append(gists, base.Gist)
	}
	if len(gists) == 0 {
		return ""
	}
	return "A hint, not an answer: " + strings.Join(gists, "; ") + "."
}

// noUse says that no code of the target was found.
func noUse(c *matrix.Check) string {
	if c.Affected == matrix.AffectedFalse {
		return fmt.Sprintf("No code of %s is in any of these modules.", c.Target)
	}
	if c.Looked == 0 {
		return fmt.Sprintf("No module could be searched for code of %s.", c.Target)
	}
	return fmt.Sprintf("No code of %s is in the %s that could be looked at.", c.Target, text.Count(c.Looked, "module"))
}

// result says in a line whether what leaks affects the program.
func result(c *matrix.Check) string { return "Result: " + affected(c.Affected) + "." }

// affected says whether what leaks affects a program.
func affected(a matrix.Affected) string {
	switch a {
	case matrix.AffectedFalse:
		return "not affected"
	case matrix.AffectedTrue:
		return "affected"
	default:
		return "not known"
	}
}

// suiteTitle names a suite and its target: "lib-leaks: example.com/lib".
func suiteTitle(c *matrix.Check) string { return c.Suite + ": " + c.Target }

// together says in a line whether what leaks in some suite affects the program.
func together(all Checks) string {
	var names []string
	for _, c := range all {
		names = append(names, c.Suite)
	}
	return text.List(names) + " together: " + affected(all.Affected()) + "."
}

// todoFor is what heads the list of what can be done about a use.
func todoFor(u *matrix.Use) string {
	if u.Affected == matrix.AffectedFalse {
		return "Nothing needs to be done. To be rid of it all the same:"
	}
	return "What to do:"
}

// notLooked says which modules were not looked at, and which may be missing.
func notLooked(c *matrix.Check) string {
	var sentences, whys []string
	names := make(map[string][]string) // by the reason, in the order of whys
	for _, u := range c.Unseen {
		add(&whys, u.Why)
		names[u.Why] = append(names[u.Why], strings.TrimSpace(u.Module+" "+u.Version))
	}
	for i, why := range whys {
		whys[i] = fmt.Sprintf("%s (%s)", text.Some(names[why], 3), why)
	}
	if len(whys) > 0 {
		sentences = append(sentences, fmt.Sprintf("Not looked at, so that there may be more of it: %s.", text.Some(whys, 3)))
	}
	if c.Partial != "" {
		sentences = append(sentences, capital(c.Partial)+".")
	}
	return strings.Join(sentences, " ")
}

// A help is something that can be done: a sentence, and commands.
type help struct {
	text     string
	commands []string
}

// helps lists what can be done about a use: the fixes of the program if there are any,
// else what the table knows of the release.
func helps(u *matrix.Use) (all []help) {
	if u.Advice == nil {
		return nil
	}
	if len(u.Fixes) == 0 {
		for _, do := range u.Advice.Do {
			all = append(all, help{text: do})
		}
	}
	for _, f := range u.Fixes {
		h := help{text: strings.TrimSuffix(f.Title, "."), commands: f.Commands}
		if len(f.Needs) > 0 {
			h.text += "; it needs " + strings.Join(f.Needs, ", and ")
		}
		if t := f.Tried; t != nil {
			h.text += "; " + outcome(t)
		}
		all = append(all, h)
	}
	if len(u.Fixes) > 0 {
		for _, names := range []struct {
			what      string
			scenarios []string
		}{{"workarounds", u.Advice.Works}, {"what does not help", u.Advice.Fails}} {
			if len(names.scenarios) > 0 {
				all = append(all, help{text: names.what + ": " + text.List(names.scenarios)})
			}
		}
	}
	if how := untried(u.Fixes); how != "" {
		all = append(all, help{text: how})
	}
	for _, note := range u.FixNotes {
		all = append(all, help{text: strings.TrimSuffix(note, ".")})
	}
	return all
}

// untried says how fixes can be tried and applied that were not tried. It says nothing
// if they are for a program whose files are not known.
func untried(fixes []matrix.Fix) string {
	var names []string
	for _, f := range fixes {
		if f.Tried != nil {
			return ""
		}
		if len(f.Edits) > 0 {
			names = append(names, f.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "none of this was tried: `--try` compiles the program with each of them, and `--write NAME` applies one: " + text.List(names)
}

// outcome says what trying a fix showed.
func outcome(t *matrix.Attempt) string {
	switch {
	case t.Unknown:
		return "it could not be tried: " + t.Error
	case !t.OK:
		return "tried, and it does not work: " + t.Error
	}
	parts := []string{"tried, and it compiles"}
	if len(t.Changes) > 0 {
		parts = append(parts, "it changes "+text.Some(t.Changes, 5))
	}
	return strings.Join(append(parts, t.Notes...), "; ")
}
