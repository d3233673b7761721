// Package content recognises code of the target by what is in it, whatever its module is
// called: a fork, a copy in a folder of another module, a vendor folder, a folder that a
// replace line names.
//
//	zips of the releases     Add       -> *Index             what the files of each release contain
//	*Index                   Format    -> releases.index     part of a suite, next to releases.lock
//	*Index, *Program         Modules   -> []Finding          the code of the target in the modules of a build
//	*Index, code             Search    -> []matrix.Likeness  each copy of the target in one module
//	                         Compare   -> matrix.Likeness    of code that is in the target's place
//
// A file is equal to one of a release if their texts are, apart from the path of the
// module, which each of them has in its imports. Forks also change layout, comments and
// the order of imports, and edit files. So functions are compared, too: the words of
// each, without comments. They alone decide whether code is the target's. Licence
// headers, generated lists and short functions, which unrelated code shares, do not count.
//
// A copy has at least a fiftieth of the functions of a release. For a library with 1,900
// functions, that is 38. Each of nine forks of such a library had more than 1,300 functions
// in common with a release, and a client that contains a copy of one of its packages had 85.
// Of 2,300 other modules, none had more than 28, although one is the origin of one of its
// packages, and two contain its congestion control.
//
// Nothing of the code is run or written, no link to a folder is followed, and what is read
// is bounded.
package content

import "io/fs"

// Code is the files of one module.
type Code struct {
	Files fs.FS
	Path  string   // the module's
	Skip  []string // folders with other modules, as below a vendor folder

	// Ignored are folders with packages that are built although their names, such as
	// testdata, keep patterns from matching them.
	Ignored []string
}
