//go:build unix

package content

import "golang.org/x/sys/unix"

// lookAt looks at a file or a folder. It is not ok if it is something else.
func lookAt(name string, folder bool) (l looked, ok bool) {
	var st unix.Stat_t
	if err := unix.Lstat(name, &st); err != nil {
		return l, false
	}
	if kind := st.Mode & unix.S_IFMT; folder && kind != unix.S_IFDIR || !folder && kind != unix.S_IFREG {
		return l, false
	}
	written, changed := st.Mtim.Nano(), st.Ctim.Nano()
	l.words = [...]uint64{uint64(st.Mode), st.Ino, uint64(st.Size), uint64(written), uint64(changed)}
	l.changed = max(written, changed)
	return l, true
}
