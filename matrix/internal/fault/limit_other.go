//go:build !unix

package fault

// cpuLimited reports false: there is no such limit.
func cpuLimited() bool { return false }
