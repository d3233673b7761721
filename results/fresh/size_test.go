package main

import (
	"path"
	"testing"
)

// maxSize returns how many bytes a published page may have. More than 500,000 take too long
// on a phone. The 88 releases that there were in November 2026 leave a fifth of that to
// later ones, of which each takes about 3,000 with its patched build.
func maxSize(releases int) int { return min(500_000, 400_000+3_500*max(0, releases-88)) }

// TestSize checks the size of each page, as it is published.
func TestSize(t *testing.T) {
	tr := tree{root: "../.."}
	k, err := tr.read()
	if err != nil {
		t.Fatal(err)
	}
	made, err := tr.documents(k)
	if err != nil {
		t.Fatal(err)
	}
	pages, most := 0, maxSize(len(k.plain.Rows))
	for _, d := range made {
		if path.Ext(d.file) != ".html" {
			continue
		}
		pages++
		t.Logf("%s has %d bytes", d.file, len(d.data))
		if len(d.data) > most {
			t.Errorf("%s has %d bytes, want %d at most", d.file, len(d.data), most)
		}
	}
	if pages < 4 {
		t.Errorf("%d pages, want those of both suites, of the forks and against the newest servers", pages)
	}
}
