// Package victim runs the endpoint under attack in a process of its own, which is this
// program under another command. So it may panic, and the trial still has a report: how
// the process ended, and where.
package victim
