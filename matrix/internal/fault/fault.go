// Package fault recognizes what programs print when the machine cannot serve them:
// no disk, no memory, no build cache, a broken toolchain. Such a failure says nothing
// about the code that is built or run, so it must never become an answer.
package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// shortages lists what programs print when the machine runs out of something, and
// what the user can do. The first match is used.
var shortages = []struct{ message, advice string }{
	{"no space left on device", "the disk is full: free some space for the output, the record, GOCACHE, GOMODCACHE and the temporary folder"},
	{"disk quota exceeded", "the disk quota is used up: free some space for the output, the record, GOCACHE, GOMODCACHE and the temporary folder"},
	{"read-only file system", "a file system is mounted read-only: check the record, GOCACHE, GOMODCACHE and TMPDIR"},
	{"file too large", fileSize},
	{"file size limit exceeded", fileSize},
	{"CPU time limit exceeded", cpuTime},
	{"SIGXCPU: cpu limit exceeded", cpuTime},
	{"input/output error", "a disk reports errors: check it, and run again"},
	{"cannot allocate memory", noMemory},
	{"out of memory", noMemory},
	{"failed to reserve page summary memory", noMemory},
	{"too many open files in system", "too many files are open on this machine: end other programs, or run with a smaller --jobs"},
	{"error while loading shared libraries", noLibrary},
	{"' not found (required by ", noLibrary},
	{"Library not loaded: ", noLibrary},
	{"failed to create new OS thread", noProcess},
	{"pthread_create failed", noProcess},
}

const (
	noMemory  = "there was not enough memory: end other programs, raise the limit of memory if there is one (ulimit -v), or run with a smaller --jobs"
	noProcess = "the system refused another process or thread: raise the limits of processes and of memory (ulimit -u and -v), or run with a smaller --jobs"
	noLibrary = "a library is missing, or the version of it with which the program was built: install it, build the program here (--fresh), or run it with --sandbox=off if the library is not below /lib or /usr/lib"
	openFiles = "raise the limit of open files (ulimit -n), or run with a smaller --jobs"
	fileSize  = "a file grew to more than is allowed: raise the limit of the size of files (ulimit -f)"
	cpuTime   = "a process used more CPU time than is allowed: raise the limit (ulimit -t)"
)

// Killed returns what the user can do about a process that was killed, and not by
// matrixrun. The system kills one that reaches the limit of CPU time, if there is one.
func Killed() string {
	if cpuLimited() {
		return "the system killed it, for the limit of CPU time or for want of memory: raise the limit (ulimit -t), or run with a smaller --jobs"
	}
	return "something killed it, most likely the system for want of memory: end other programs, or run with a smaller --jobs"
}

// Shortage returns what the user can do if a text reports that the machine ran out of
// something, or "" if it does not.
func Shortage(text string) (advice string) {
	for _, s := range shortages {
		if strings.Contains(text, s.message) {
			return s.advice
		}
	}
	return ""
}

// Advice returns what the user can do about an error of this process if the machine ran
// out of something, or "" if it did not.
func Advice(err error) string {
	if advice := Shortage(err.Error()); advice != "" {
		return advice
	}
	switch {
	case errors.Is(err, syscall.EMFILE):
		return openFiles
	case errors.Is(err, syscall.EAGAIN):
		return noProcess
	}
	return ""
}

// signs lists what the go command and its tools print when they cannot work, and what
// the user can do. All strings of a sign must be in the text. The first match is used.
var signs = []struct {
	messages []string
	advice   string
}{
	{[]string{"too many open files"}, openFiles},
	{[]string{"fork/exec", "resource temporarily unavailable"}, noProcess},
	{[]string{"GOCACHEPROG"}, "the program that GOCACHEPROG names failed: unset GOCACHEPROG, or repair the program"},
	{[]string{"GOCACHE is not defined"}, "the go command finds no build cache: set HOME, or GOCACHE to a folder of your own"},
	{[]string{"build cache is disabled"}, "GOCACHE=off allows no build: unset it"},
	{[]string{"GOCACHE is not an absolute path"}, "set GOCACHE to an absolute path, or unset it"},
	{[]string{"initialize build cache", "permission denied"}, foreignCache},
	{[]string{"initialize build cache"}, "the build cache cannot be made there: set GOCACHE to a folder, or unset it"},
	{[]string{"could not create module cache"}, "the module cache cannot be made there: set GOMODCACHE to a folder, or unset it"},
	{[]string{"module cache not found"}, "the go command finds no module cache: set HOME, or GOMODCACHE to a folder of your own"},
	{[]string{"creating work dir"}, badTemp},
	{[]string{"no such tool"}, BrokenToolchain},
	{[]string{"does not match go tool version"}, "GOROOT names another toolchain than that of the go command: unset it"},
	{[]string{"cannot find GOROOT"}, badRoot},
	{[]string{"exec format error"}, BrokenToolchain},
	{[]string{"fork/exec"}, BrokenToolchain},
	{[]string{"signal: "}, "a compiler crashed: " + BrokenToolchain},
	{[]string{"internal compiler error"}, "the compiler failed, not the code: try another toolchain, or install this one again"},
}

const (
	foreignCache   = "the build cache has files that you may not use, as after \"sudo go build\": give it back to its owner with chown, or set GOCACHE to a folder of your own"
	foreignModules = "the module cache has files that you may not use, as after \"sudo go build\": give it back to its owner with chown, or set GOMODCACHE to a folder of your own"
	badRoot        = "GOROOT names no folder with a toolchain: unset it"
	badTemp        = "the temporary folder cannot be used: set TMPDIR to a folder that exists and that you may write to"
)

// BrokenToolchain is the advice for a toolchain that lost files or has changed ones.
const BrokenToolchain = "the Go toolchain is incomplete or damaged: install it again; if the go command downloaded it, \"go clean -modcache\" removes it"

// GoAdvice returns what the user can do about a failure of the go command that is due
// to the machine, or "" if the text shows no such cause. getenv returns a variable of
// the command's environment.
func GoAdvice(text string, getenv func(string) string) string {
	if advice := Shortage(text); advice != "" {
		return advice
	}
	if strings.Contains(text, "signal: killed") {
		return Killed()
	}
	for _, s := range signs {
		if containsAll(text, s.messages) {
			return s.advice
		}
	}
	if !strings.Contains(text, "permission denied") {
		return ""
	}
	cache, modules := getenv("GOCACHE"), getenv("GOMODCACHE")
	switch {
	case cache != "" && strings.Contains(text, cache), strings.Contains(text, "go-build"+string(filepath.Separator)):
		return foreignCache
	case modules != "" && strings.Contains(text, modules), strings.Contains(text, filepath.Join("pkg", "mod")):
		return foreignModules
	}
	return ""
}

// RootAdvice returns what the user can do if GOROOT is set and names no folder with a
// standard library, and "" otherwise. The go command then does not find its own files
// and settings, and reports that in many ways. getenv returns a variable of the
// command's environment.
func RootAdvice(getenv func(string) string) string {
	if root := getenv("GOROOT"); root != "" && !isFolder(filepath.Join(root, "src", "runtime")) {
		return badRoot
	}
	return ""
}

// containsAll reports whether a text contains all of some strings.
func containsAll(text string, all []string) bool {
	for _, s := range all {
		if !strings.Contains(text, s) {
			return false
		}
	}
	return true
}

// FileAdvice returns what the user can do about an error of the file system, or "" if
// nothing about the machine explains it.
func FileAdvice(err error) string {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return ""
	}
	if advice := Advice(path.Err); advice != "" {
		return advice
	}
	temp := filepath.Clean(os.TempDir())
	if strings.HasPrefix(path.Path, temp) && !isFolder(temp) || filepath.Dir(path.Path) == temp && errors.Is(err, fs.ErrPermission) {
		return badTemp
	}
	return ""
}

// CacheAdvice returns what the user can do if some file of the go command's build cache
// cannot be read, or if there is no room for another one, and "" otherwise.
func CacheAdvice(dir string) (advice string) {
	if err := Probe(dir); err != nil {
		return Shortage(err.Error())
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var f *os.File
			if f, err = os.Open(path); err == nil {
				f.Close()
			}
		}
		if errors.Is(err, fs.ErrPermission) {
			advice = foreignCache
			return fs.SkipAll
		}
		return nil
	})
	return advice
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// probeSize is how much Probe writes, in bytes: more than a file system keeps in its
// own structures.
const probeSize = 256 << 10

// Probe returns an error if the machine ran out of what it takes to write in a folder.
// It removes what it writes. A program that fails in such a folder may not say that
// this is the reason.
func Probe(dir string) error {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err == nil {
		defer os.Remove(f.Name())
		_, err = f.Write(make([]byte, probeSize))
		err = errors.Join(err, f.Close())
	}
	if err == nil || Shortage(err.Error()) == "" {
		return nil // a program may have removed its folder, which is not the machine's fault
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return fmt.Errorf("%w (%s)", err, Shortage(err.Error()))
}

// WasKilled reports whether the system, or somebody else than this process, killed a
// process. The error is what package proc returns for a process that it did not end.
func WasKilled(err error) bool {
	var exit interface { // *exec.ExitError, or that of package proc
		error
		Sys() any
	}
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
