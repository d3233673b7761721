//go:build !(era020 || era021 || era027 || era029 || era032 || era034 || era035 || era037 || era040)
// +build !era020,!era021,!era027,!era029,!era032,!era034,!era035,!era037,!era040

package main

import "context"

// nextConnection returns the connection that follows the rejected attempt.
func nextConnection(ctx context.Context, c earlyConnection) (connection, error) {
	return c.NextConnection(ctx)
}
