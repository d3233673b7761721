package main

import (
	"path"
	"testing"
)

// maxSize is how many bytes a published page may have. A release and its patched build take
// about 3,000, and more than 500,000 take too long on a phone: there is room for the
// releases of a year or two.
const maxSize = 400_000

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
	pages := 0
	for _, d := range made {
		if path.Ext(d.file) != ".html" {
			continue
		}
		pages++
		t.Logf("%s has %d bytes", d.file, len(d.data))
		if len(d.data) > maxSize {
			t.Errorf("%s has %d bytes, want %d at most", d.file, len(d.data), maxSize)
		}
	}
	if pages < 4 {
		t.Errorf("%d pages, want those of both suites, of the forks and against the newest servers", pages)
	}
}
