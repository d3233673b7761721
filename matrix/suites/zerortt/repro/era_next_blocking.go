//go:build era027 || era029 || era032 || era034 || era035 || era037 || era040
// +build era027 era029 era032 era034 era035 era037 era040

package main

import "context"

// From v0.27 to v0.44 NextConnection took no context, and could not fail.
func nextConnection(_ context.Context, c earlyConnection) (connection, error) {
	return c.NextConnection(), nil
}
