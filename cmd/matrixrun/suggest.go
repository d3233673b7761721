package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// wanted says what a flag takes, by the name that pflag has for its type.
var wanted = map[string]string{"int": "a number", "duration": "a time such as 30s", "bool": "true or false"}

// wrongFlag returns the error for wrong flags on a command line. For an unknown
// flag, the error names the commands that have that flag, or the nearest flag of
// this command. For a wrong value, it says which ones there are.
func wrongFlag(c *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && wanted[invalid.GetFlag().Value.Type()] != "" {
		return usage(c, fmt.Errorf("--%s %q: want %s", invalid.GetFlag().Name, invalid.GetValue(), wanted[invalid.GetFlag().Value.Type()]))
	}
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

// flagOwners returns the names of the commands that have a flag.
func flagOwners(root *cobra.Command, name string) (owners []string) {
	for _, c := range root.Commands() {
		if f := c.LocalFlags().Lookup(name); f != nil && name != "help" {
			owners = append(owners, c.Name())
		}
	}
	return owners
}

// didYouMean returns the end of a message about an unknown word: the nearest known
// word, in the given format, or "" if no known word is near.
func didYouMean(format, word string, known []string) string {
	nearest, ok := text.Nearest(word, known)
	if !ok {
		return ""
	}
	return fmt.Sprintf(": did you mean "+format+"?", nearest)
}
