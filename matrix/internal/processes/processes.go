// Package processes lists the processes of this machine. The warden of a sandbox uses it
// before the packages of this program are initialized, so it imports little.
package processes

// A Process is an entry of the list.
type Process struct {
	PID, Parent, Group int
	Ended              bool // nobody has waited for it yet
}
