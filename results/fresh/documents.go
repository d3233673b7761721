package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/google/renameio/v2/maybe"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// A document is a file with the content that it should have.
type document struct {
	file, of string
	data     []byte
}

// documents returns all documents that are generated from results.
func (t tree) documents(k known) ([]document, error) {
	var made []document
	type origin struct {
		folder  string
		results *matrix.Results
		options page.Options
	}
	all := []origin{
		{published, k.results, page.Options{Near: output.NearForks(k.forks), Index: "../" + indexFile}},
		{againstNewest, k.toNewest, page.Options{Index: "../../" + indexFile}},
		{ofForks, k.forks, page.Options{Near: output.NearReleases(k.results), Index: "../../" + indexFile}},
	}
	for _, o := range k.others {
		all = append(all, origin{o.folder, o.results, page.Options{SuiteArg: o.results.Suite, Index: "../" + indexFile}})
	}
	for _, from := range all {
		v, err := output.Verified(context.Background(), t.path(from.folder), from.results)
		if err != nil {
			return made, err
		}
		from.options.Verified = v
		for _, d := range output.Reports(grid.New(from.results), from.options) {
			var b bytes.Buffer
			if err := d.Write(&b); err != nil {
				return made, fmt.Errorf("making %s: %w", d.Name, err)
			}
			made = append(made, document{file: from.folder + "/" + d.Name, of: resultsFile, data: b.Bytes()})
		}
	}
	texts, err := t.readmes(k)
	return append(made, texts...), err
}

// index returns the page that lists what is published, from the other documents as they
// are in the tree.
func (t tree) index(k known) (document, error) {
	listed, err := output.List(context.Background(), t.path("results"), k.suite.Suite)
	if err != nil {
		return document{}, err
	}
	var b bytes.Buffer
	err = page.WriteIndex(&b, listed)
	return document{file: "results/" + indexFile, of: resultsFile, data: b.Bytes()}, err
}

// write writes the documents that have changed.
func (t tree) write(stderr io.Writer) error {
	k, err := t.read()
	if err != nil {
		return err
	}
	made, err := t.documents(k)
	if err != nil {
		return err
	}
	for _, d := range made {
		if err := t.update(d, stderr); err != nil {
			return err
		}
	}
	index, err := t.index(k)
	if err != nil {
		return err
	}
	return t.update(index, stderr)
}

// update writes a document if it has changed.
func (t tree) update(d document, stderr io.Writer) error {
	if now, err := os.ReadFile(t.path(d.file)); err == nil && bytes.Equal(now, d.data) {
		return nil
	}
	if err := maybe.WriteFile(t.path(d.file), d.data, 0o666); err != nil {
		return err
	}
	fmt.Fprintln(stderr, "wrote", d.file)
	return nil
}
