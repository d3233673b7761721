//go:build unix

package content

import "golang.org/x/sys/unix"

// looker returns a function that reports the state of files and folders in a folder. It is
// not ok if there is no such folder. The caller calls done after use.
func looker(dir string) (look func(name string, folder bool) (fileState, bool), done func(), ok bool) {
	root, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, false
	}
	return func(name string, folder bool) (fileState, bool) { return lookAt(root, name, folder) }, func() { unix.Close(root) }, true
}

// lookAt returns the state of a file or a folder in another folder. It is not ok if it is
// something else.
func lookAt(root int, name string, folder bool) (s fileState, ok bool) {
	var st unix.Stat_t
	if err := unix.Fstatat(root, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return s, false
	}
	if kind := st.Mode & unix.S_IFMT; folder && kind != unix.S_IFDIR || !folder && kind != unix.S_IFREG {
		return s, false
	}
	written, changed := st.Mtim.Nano(), st.Ctim.Nano()
	s.words = [...]uint64{uint64(st.Mode), st.Ino, uint64(st.Size), uint64(written), uint64(changed)}
	s.changed = max(written, changed)
	return s, true
}
