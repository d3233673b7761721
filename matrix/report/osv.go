package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// OSV writes a list of records in the Open Source Vulnerability format, one for each
// group of probes that leak in the same releases: an array, since the format itself
// is of one record. A list without records is what a clean target has.
//
// A record says what was measured, and no more. Its versions are the tested releases
// that leak. Each of its ranges joins those of them that follow each other in the
// table, and ends with the tested release after them where that is clean: fixed. Where
// of that one nothing is known, or where there is none, it ends with the last that
// leaks: last_affected. Patched rows are no releases, and no severity is made up.
func OSV(w io.Writer, g *matrix.Grid) error {
	records := osvRecords(g)
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false)
	if err := e.Encode(listed(records)); err != nil {
		return err
	}
	_, err := w.Write(codec.Indent(compact.Bytes(), osvDepth))
	return err
}

// osvDepth is in how many objects and lists the trials of a release lie: they stand
// on one line.
const osvDepth = 6

// osvSchema is the version of the format that records are of.
const osvSchema = "1.6.0"

// The parts of a record, by the names of the format.
type (
	osvRecord struct {
		SchemaVersion string        `json:"schema_version"`
		ID            string        `json:"id"`
		Modified      string        `json:"modified"`
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
		Events []map[string]string `json:"events"` // of one key each
	}
	// An osvSpecific is the evidence, which the format leaves to whoever writes it.
	osvSpecific struct {
		Suite        string        `json:"suite"`
		Matrixrun    string        `json:"matrixrun"`
		Reproduction string        `json:"reproduction"`
		Server       string        `json:"server,omitempty"`
		Tested       [2]string     `json:"tested"` // the oldest and the newest release
		Probes       []osvMeasured `json:"probes"`
	}
	osvMeasured struct {
		Name     string     `json:"name"`
		Title    string     `json:"title"`
		Measured []osvTried `json:"measured"`
	}
	osvTried struct {
		Version  string          `json:"version"`
		Leaks    int             `json:"leaks"`
		Trials   int             `json:"trials"`
		Interval *[2]float64     `json:"interval"`
		Severity matrix.Severity `json:"worst_seen,omitempty"`
	}
)

// osvRecords makes a record of each group of probes with one fate.
func osvRecords(g *matrix.Grid) (records []osvRecord) {
	rows := releasesOf(g)
	ids := make(map[string]bool)
	for column, s := range g.Columns {
		if s.Kind != matrix.KindProbe {
			continue
		}
		affected, measured := osvFate(rows, column, s)
		if len(affected) == 0 {
			continue
		}
		found := false
		for i := range records {
			if found = reflect.DeepEqual(records[i].Affected, affected); found {
				records[i].Specific.Probes = append(records[i].Specific.Probes, measured)
				break
			}
		}
		if found {
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
				Probes: []osvMeasured{measured},
			},
		})
	}
	for i := range records {
		records[i].Summary, records[i].Details = osvTold(g, &records[i])
	}
	return records
}

// osvID names a record by its first probe. Databases take few characters; names
// that become the same without the others are numbered.
func osvID(suite, scenario string, taken map[string]bool) string {
	id := strings.Map(func(c rune) rune {
		if c < 0x80 && (letter(c) || c == '-' || c == '_' || c == '.') {
			return c
		}
		return '-'
	}, "MATRIXRUN-"+suite+"-"+scenario)
	unique := id
	for n := 2; taken[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", id, n)
	}
	taken[unique] = true
	return unique
}

// osvServer is the release whose servers all rows were tried against, if it is one.
func osvServer(rows []*matrix.GridRow) string {
	for _, row := range rows {
		if row.Server != rows[0].Server {
			return ""
		}
	}
	return plain(rows[0].Server)
}

// osvTold says what a record is about: in a line, and as Markdown.
func osvTold(g *matrix.Grid, record *osvRecord) (summary, details string) {
	probes := record.Specific.Probes
	var out strings.Builder
	switch others := len(probes) - 1; others {
	case 0:
		summary = fmt.Sprintf("%s: %s leaks", g.Target, probes[0].Name)
	default:
		summary = fmt.Sprintf("%s: %s and %s leak", g.Target, probes[0].Name, text.Count(others, "other probe"))
	}
	out.WriteString("What must not happen, and was seen to:\n\n")
	for _, p := range probes {
		fmt.Fprintf(&out, "- %s: %s\n", escape(p.Name), escape(p.Title))
	}
	fmt.Fprintf(&out, "\nMeasured by matrixrun with its suite %s, which built each of the versions that are listed from source and ran these probes; "+
		"database_specific has how many of the trials leaked. Of releases before %s and after %s it says nothing, and what lies between two "+
		"tested releases of a range was not tested itself.\n", escape(g.Suite), record.Specific.Tested[0], record.Specific.Tested[1])
	if server := record.Specific.Server; server != "" {
		fmt.Fprintf(&out, "\nAll of them talked to servers of %s.\n", escape(server))
	}
	return plain(summary), out.String()
}
