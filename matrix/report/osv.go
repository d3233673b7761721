package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// OSV writes records in the Open Source Vulnerability format 1.6.0, as an array: one
// for each group of probes that are in one family, if there are families, and leak in the
// same releases. If no probe leaks, the array is empty.
//
// A record says what was measured and no more. Its versions are the tested releases
// that leak. A range joins those that follow each other. If the release after them is
// clean, the range ends there as fixed. If nothing is known of that release, or it was not
// tried, or no release follows, the range ends as last_affected at the last one that
// leaks. What ranges cannot say is in database_specific: changes between releases that are not
// neighbours, as gaps; releases that were tried without a verdict, as unknown; and releases for
// which the toolchain decides. Rows with patches are not releases, and are left out. There is no
// severity, because none was measured.
func OSV(w io.Writer, g *matrix.Grid) error {
	records := osvRecords(g)
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false)
	if err := e.Encode(listed(records)); err != nil {
		return err
	}
	_, err := io.WriteString(w, text.HarmlessJSON(string(codec.Indent(compact.Bytes(), osvDepth))))
	return err
}

// osvDepth is the depth of the objects that are written on one line: the trials of
// a release.
const osvDepth = 6

// osvSchema is the version of the format.
const osvSchema = "1.6.0"

// The parts of a record, with the names of the format.
type (
	osvRecord struct {
		SchemaVersion string        `json:"schema_version"`
		ID            string        `json:"id"`
		Modified      string        `json:"modified"`
		Related       []string      `json:"related,omitempty"` // the advisories that the probes were compared with
		Summary       string        `json:"summary"`
		Details       string        `json:"details"`
		Affected      []osvAffected `json:"affected"`
		Specific      osvSpecific   `json:"database_specific"`
	}
	osvAffected struct {
		Package  osvPackage `json:"package"`
		Ranges   []osvRange `json:"ranges"`
		Versions []string   `json:"versions"`
	}
	osvPackage struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	}
	osvRange struct {
		Type   string              `json:"type"`
		Events []map[string]string `json:"events"` // each with one key
	}
	// An osvSpecific is the evidence. The format leaves its form to the writer.
	osvSpecific struct {
		Suite        string        `json:"suite"`
		Matrixrun    string        `json:"matrixrun"`
		Reproduction string        `json:"reproduction"`
		Server       string        `json:"server,omitempty"`
		Tested       [2]string     `json:"tested"`           // the oldest and the newest release
		Gaps         []osvGap      `json:"gaps,omitempty"`   // changes of which nobody ran the release that made them
		Family       *osvFamily    `json:"family,omitempty"` // that the probes belong to
		Probes       []osvMeasured `json:"probes"`

		Toolchains []osvToolchain `json:"toolchains,omitempty"` // releases of which they decide
	}
	osvFamily struct {
		Name        string `json:"name"`
		Title       string `json:"title"`
		Consequence string `json:"consequence"`
		Condition   string `json:"condition"`
	}
	osvGap struct {
		Change  string `json:"change"`
		After   string `json:"after"`
		Before  string `json:"before"`
		Untried int    `json:"untried"`
	}
	// An osvToolchain is a release that toolchains other than that of the record's verdicts
	// make behave otherwise.
	osvToolchain struct {
		Probe     string `json:"probe"`
		Version   string `json:"version"`
		Verdict   string `json:"verdict"`
		Toolchain string `json:"toolchain"` // that compiled the release for the verdict
		Otherwise string `json:"otherwise"` // a clause
	}
	osvMeasured struct {
		Name     string     `json:"name"`
		Title    string     `json:"title"`
		Measured []osvTried `json:"measured"`

		Unknown []osvUnknown `json:"unknown,omitempty"`
	}
	// An osvUnknown is a series of releases without a verdict. They are in no range, so a
	// scanner takes them for unaffected.
	osvUnknown struct {
		After   string   `json:"after,omitempty"`  // the last release before them with a verdict
		Before  string   `json:"before,omitempty"` // the first release after them with a verdict
		Tried   []string `json:"tried"`            // none if the releases around leak, and none between was tried
		Untried int      `json:"untried"`          // releases between After and Before that were not tried
		Why     []string `json:"why"`              // what came of those that were tried
	}
	osvTried struct {
		Version  string          `json:"version"`
		Leaks    int             `json:"leaks"`
		Trials   int             `json:"trials"`
		Interval *[2]float64     `json:"interval"`
		Severity matrix.Severity `json:"worst_seen,omitempty"`
		From     string          `json:"trials_from,omitempty"` // where the trials ran, if elsewhere
	}
)

// osvRecords makes a record for each group of probes that leak in the same releases.
func osvRecords(g *matrix.Grid) (records []osvRecord) {
	rows := releasesOf(g)
	ids := make(map[string]bool)
	for column, s := range g.Columns {
		if s.Kind != matrix.KindProbe {
			continue
		}
		affected := osvAffects(rows, g.Untried, column)
		if len(affected) == 0 {
			continue
		}
		probe, gaps, family := osvProbe(rows, column, s), osvGaps(g, s.Name), osvFamilyOf(g, s.Name)
		probe.Unknown = osvUnknowns(g, rows, column)
		same := func(r osvRecord) bool {
			return reflect.DeepEqual(r.Affected, affected) && slices.Equal(r.Specific.Gaps, gaps) && reflect.DeepEqual(r.Specific.Family, family)
		}
		if i := slices.IndexFunc(records, same); i >= 0 {
			is := &records[i].Specific
			is.Probes, is.Toolchains = append(is.Probes, probe), append(is.Toolchains, osvToolchains(g, rows, column)...)
			continue
		}
		records = append(records, osvRecord{
			SchemaVersion: osvSchema,
			ID:            osvID(g.Suite, s.Name, ids),
			Modified:      g.Generated.UTC().Format(time.RFC3339),
			Affected:      affected,
			Specific: osvSpecific{
				Suite: plain(g.Suite), Matrixrun: plain(g.Matrixrun), Reproduction: plain(g.Reproduction), Server: osvServer(rows),
				Tested: [2]string{bare(rows[0]), bare(rows[len(rows)-1])},
				Gaps:   gaps,
				Family: family,
				Probes: []osvMeasured{probe},

				Toolchains: osvToolchains(g, rows, column),
			},
		})
	}
	for i := range records {
		r := &records[i]
		r.Summary, r.Details = osvTexts(g, r)
		r.relate(g)
	}
	return records
}

// relate adds the advisories that the probes of the record were compared with, and what came
// of it.
func (r *osvRecord) relate(g *matrix.Grid) {
	for i := range g.Published {
		p := &g.Published[i]
		if !slices.ContainsFunc(r.Specific.Probes, func(m osvMeasured) bool {
			return slices.ContainsFunc(p.Scenarios, func(name string) bool { return m.Name == plain(name) })
		}) {
			continue
		}
		if len(r.Related) == 0 {
			r.Details += "\n" + PublishedTitle + ":\n\n"
		}
		if !slices.Contains(r.Related, plain(p.ID)) {
			r.Related = append(r.Related, plain(p.ID))
		}
		r.Details += "- " + escape(p.Text) + "\n"
		for _, line := range Disagreements(p) {
			r.Details += "  - " + escape(line) + "\n"
		}
	}
}

// osvFamilyOf returns the family of a probe, nil if it is in none.
func osvFamilyOf(g *matrix.Grid, probe string) *osvFamily {
	f := g.FamilyOf(probe)
	if f == nil {
		return nil
	}
	return &osvFamily{plain(f.Name), plain(f.Title), plain(f.Consequence), plain(f.Condition)}
}

// osvID returns an ID with the name of the record's first probe. It has only the
// characters that databases accept; names that become the same are numbered.
func osvID(suite, scenario string, taken map[string]bool) string {
	id := vulnerabilityID(suite, scenario)
	unique := id
	for n := 2; taken[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", id, n)
	}
	taken[unique] = true
	return unique
}

// vulnerabilityID returns the name of a scenario's leak among vulnerabilities. It has
// only the characters that databases accept.
func vulnerabilityID(suite, scenario string) string {
	return strings.Map(func(c rune) rune {
		if c < 0x80 && (letter(c) || c == '-' || c == '_' || c == '.') {
			return c
		}
		return '-'
	}, "MATRIXRUN-"+suite+"-"+scenario)
}

// osvServer returns the release whose servers all releases ran against. It is empty
// if there is no single one.
func osvServer(rows []*matrix.GridRow) string {
	for _, row := range rows {
		if row.Server != rows[0].Server {
			return ""
		}
	}
	return plain(rows[0].Server)
}

// osvTexts says what a record is about, in a line and as Markdown.
func osvTexts(g *matrix.Grid, record *osvRecord) (summary, details string) {
	probes := record.Specific.Probes
	var out strings.Builder
	family := record.Specific.Family
	switch others := len(probes) - 1; {
	case family != nil:
		summary = fmt.Sprintf("%s: if %s, %s", g.Target, family.Title, family.Consequence)
		fmt.Fprintf(&out, "If %s, %s. That concerns only %s.\n\n", escape(family.Title), escape(family.Consequence), escape(family.Condition))
	case others == 0:
		summary = fmt.Sprintf("%s: %s %s", g.Target, probes[0].Name, g.Words.Leak.One)
	default:
		summary = fmt.Sprintf("%s: %s and %s %s", g.Target, probes[0].Name, text.Count(others, "other probe"), g.Words.Leak.Many)
	}
	out.WriteString("What must not happen, but did:\n\n")
	for _, p := range probes {
		fmt.Fprintf(&out, "- %s: %s\n", escape(p.Name), escape(p.Title))
	}
	fmt.Fprintf(&out, "\nMeasured by matrixrun with its suite %s, which built each of the versions that are listed from source and ran these probes; "+
		"database_specific has how many of the trials %s. It says nothing about releases before %s or after %s, and what lies between two "+
		"tested releases of a range was not tested itself.\n", escape(g.Suite), g.Words.Leak.Past, record.Specific.Tested[0], record.Specific.Tested[1])
	if g.Elsewhere != "" {
		fmt.Fprintf(&out, "\n%s.\n", escape(g.Elsewhere))
	}
	for i, gap := range record.Specific.Gaps {
		if i == 0 {
			out.WriteString("\nNot settled:\n\n")
		}
		fmt.Fprintf(&out, "- %s between %s and %s: %s\n", gap.Change, escape(gap.After), escape(gap.Before), matrix.NotTried(gap.Untried))
	}
	for i, line := range osvNotKnown(probes) {
		if i == 0 {
			out.WriteString("\nNothing is known about these releases, so no range includes them:\n\n")
		}
		out.WriteString("- " + escape(line) + "\n")
	}
	for _, p := range probes {
		if doubt := g.Doubts[p.Name]; doubt != "" {
			out.WriteString("\nNot proven: " + escape(doubt) + ".\n")
		}
	}
	for i, t := range record.Specific.Toolchains {
		if i == 0 {
			out.WriteString("\nEach release was built with one version of Go, and some with others too, which decides here:\n\n")
		}
		fmt.Fprintf(&out, "- %s in %s: %s with %s, %s\n", escape(t.Probe), escape(t.Version), escape(t.Verdict), escape(t.Toolchain), escape(t.Otherwise))
	}
	if server := record.Specific.Server; server != "" {
		fmt.Fprintf(&out, "\nAll of them talked to servers of %s.\n", escape(server))
	}
	return plain(summary), out.String()
}
