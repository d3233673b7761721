package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// wrongFlag words what is wrong with the flags of a command line. One that is not
// this command's may be a misspelt one, or another command's.
func wrongFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return usage(c, err)
	}
	name := unknown.GetSpecifiedName()
	var own []string
	c.Flags().VisitAll(func(f *pflag.Flag) { own = append(own, f.Name) })
	hint := didYouMean("--%s", name, own)
	if owners := flagOwners(c.Root(), name); len(owners) > 0 {
		hint = ": it is a flag of " + strings.Join(owners, ", ")
	}
	return usage(c, fmt.Errorf("%w%s", err, hint))
}

// flagOwners lists the commands that have a flag.
func flagOwners(root *cobra.Command, name string) (owners []string) {
	for _, c := range root.Commands() {
		if f := c.LocalFlags().Lookup(name); f != nil && name != "help" {
			owners = append(owners, c.Name())
		}
	}
	return owners
}

// didYouMean asks whether the known word that is nearest to one was meant, or is
// empty where none is near.
func didYouMean(format, word string, known []string) string {
	best, least := "", 3 // from so many letters on it is another word
	for _, k := range known {
		d := distance(strings.ToLower(word), k)
		if word != "" && strings.HasPrefix(k, strings.ToLower(word)) {
			d = 1
		}
		if d < least && d < len(k) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean "+format+"?", best)
}

// distance is how many letters must be added, dropped, changed, or swapped with
// the next one to make one word of another.
func distance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last = last, slices.Clone(row)
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
