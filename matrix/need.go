package matrix

import (
	"errors"
	"go/token"
	"path"
	"strings"

	"golang.org/x/mod/module"
)

// A Need is an API of the target that a program must call to get to what a scenario
// does. It lists the names that the API has or had in the releases, as ParseAPI reads
// them. A call of any of them will do.
type Need []string

// An API is a function of the target, or a method of one of its types. If the type is
// an interface, the method is that of all types of the target that implement it.
type API struct {
	Folder string // of the package, relative to the module; empty for the module's own folder
	Type   string // empty for a function
	Name   string
}

// errAPI says how the name of an API is written.
var errAPI = errors.New("want a function such as Dial, a method such as Conn.Close, or one of a package below the module such as http3.Transport.Dial")

// ParseAPI reads the name of an API: the folder of its package unless that is the
// module's own, the type of a method, and its name, with dots between them. Types and
// functions are exported.
func ParseAPI(name string) (API, error) {
	dir, last := path.Split(name)
	parts := strings.Split(last, ".")
	n := len(parts)
	if !exported(parts[n-1]) {
		return API{}, errAPI
	}
	a := API{Name: parts[n-1]}
	if n--; n > 0 && exported(parts[n-1]) {
		n--
		a.Type = parts[n]
	}
	if n == 0 && dir == "" {
		return a, nil
	}
	a.Folder = dir + strings.Join(parts[:n], ".")
	if module.CheckImportPath(a.Folder) != nil {
		return API{}, errAPI
	}
	return a, nil
}

// exported reports whether a name is an exported identifier.
func exported(name string) bool { return token.IsIdentifier(name) && token.IsExported(name) }
