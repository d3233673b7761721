//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

func init() {
	commands["suspend"] = affirm(0, "suspend", signal(syscall.SIGSTOP))
	commands["resume"] = affirm(0, "resume", signal(syscall.SIGCONT))
	commands["readonly"] = affirm(2, "readonly FOLDER PROGRAM [ARGS...]", readonly)
}

// signal returns a command that sends a signal to the command in the background that
// was started first.
func signal(s syscall.Signal) func(*testscript.TestScript, []string) {
	return func(ts *testscript.TestScript, _ []string) {
		ts.Check(ts.BackgroundCmds()[0].Process.Signal(s))
	}
}

// readonly runs a program that must exit with code 0, for which a folder is read-only.
// Root can write to any folder, so it gets a read-only mount that ends with the program.
func readonly(ts *testscript.TestScript, args []string) {
	dir := ts.MkAbs(args[0])
	if os.Geteuid() == 0 {
		const mount = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"`
		ts.Check(ts.Exec("unshare", append([]string{"--mount", "--propagation", "private", "sh", "-c", mount, dir}, args[1:]...)...))
		return
	}
	chmod := func(mode fs.FileMode) {
		ts.Check(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.IsDir() {
				return err
			}
			return os.Chmod(path, mode)
		}))
	}
	chmod(0o555)
	defer chmod(0o755)
	ts.Check(ts.Exec(args[1], args[2:]...))
}
