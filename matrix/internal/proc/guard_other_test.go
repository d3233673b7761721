//go:build !linux

package proc_test

func playGuarded(string) {}
