package warden

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"

	"github.com/landlock-lsm/go-landlock/landlock"
	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// devices are the devices that every box has.
var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}

// common are the files that every box can read: names of hosts and services, time
// zones, and what the Go runtime asks for about huge pages. None has a secret.
var common = []string{
	"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/services", "/etc/protocols", "/etc/localtime",
	"/usr/share/zoneinfo", "/sys/kernel/mm/transparent_hugepage",
}

// ownProc are the files below /proc that a box can read if it has no /proc of its own.
var ownProc = []string{"/proc/sys/net", "/proc/sys/vm/overcommit_memory", "/proc/cpuinfo", "/proc/meminfo"}

// make makes the box around this process.
func (w *warden) make() (err error) {
	// A system that runs out of memory ends foreign code first. This fails where the
	// system does not allow it, which costs nothing.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return &StepError{StepClone, err}
	}
	if w.setup.Ways.Net {
		if err := raiseLoopback(); err != nil {
			return &StepError{StepNet, err}
		}
	}
	if w.setup.Ways.Mount {
		if err := w.mount(); err != nil {
			return &StepError{StepFiles, err}
		}
	}
	if w.null, err = unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
		return &StepError{StepFiles, err}
	}
	if err := w.limit(); err != nil {
		return &StepError{StepLimits, err}
	}
	return nil
}

// confine restricts this thread for good: to what a program may do that can change these
// folders.
func (w *warden) confine(write []string) error {
	if w.setup.User != 0 {
		for _, dir := range write {
			if err := os.Chown(dir, w.setup.User, w.setup.User); err != nil {
				return &StepError{StepFiles, err}
			}
		}
	}
	if err := w.restrict(write); err != nil {
		return &StepError{StepLandlock, err}
	}
	w.renounce()
	return nil
}

// raiseLoopback starts the loopback interface of a new network namespace.
func raiseLoopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo)
}

// mount replaces the file tree of this process by one that has the files of the box and
// nothing else, under their own names.
func (w *warden) mount() error {
	const root = "/proc" // which nothing here needs any more
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keeping mounts to itself: %w", err)
	}
	if err := unix.Mount("tmpfs", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755,size=1m"); err != nil {
		return fmt.Errorf("mounting a new root: %w", err)
	}
	for _, path := range devices {
		if err := bind(root, path, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NOEXEC); err != nil {
			return err
		}
	}
	// A folder comes before what is below it, which is then visible already.
	for _, path := range slices.Sorted(slices.Values(slices.Concat(common, w.setup.Files.Read))) {
		if err := bind(root, path, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV); err != nil {
			return err
		}
	}
	for _, path := range w.setup.Files.Write {
		if err := bind(root, path, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV); err != nil {
			return err
		}
	}
	proc := path.Join(root, "proc")
	if err := os.Mkdir(proc, 0o755); err != nil {
		return err
	}
	if err := unix.Mount("proc", proc, "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	return changeRoot(root)
}

// changeRoot makes a folder the root, and removes the old one.
func changeRoot(root string) error {
	if err := unix.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("changing the root: %w", err)
	}
	// The old root is now on top of the new one.
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("removing the old root: %w", err)
	}
	if err := unix.Chdir("/"); err != nil {
		return err
	}
	return unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
}

// bind makes a file or folder visible below a new root, under its own name. What is to be
// read only and is visible already stays as it is.
func bind(root, file string, attributes uint64) error {
	target := path.Join(root, file)
	if _, err := os.Lstat(target); err == nil && attributes&unix.MOUNT_ATTR_RDONLY != 0 {
		return nil
	}
	info, err := os.Stat(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.MkdirAll(target, 0o755)
	} else if err = os.MkdirAll(path.Dir(target), 0o755); err == nil {
		err = os.WriteFile(target, nil, 0o644) //nolint:gosec // in an own file system
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(file, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("showing %s: %w", file, err)
	}
	err = unix.MountSetattr(unix.AT_FDCWD, target, unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: attributes})
	if err != nil {
		return fmt.Errorf("protecting %s: %w", file, err)
	}
	return nil
}

// leaveTerminal gives up the controlling terminal of this process, so that no program
// that it starts has one: it could read what the user types, and type commands. Only the
// first process of a session would take the terminal away from others.
func leaveTerminal() error {
	fd, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	switch err {
	case nil:
	case unix.ENXIO, unix.ENOENT, unix.EACCES, unix.EPERM: // programs cannot open it either
		return nil
	default:
		return fmt.Errorf("opening the terminal: %w", err)
	}
	defer unix.Close(fd)
	if err := unix.IoctlSetInt(fd, unix.TIOCNOTTY, 0); err != nil && err != unix.ENOTTY {
		return fmt.Errorf("leaving the terminal: %w", err)
	}
	return nil
}

// limit sets the limits that programs inherit. None leaves a core file.
func (w *warden) limit() error {
	limits := map[int]uint64{unix.RLIMIT_CORE: 0}
	if w.setup.Ways.Memory {
		limits[unix.RLIMIT_DATA] = Memory
	}
	if w.setup.Ways.Processes {
		limits[unix.RLIMIT_NPROC] = Processes
	}
	for resource, most := range limits {
		var old unix.Rlimit
		if err := unix.Getrlimit(resource, &old); err != nil {
			return err
		}
		most = min(most, old.Max)
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}

// restrict lets this thread use the files of the box only, of which it can change those
// in some folders, and reach no process outside.
func (w *warden) restrict(write []string) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if !w.setup.Ways.Landlock {
		return nil
	}
	abi := Kernel()
	if abi == 0 {
		return unix.ENOSYS
	}
	latest := landlock.V9 // with rules for sockets that have a name
	config := landlock.Config{HandledAccessFS: latest.HandledAccessFS, Scoped: latest.Scoped}
	ruleset, flags, err := config.BestEffort().NewRulesetFD(w.rules(abi, write)...)
	if err != nil {
		return err
	}
	defer unix.Close(ruleset)
	return llsyscall.LandlockRestrictSelf(ruleset, flags)
}

// rules returns the Landlock rules for the files of the box. Before version 2 of the
// Kernel's interface, no file can be moved to another folder. A file tree of its own has
// nothing but these files, so that few rules do, which costs each program less.
func (w *warden) rules(abi int, folders []string) []landlock.Rule {
	write := landlock.RWDirs(folders...).WithResolveUnix().IgnoreIfMissing()
	if abi >= 2 {
		write = write.WithRefer()
	}
	if w.setup.Ways.Mount {
		return []landlock.Rule{write, landlock.RODirs("/"), landlock.RWDirs(path.Dir(os.DevNull))}
	}
	rules := []landlock.Rule{write, landlock.RWFiles(devices...).IgnoreIfMissing()}
	for _, path := range slices.Concat(common, w.setup.Files.Read, ownProc) {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case info.IsDir():
			rules = append(rules, landlock.RODirs(path).IgnoreIfMissing())
		default:
			rules = append(rules, landlock.ROFiles(path).IgnoreIfMissing())
		}
	}
	return rules
}

// renounce gives up what privileges the thread has, and the keys in the Kernel's
// keeping. What fails here was not there to be given up.
func (w *warden) renounce() {
	_, _ = unix.KeyctlJoinSessionKeyring("")
	for capability := uintptr(0); unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0) == nil; capability++ {
	}
	_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	if w.setup.User == 0 { // otherwise the change of the user does it, and takes privileges
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		_ = unix.Capset(&header, &none[0])
	}
}

// Kernel returns the version of the kernel's interface for Landlock, and 0 without it.
func Kernel() int {
	version, err := llsyscall.LandlockGetABIVersion()
	if err != nil {
		return 0
	}
	return version
}
