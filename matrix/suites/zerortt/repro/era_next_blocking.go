//go:build era027 || era029 || era032 || era034 || era035 || era037 || era040
// +build era027 era029 era032 era034 era035 era037 era040

package main

import "context"

// nextConnection returns the connection that follows the rejected attempt.
// From v0.27 to v0.44 NextConnection takes no context and cannot fail.
func nextConnection(_ context.Context, c earlyConnection) (connection, error) {
	return c.NextConnection(), nil
}
