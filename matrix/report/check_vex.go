package report

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/openvex/go-vex/pkg/vex"
	"github.com/package-url/packageurl-go"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// vexContext is the version of the format.
const vexContext = "https://openvex.dev/ns/v0.2.0"

// CheckVEX writes a check as OpenVEX: a statement for each release of the target in
// the build and each probe of each suite. The product is the program.
//
//	affected             it leaks, and the program gets there, or nobody knows whether it does
//	not_affected         what matrix.Check.Conclude has a proof of: it was measured and is
//	                     clean, or it cannot happen in the release, or the program does not
//	                     get there, or no code of the target is built
//	under_investigation  everything else, and what is clean if the go command here compiles
//	                     the program, and may not be with another toolchain
//
// The time of the document is that of the last measurement.
func CheckVEX(w io.Writer, all Checks) error {
	var measured time.Time
	var tools []string
	for _, c := range all {
		if c.Generated.After(measured) {
			measured = c.Generated.UTC()
		}
		add(&tools, strings.TrimSpace("matrixrun "+c.Matrixrun))
	}
	doc := vex.VEX{Metadata: vex.Metadata{
		Context: vexContext, Author: "matrixrun check", Timestamp: &measured, Version: 1, Tooling: plain(text.List(tools)),
	}}
	for _, c := range all {
		for _, probe := range c.Probes {
			doc.Statements = append(doc.Statements, statements(c, probe)...)
		}
	}
	if _, err := doc.GenerateCanonicalID(); err != nil {
		return fmt.Errorf("making OpenVEX: %w", err)
	}
	var out bytes.Buffer
	if err := doc.ToJSON(&out); err != nil {
		return fmt.Errorf("making OpenVEX: %w", err)
	}
	_, err := io.WriteString(w, text.HarmlessJSON(out.String()))
	return err
}

// statements says of one probe how it is with every use of the target.
func statements(c *matrix.Check, probe string) (all []vex.Statement) {
	about := vex.Vulnerability{Name: vex.VulnerabilityID(vulnerabilityID(c.Suite, probe))}
	if i := slices.IndexFunc(c.Scenarios, func(s matrix.Scenario) bool { return s.Name == probe }); i >= 0 {
		about.Description = plain(c.Scenarios[i].Title)
	}
	if family := matrix.FamilyOf(c.Families, probe); family != nil {
		about.Description = plain(strings.TrimSpace(upper(inWords(family)) + " " + about.Description))
	}
	for i := range c.Uses {
		s := statement(c, &c.Uses[i], probe)
		s.Vulnerability, s.Products = about, products(c, purl(c.Uses[i].Built()))
		all = append(all, s)
	}
	rest := vex.Statement{Vulnerability: about, Products: products(c, purl(c.Target, "")), Status: vex.StatusUnderInvestigation, StatusNotes: plain(notLooked(c))}
	switch {
	case len(c.Uses) > 0 && rest.StatusNotes == "":
		return all
	case len(c.Uses) == 0:
		rest.StatusNotes = strings.TrimSpace(plain(noUse(c)) + " " + rest.StatusNotes)
		if c.Affected == matrix.AffectedFalse {
			rest.Status, rest.Justification = vex.StatusNotAffected, vex.ComponentNotPresent
		}
	}
	return append(all, rest)
}

// statement says how a use of the target fares in a probe.
func statement(c *matrix.Check, u *matrix.Use, probe string) vex.Statement {
	absent := func(notes string) vex.Statement {
		return vex.Statement{Status: vex.StatusNotAffected, Justification: vex.VulnerableCodeNotPresent, StatusNotes: plain(notes)}
	}
	switch u.AnswerFor(probe) {
	case matrix.AnswerUnaffected:
		return absent(u.Unaffected)
	case matrix.AnswerClean:
		why := u.Advice.Row + " was measured, and " + c.Words.Complete().Clean.One + " in " + probe
		if by := compiledBy(c, u); by != "" {
			why += ". " + by
		}
		s := absent(why)
		if u.Toolchain != "" && c.Input.Kind != matrix.InputBinary {
			s.Status, s.Justification = vex.StatusUnderInvestigation, "" // others may compile it otherwise
		}
		return s
	case matrix.AnswerUntestable:
		return absent(u.Advice.Row + " was tried in " + probe + ", and no trial got as far, as the suite expects")
	case matrix.AnswerNotReached:
		f := probeFinding(c, u, probe, "")
		return vex.Statement{Status: vex.StatusNotAffected, Justification: vex.VulnerableCodeNotInExecutePath, StatusNotes: plain(f.message())}
	case matrix.AnswerLeaks:
		do := doText(u)
		if do == "" {
			do = "nothing that was measured helps"
		}
		f := probeFinding(c, u, probe, "")
		return vex.Statement{Status: vex.StatusAffected, ActionStatement: plain(do), StatusNotes: plain(f.message())}
	default:
		why := u.Unknown
		if u.Advice != nil {
			why = u.Advice.Gist
		}
		return vex.Statement{Status: vex.StatusUnderInvestigation, StatusNotes: plain(why)}
	}
}

// products are the main modules of the program, with the target as their part. For a
// version without a program it is the target itself.
func products(c *matrix.Check, target string) (all []vex.Product) {
	for _, main := range c.Main {
		p := vex.Product{Component: vex.Component{ID: purl(main, "")}}
		if target != "" {
			p.Subcomponents = []vex.Subcomponent{{Component: vex.Component{ID: target}}}
		}
		all = append(all, p)
	}
	if len(all) == 0 && target != "" {
		all = append(all, vex.Product{Component: vex.Component{ID: target}})
	}
	return all
}

// purl returns the package URL of a Go module. The version may be empty.
func purl(module, version string) string {
	namespace, name := path.Split(plain(module))
	return packageurl.NewPackageURL(packageurl.TypeGolang, strings.TrimSuffix(namespace, "/"), name, plain(version), nil, "").ToString()
}
