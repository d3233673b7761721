package merge

import (
	"fmt"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestScale joins 1,000 rows from as many shards as GitHub allows jobs in a matrix. It
// takes long if something is quadratic.
func TestScale(t *testing.T) {
	var ids []string
	for i := range 1000 {
		ids = append(ids, fmt.Sprintf("v0.%d.0", i))
	}
	var ends []int
	for i := 1; i < 256; i++ {
		ends = append(ends, i*1000/256)
	}
	got, err := Join(cut(whole(ids...), matrix.EvidenceEnds, append(ends, 1000)...))
	if err != nil || len(got.Rows) != 1000 {
		t.Fatal(err)
	}
}
