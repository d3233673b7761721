package content

import (
	"encoding/json"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modcache"
)

// Known returns releases with the checksums and times that the go command keeps in its
// module cache, for those that have none and are there. Such a checksum serves to look a
// release up in the record: whoever builds the release verifies its zip.
func Known(releases []matrix.Release) []matrix.Release {
	cache := ModuleCache()
	out := make([]matrix.Release, len(releases))
	for i, r := range releases {
		if r.Sum == "" {
			r.Sum, r.Time = known(cache, module.Version{Path: r.Module, Version: r.Version})
		}
		out[i] = r
	}
	return out
}

// known returns the checksum and the time of a module version; nothing unless the cache
// has both.
func known(cache string, mod module.Version) (sum string, at time.Time) {
	var info struct{ Time time.Time }
	if data := downloaded(cache, mod, ".info"); json.Unmarshal(data, &info) != nil {
		return "", at
	}
	sum = strings.TrimSpace(string(downloaded(cache, mod, ".ziphash")))
	if !strings.HasPrefix(sum, "h1:") {
		return "", at
	}
	return sum, info.Time.UTC()
}

// downloaded returns a small file of the module cache, or nothing.
func downloaded(cache string, mod module.Version, ext string) []byte {
	name, err := modcache.File(cache, mod, ext)
	if err != nil {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return data
}
