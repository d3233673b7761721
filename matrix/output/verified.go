package output

import (
	"context"
	"encoding/json"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
)

// VerifiedFile is the name of the file in which the command verify leaves what came out,
// next to results.json.
const VerifiedFile = "verified.json"

// Verified reads what the last verification of RESULTS came to, as a command line names
// them. It returns nil if there is no such file, or if that is about earlier results.
func Verified(ctx context.Context, name string, r *matrix.Results) (*matrix.Verification, error) {
	file := filepath.Join(folderOf(name), VerifiedFile)
	if name == "" || !isRegular(file) {
		return nil, nil
	}
	data, err := await(ctx, file)
	v := new(matrix.Verification)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		return nil, unreadable(file, "what `matrixrun verify` wrote", err)
	}
	if !v.Of(r) {
		return nil, nil
	}
	return v, nil
}
