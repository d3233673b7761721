package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// snapshot makes a repository of the working tree, with what is not committed
// yet and without its history: of a base, which lacks what -added names, and of
// the commit that is checked out, as of the merge that GitHub makes of a pull
// request. The dates are fixed, so that the commits are the same each time.
func (m *machine) snapshot(ctx context.Context) error {
	files, err := m.command(ctx, "", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return fmt.Errorf("listing the files of this repository: %w", err)
	}
	repo := m.dir("snapshot")
	for _, file := range strings.Split(strings.TrimSuffix(files, "\x00"), "\x00") {
		if err := copyFile(file, filepath.Join(repo, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err // one that is not there was removed, and that not committed
		}
	}
	commit := []string{"git", "commit", "-q", "--no-verify", "--allow-empty", "-m", "the working tree"}
	steps := [][]string{{"git", "init", "-q", "-b", "main"}, {"git", "add", "-A"}}
	if len(m.added) > 0 {
		steps = append(steps, append([]string{"git", "rm", "-q", "--cached", "--"}, m.added...))
	}
	steps = append(steps, commit, []string{"git", "add", "-A"}, commit)
	for _, args := range steps {
		if _, err := m.command(ctx, repo, args...); err != nil {
			return fmt.Errorf("making a repository of the working tree: %w", err)
		}
	}
	head, err := m.command(ctx, repo, "git", "rev-parse", "HEAD")
	m.head = strings.TrimSpace(head)
	return err
}

// command runs a program of PATH, and returns what it prints. A git command is
// given an environment in which no configuration of the user's counts.
func (m *machine) command(ctx context.Context, dir string, args ...string) (string, error) {
	var stdout bytes.Buffer
	stderr := proc.Tail{Max: 4 << 10}
	date := "2000-01-01T00:00:00Z"
	env := append(slices.Clone(m.env),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_COUNT=2",
		"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GIT_CONFIG_KEY_1=gc.auto", "GIT_CONFIG_VALUE_1=0",
		"GIT_AUTHOR_NAME=workflows", "GIT_AUTHOR_EMAIL=workflows", "GIT_AUTHOR_DATE="+date,
		"GIT_COMMITTER_NAME=workflows", "GIT_COMMITTER_EMAIL=workflows", "GIT_COMMITTER_DATE="+date)
	err := proc.Cmd{Path: envCommand, Args: args, Dir: dir, Env: env, Stdout: &stdout, Stderr: &stderr}.Run(ctx)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args[:2], " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), err
}

// envCommand finds a program in PATH.
const envCommand = "/usr/bin/env"

// checkout fills the workspace of a job. As on GitHub, only the newest commit is
// there, unless more of them are asked for.
func (m *machine) checkout(with map[string]string) error {
	for key := range with {
		if key != "persist-credentials" && key != "fetch-depth" {
			return fmt.Errorf("%s of checkout: this program does not know it", key)
		}
	}
	work := m.dir("work")
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	if err := os.CopyFS(work, os.DirFS(m.dir("snapshot"))); err != nil {
		return fmt.Errorf("checking out: %w", err)
	}
	if depth := with["fetch-depth"]; depth == "" || depth == "1" {
		return os.WriteFile(filepath.Join(work, ".git", "shallow"), []byte(m.head+"\n"), 0o666)
	}
	return nil
}

// copyFile copies a file with its mode, and makes the folders for it.
func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}
