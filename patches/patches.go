// Package patches ships the local patches to the targets of shipped suites: a
// folder a patch, named after what it does, and in it a unified diff for each
// range of releases. They can be combined in any order: no two of them touch, or
// need for context, the same lines. What each is for, and how to add one, is told
// in README.md.
package patches

import "embed"

// Files holds the patches' folders.
//
//go:embed */*.patch
var Files embed.FS
