//go:build torture && linux

package torture

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix/remote/registrytest"
)

// A registry keeps the remote records of all lives. It is Debian's docker-registry, which is
// killed; or if that is not there, one in memory, which is not.
type registry struct {
	proxy   *proxy // in front of it
	address string // HOST:PORT
	kept    string // the folder with what it keeps; empty if it keeps that in memory

	config string // file of the process
	cmd    *exec.Cmd
}

// newRegistry starts a registry that keeps everything in a folder.
func newRegistry(t *testing.T, dir string) *registry {
	t.Helper()
	if _, err := exec.LookPath("docker-registry"); err != nil {
		r := registrytest.Start(t, false)
		return &registry{proxy: newProxy(t, r.URL), address: r.Host}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	r := &registry{address: l.Addr().String(), kept: filepath.Join(dir, "kept"), config: filepath.Join(dir, "config.yml")}
	check(t, l.Close())
	config := fmt.Sprintf(`version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: %q}, delete: {enabled: true}}
http: {addr: %q, relativeurls: true}
`, r.kept, r.address)
	check(t, os.MkdirAll(r.kept, 0o777))
	check(t, os.WriteFile(r.config, []byte(config), 0o666))
	t.Cleanup(r.kill)
	check(t, r.start())
	r.proxy = newProxy(t, "http://"+r.address)
	return r
}

// about says which registry it is.
func (r *registry) about() string {
	if r.kept == "" {
		return "a registry in memory that is never killed, because there is no docker-registry"
	}
	return "docker-registry"
}

// What a tally says of a registry that is used.
const (
	registryKilled   = "the registry, killed"
	somethingFetched = "something fetched"
)

// expect adds what should happen to a registry to a tally.
func (r *registry) expect(all *tally) {
	all.addN(remotesUsed, somethingFetched, 0)
	if r.cmd != nil {
		all.addN(remotesUsed, registryKilled, 0)
	}
}

// start starts the process, and waits until it answers.
func (r *registry) start() error {
	r.cmd = exec.Command("docker-registry", "serve", r.config)
	started.Lock()
	err := r.cmd.Start()
	if err == nil {
		started.note(r.cmd.Process.Pid, true)
	}
	started.Unlock()
	if err != nil {
		return err
	}
	for range 1000 {
		if c, err := net.Dial("tcp", r.address); err == nil {
			return c.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("docker-registry does not answer at %s", r.address)
}

// kill kills the process.
func (r *registry) kill() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
	started.Lock()
	delete(started.pids, r.cmd.Process.Pid)
	started.Unlock()
	r.cmd = nil
}

// Further folders of a place: a remote record that needs no registry, and the record of
// another machine, which finds there what this one made.
const (
	layoutFolder = "layout"
	otherRecord  = "other"
)

// remote returns the remote record of a life in the registry; through is a path of its
// proxy, or empty.
func (l *life) remote(host, through string) string {
	return fmt.Sprintf("oci://%s/%s", strings.TrimPrefix(host, "http://"), path.Join(through, fmt.Sprintf("life-%d", l.seed)))
}

// drawRemote returns the arguments with which a run uses a remote record. Whatever happens to
// that, the run must find out the same.
func (l *life) drawRemote() (args []string) {
	var kind, ref string
	switch l.draw.IntN(5) {
	case 0:
		kind, ref = "a folder", "oci-layout:"+l.path(layoutFolder)
	case 1, 2:
		kind, ref = "the registry", l.remote(l.registry.address, "")
	default:
		kind, ref = "a registry that misbehaves", l.remote(l.registry.proxy.address, badly(l.seed+uint64(l.outs), 10+l.draw.IntN(50)))
	}
	args = []string{"--remote", ref}
	if l.draw.IntN(4) > 0 {
		args, kind = append(args, "--push"), kind+", written to"
	}
	if l.draw.IntN(4) == 0 {
		args, kind = append(args, "--verify", "50%"), kind+", verified"
	}
	l.tally.add(remotesUsed, kind)
	return args
}

// served are the kinds of damage that a registry serves in a moment.
var served = []string{"bits flipped", "truncated", "emptied", "grown", "swapped", "deleted"}

// A hurt is what happens to the remote records in an act.
type hurt struct {
	kill   bool
	at     time.Duration // when the registry is killed
	back   time.Duration // how much later it is started again
	damage []timed
}

// drawHurt decides what happens to the remote records.
func (l *life) drawHurt() (h hurt) {
	if l.draw.IntN(3) > 0 {
		h.kill, h.at, h.back = l.registry.cmd != nil, l.moment(), l.moment()
	}
	if l.draw.IntN(3) == 0 {
		for range 1 + l.draw.IntN(5) {
			h.damage = append(h.damage, timed{damages[l.draw.IntN(len(damages))], l.moment()})
		}
	}
	return h
}

// use hurts the remote records while processes run.
func (h hurt) use(l *life, draw *rand.Rand) {
	start := time.Now()
	for _, d := range h.damage {
		if l.await(max(0, d.at-time.Since(start))) {
			l.hurt(d.damage, draw)
		}
	}
	if !h.kill || !l.await(max(0, h.at-time.Since(start))) {
		return
	}
	l.registry.kill()
	l.tell("  the registry is killed, for %v", h.back)
	l.count(remotesUsed, registryKilled)
	l.await(h.back)
	if err := l.registry.start(); err != nil {
		l.failf("starting the registry again: %v", err)
	}
}

// hurt damages a file of a remote record: of the folder, or of the registry if that can
// serve it.
func (l *life) hurt(d damage, draw *rand.Rand) {
	dir := l.path(layoutFolder)
	if l.registry.kept != "" && slices.Contains(served, d.name) && draw.IntN(2) == 0 {
		dir = l.registry.kept
	}
	l.tell("  a file of the remote record in %s: %s", filepath.Base(dir), d.name)
	if err := harm(dir, d, draw); err != nil {
		l.failf("damaging the remote record, %s: %v", d.name, err)
	}
	l.count(remoteDamaged, d.name)
}
