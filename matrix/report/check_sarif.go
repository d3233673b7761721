package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// project is where people read about matrixrun.
const project = "https://github.com/matrixrun/matrixrun"

// CheckSARIF writes what a check found as SARIF 2.1.0, for code scanning: a run for each
// suite. A leak that the program can reach points at the call, with the path to it as code
// flow; every other finding points at the line of the go.mod that decides.
func CheckSARIF(w io.Writer, all Checks) error {
	report := sarif.NewReport()
	for _, c := range all {
		run := sarifRun(c)
		if len(all) > 1 {
			// Code scanning tells runs of one tool apart by this alone (SARIF 2.1.0, 3.17.2).
			run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("matrixrun/" + plain(c.Suite) + "/"))
		}
		report.AddRun(run)
	}
	var doc bytes.Buffer
	e := json.NewEncoder(&doc)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(report); err != nil {
		return fmt.Errorf("encoding SARIF: %w", err)
	}
	_, err := io.WriteString(w, text.HarmlessJSON(doc.String()))
	return err
}

// sarifRun returns what one suite found.
func sarifRun(c *matrix.Check) *sarif.Run {
	run := sarif.NewRunWithInformationURI("matrixrun", project)
	if c.Matrixrun != "" {
		run.Tool.Driver.WithVersion(plain(c.Matrixrun))
	}
	rules := make(map[string]int)
	for _, f := range checkFindings(c) {
		index, ok := rules[f.rule]
		if !ok {
			index = len(rules)
			rules[f.rule] = index
			run.Tool.Driver.AddRule(sarifRule(c, f.rule))
		}
		run.AddResult(sarifResult(c, f).WithRuleIndex(index))
	}
	return run
}

// sarifRule describes a scenario, or one of the rules that are about none.
func sarifRule(c *matrix.Check, name string) *sarif.ReportingDescriptor {
	about := map[string]string{
		ruleNotMeasured: "the build has code of " + c.Target + " that was not measured",
		ruleNotSeen:     "modules of the build could not be searched for code of " + c.Target,
		ruleToolchain:   "the verdicts on " + c.Target + " hold for builds with one version of Go",
		rulePartial:     "the build may have modules that the input does not list",
	}
	for _, s := range c.Scenarios {
		about[s.Name] = s.Title
	}
	rule := sarif.NewReportingDescriptor().WithID(plain(name)).WithHelpURI(project)
	if about[name] != "" {
		rule.WithShortDescription(sarif.NewMultiformatMessageString().WithText(plain(about[name])))
	}
	if family := matrix.FamilyOf(c.Families, name); family != nil {
		rule.WithFullDescription(sarif.NewMultiformatMessageString().WithText(plain(upper(inWords(family)))))
		rule.WithProperties(sarif.NewPropertyBag().Add("family", plain(family.Name)))
	}
	return rule
}

// sarifResult makes a result of a finding.
func sarifResult(c *matrix.Check, f checkFinding) *sarif.Result {
	r := sarif.NewResult().WithRuleID(plain(f.rule)).WithLevel(f.level).WithMessage(sarif.NewTextMessage(plain(f.message())))
	// The same finding gets the same fingerprint when lines move or versions change.
	id := strings.Join([]string{c.Suite, f.rule, f.module}, "\x00")
	r.WithPartialFingerprints(map[string]string{"matrixrun/v1": fmt.Sprintf("%x", sha256.Sum256([]byte(id)))})
	own := ownCalls(f.calls)
	for i, p := range f.places {
		place := sarifLocation(p)
		if i == 0 && len(own) == 0 {
			r.AddLocation(place)
			continue
		}
		r.AddRelatedLocation(place.WithID(i + 1).WithMessage(sarif.NewTextMessage("what is built")))
	}
	if len(own) > 0 {
		r.AddLocation(sarifLocation(own[0].Position))
	}
	for _, call := range own {
		flow := sarif.NewThreadFlow()
		step := sarifLocation(call.Position).WithMessage(sarif.NewTextMessage(plain(flowText(call))))
		r.AddCodeFlow(sarif.NewCodeFlow().AddThreadFlow(flow.AddLocation(sarif.NewThreadFlowLocation().WithLocation(step))))
	}
	return r
}

// flowText says how the program gets to a call.
func flowText(call matrix.Call) string {
	message := call.From + " calls " + call.API
	if len(call.Path) > 0 {
		message += ", by " + strings.Join(call.Path, " > ")
	}
	return message
}

// sarifLocation is a line of a file. A relative path stays relative: a code scanning
// service takes it from the root of the repository.
func sarifLocation(p matrix.Position) *sarif.Location {
	at := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewArtifactLocation().WithURI(fileURI(p.File)))
	if p.Line > 0 {
		at.WithRegion(sarif.NewRegion().WithStartLine(p.Line))
	}
	return sarif.NewLocation().WithPhysicalLocation(at)
}

// fileURI returns the URI reference of a file, escaped.
func fileURI(file string) string {
	file = plain(file)
	if path.IsAbs(file) {
		return (&url.URL{Scheme: "file", Path: file}).String()
	}
	return (&url.URL{Path: path.Clean(file)}).String()
}
