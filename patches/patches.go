// Package patches ships the local patches to the targets of shipped suites. Each
// patch is a folder, named after what the patch does, with a unified diff for each
// range of releases. Patches can be combined in any order: no two of them change
// the same lines, or need them as context. README.md says more about them, and
// .github/CONTRIBUTING.md how to add one.
package patches

import "embed"

// Files contains the folders of all patches.
//
//go:embed */*.patch
var Files embed.FS
