package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix/text"
)

func newMan() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "man",
		Short: "Write the man pages",
		Long: `man writes a man page for each command, such as matrixrun-run.1, and for each topic of
matrixrun help, such as matrixrun-verdicts.7. Pages from one program are the same
bytes each time: their date is that of $SOURCE_DATE_EPOCH, where it is set.`,
		Example: `  matrixrun man -o man
  matrixrun man -o ~/.local/share/man`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usage(c, fmt.Errorf("want -o DIR, to write the pages to"))
			}
			date, err := sourceDate(os.Getenv("SOURCE_DATE_EPOCH"))
			if err != nil {
				return err
			}
			return writePages(out, manPages(c.Root(), date), c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write the pages to the folders man1 and man7 in a `DIR`")
	return c
}

// sourceDate reads a date as https://reproducible-builds.org/specs/source-date-epoch
// has it; without one the pages have none.
func sourceDate(epoch string) (string, error) {
	if epoch == "" {
		return "", nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return "", wrongInput("SOURCE_DATE_EPOCH=%q: want a number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
}

// A manPage is a file of the system's manual.
type manPage struct {
	name    string // such as "matrixrun-run"
	section int
	text    []byte
}

// file is where a page belongs below a folder such as /usr/share/man.
func (p manPage) file() string {
	return filepath.Join(fmt.Sprintf("man%d", p.section), fmt.Sprintf("%s.%d", p.name, p.section))
}

// manPages makes all pages, in the order of the help.
func manPages(root *cobra.Command, date string) []manPage {
	pages := []manPage{programPage(root, date)}
	for _, name := range commandNames(root) {
		if c, _, err := root.Find([]string{name}); err == nil {
			pages = append(pages, commandPage(c, date))
		}
	}
	for _, t := range topics {
		if t.heading != "" { // the whole manual is all the other pages
			pages = append(pages, topicPage(root, t, date))
		}
	}
	return pages
}

// writePages writes pages below a folder, each whole or not at all.
func writePages(dir string, pages []manPage, stderr io.Writer) error {
	for _, p := range pages {
		file := filepath.Join(dir, p.file())
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return fmt.Errorf("making a folder for the man pages: %w", err)
		}
		if err := maybe.WriteFile(file, p.text, 0o666); err != nil {
			return fmt.Errorf("writing %s: %w", file, err)
		}
	}
	fmt.Fprintf(stderr, "wrote %s to %s\n", text.Count(len(pages), "man page"), dir)
	return nil
}

// programPage is the page that matrixrun(1) opens.
func programPage(root *cobra.Command, date string) manPage {
	r := newRoff(root.Name(), 1, date)
	r.section("Name")
	r.line(root.Name() + ` \- ` + escapeRoff(lowerFirst(root.Short)))
	r.section("Synopsis")
	r.line(`.B ` + root.Name() + "\n" + `.I COMMAND` + "\n" + escapeRoff("[ARGUMENTS] [FLAGS]"))
	r.section("Description")
	r.blocks(readManual()[0].blocks, false)
	for _, g := range groups {
		r.section(g.title)
		for _, name := range g.commands {
			if c, _, err := root.Find([]string{name}); err == nil && c != root {
				r.item(bold(root.Name()+"-"+name)+"(1)", c.Short)
			}
		}
	}
	r.section("Topics")
	for _, t := range topics {
		if t.heading != "" {
			r.item(bold(root.Name()+"-"+t.name)+"(7)", t.about)
		}
	}
	r.section("Options")
	root.InitDefaultVersionFlag()
	r.flags(root.LocalFlags(), nil)
	r.exitStatus()
	return manPage{root.Name(), 1, r.bytes()}
}

// commandPage tells of a command: what its section of the manual does, where it
// has one, or else its help, with each flag in the fuller of both wordings.
func commandPage(c *cobra.Command, date string) manPage {
	name := c.Root().Name() + "-" + c.Name()
	r := newRoff(name, 1, date)
	r.section("Name")
	r.line(escapeRoff(name) + ` \- ` + escapeRoff(lowerFirst(c.Short)))
	r.section("Synopsis")
	r.line(".B " + c.Root().Name() + "\n" + escapeRoff(c.Use+" [FLAGS]"))
	r.section("Description")
	blocks, told := commandSection(c)
	if blocks == nil {
		blocks = parseProse(c.Long)
	}
	r.blocks(blocks, false)
	r.section("Options")
	r.flags(c.LocalFlags(), told)
	if c.HasExample() {
		r.section("Examples")
		r.code(dedent(c.Example))
	}
	r.exitStatus()
	r.seeAlso(c.Root(), c.Name())
	return manPage{name, 1, r.bytes()}
}

// topicPage tells of a topic.
func topicPage(root *cobra.Command, t topic, date string) manPage {
	name := root.Name() + "-" + t.name
	r := newRoff(name, 7, date)
	r.section("Name")
	r.line(escapeRoff(name) + ` \- ` + escapeRoff(t.about))
	r.section("Description")
	for _, s := range t.sections() {
		r.blocks(s.blocks, false)
	}
	r.seeAlso(root, t.name)
	return manPage{name, 7, r.bytes()}
}
