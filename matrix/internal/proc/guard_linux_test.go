package proc_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// soon is how long processes and files may outlive a killed program. An idle machine
// takes milliseconds, but others may be busy with all tests.
const soon = 10 * time.Second

// playGuarded acts as one of the processes that these tests need.
func playGuarded(role string) {
	switch role {
	case "program":
		playProgram()
	case "family":
		playFamily()
	case "stubborn":
		playStubborn()
	case "leaver":
		playLeaver(false)
	case "escape":
		playLeaver(true)
	case "short":
		playShort()
	}
}

// playStubborn ignores all signals that can be ignored, prints its ID, and never ends.
func playStubborn() {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE)
	fmt.Println("pid", os.Getpid())
	time.Sleep(time.Hour)
}

// playProgram runs a child that has a family.
func playProgram() {
	dir, err := scratch.Dir("row-")
	if err != nil {
		panic(err)
	}
	fmt.Printf("folder %q\n", filepath.Dir(dir))
	err = proc.Cmd{
		Path: os.Args[0], Dir: dir, Env: []string{child + "=family", "TMPDIR=" + dir},
		Stdout: os.Stdout, Stderr: os.Stderr,
	}.Run(context.Background())
	panic(err)
}

// playShort runs a child that leaves a process in another session, and ends.
func playShort() {
	dir, err := scratch.Dir("row-")
	if err == nil {
		c := proc.Cmd{Path: os.Args[0], Env: []string{child + "=escape", "TMPDIR=" + dir}, Stdout: os.Stdout}
		err = c.Run(context.Background())
	}
	if err != nil {
		panic(err)
	}
}

// playFamily starts four stubborn processes and becomes one: one in its group, one in
// a session of its own, one there without any environment, and one there whose parent
// ends.
func playFamily() {
	self := func(role string, env []string, setsid bool) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = slices.Concat(env, []string{child + "=" + role})
		cmd.Stdout = os.Stdout
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: setsid}
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		if role == "leaver" {
			_ = cmd.Wait()
		}
	}
	self("stubborn", os.Environ(), false)
	self("stubborn", os.Environ(), true)
	self("stubborn", nil, true)
	self("leaver", os.Environ(), true)
	playStubborn()
}

// playLeaver starts a stubborn process and ends.
func playLeaver(setsid bool) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), child+"=stubborn")
	cmd.Stdout = os.Stdout
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: setsid}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
}

// startProgram starts a program with a family, and waits for all of it. It returns the
// IDs of the family, and the folder of temporary files.
func startProgram(t *testing.T) (program *exec.Cmd, family []int, folder string) {
	t.Helper()
	program = exec.Command(os.Args[0])
	temp := t.TempDir() + "/several words\nand lines"
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	program.Env = append(os.Environ(), child+"=program", "TMPDIR="+temp)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for len(family) < 5 && lines.Scan() {
		var pid int
		if n, _ := fmt.Sscanf(lines.Text(), "pid %d", &pid); n == 1 {
			family = append(family, pid)
		}
		_, _ = fmt.Sscanf(lines.Text(), "folder %q", &folder)
	}
	t.Cleanup(func() {
		for _, pid := range append(family, program.Process.Pid) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // if the test has failed
		}
		_ = program.Wait()
	})
	if len(family) < 5 || folder == "" {
		t.Fatalf("the program ended early: family %v, folder %q", family, folder)
	}
	return program, family, folder
}

// TestKilledProgramLeavesNothing kills a program whose children do not end by
// themselves. The guard has to end them and to remove the temporary files.
func TestKilledProgramLeavesNothing(t *testing.T) {
	program, family, folder := startProgram(t)
	killed := time.Now()
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
	for _, pid := range family {
		waitGone(t, pid)
	}
	t.Logf("all processes ended after %v", time.Since(killed))
	for end := killed.Add(soon); ; time.Sleep(5 * time.Millisecond) {
		_, err := os.Stat(folder)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%s is still there (%v)", folder, err)
		}
	}
	t.Logf("the folder is gone after %v", time.Since(killed))
}

// TestGuardIsReplaced kills the guard, and then the program. The next guard knows all
// that the first one knew.
func TestGuardIsReplaced(t *testing.T) {
	program, family, _ := startProgram(t)
	first := guardOf(t, program.Process.Pid, 0)
	time.Sleep(50 * time.Millisecond) // a guard that ends at once is not replaced
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	guardOf(t, program.Process.Pid, first)
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range family {
		waitGone(t, pid)
	}
}

// TestNextProgramEndsTheFamily kills a program and its guard. The next program kills
// the children, and removes the temporary files.
func TestNextProgramEndsTheFamily(t *testing.T) {
	program, family, folder := startProgram(t)
	guard := guardOf(t, program.Process.Pid, 0)
	for _, step := range []struct {
		pid int
		sig syscall.Signal
	}{{program.Process.Pid, syscall.SIGSTOP}, {guard, syscall.SIGKILL}, {program.Process.Pid, syscall.SIGKILL}} {
		if err := syscall.Kill(step.pid, step.sig); err != nil {
			t.Fatal(err)
		}
	}
	_ = program.Wait()
	if err := syscall.Kill(family[0], 0); err != nil {
		t.Fatalf("a child ended without the guard: %v", err)
	}
	t.Setenv("TMPDIR", filepath.Dir(folder))
	if dead, err := scratch.RemoveDead(t.Context(), false); err != nil || dead.Folders != 1 {
		t.Errorf("RemoveDead = %+v, %v", dead, err)
	}
	for _, pid := range family {
		waitGone(t, pid)
	}
}

// guardOf returns the guard of a process that is not the given one. A guard that is
// only just starting has no name yet.
func guardOf(t *testing.T, pid, not int) int {
	t.Helper()
	name := fmt.Sprintf("guard-of-%d\x00", pid)
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(time.Millisecond) {
		files, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if line, err := os.ReadFile(file); err != nil || string(line) != name {
				continue
			}
			guard, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if err != nil {
				t.Fatal(err)
			}
			if guard != not {
				return guard
			}
		}
	}
	t.Fatalf("process %d has no guard", pid)
	return 0
}

// TestEndedProgramLeavesNothing checks a process that left its group and outlived the
// child that started it: it ends with the program.
func TestEndedProgramLeavesNothing(t *testing.T) {
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), child+"=short", "TMPDIR="+t.TempDir())
	out, err := program.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscanf(string(out), "pid %d", &pid); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	waitGone(t, pid)
}
