package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// loadDiff loads a diff from a file.
func loadDiff(t *testing.T, text string) (fixes []string, releases, problem string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("my fix_v2.patch", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	p, constraint, err := LoadDiff(t.Context(), "my fix_v2.patch", Found)
	if err != nil {
		return nil, "", err.Error()
	}
	if p.Name != "my-fix-v2" || len(p.Variants) != 1 || p.Variants[0].Patch != p.Name || p.Variants[0].File != "my fix_v2.patch" {
		t.Errorf("got %+v", p)
	}
	if _, ok := p.For("v9.9.9"); !ok {
		t.Error("it is not for every release")
	}
	return p.Variants[0].Fixes, constraint.String(), ""
}

const mailHead = "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.com>\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n" +
	"Subject: [PATCH] lib: stop the leak\n\nIt did leak.\n\nFixes: #12\n---\n x.go | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"

func TestLoadDiff(t *testing.T) {
	unified := "--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-a\n+b\n"
	tests := []struct {
		name, text string
		fixes      []string
		releases   string
		problem    string
	}{
		{name: "git diff", text: diffText},
		{name: "diff -u", text: unified},
		{name: "diff -ru", text: "diff -ru old/x.go new/x.go\n" + unified},
		{name: "format-patch", text: mailHead + diffText + "-- \n2.39.5\n\n"},
		{name: "git show", text: "commit 0123\nAuthor: A <a@example.com>\nDate:   now\n\n    lib: stop it\n\n    Fixes: #12\n\n" + diffText},
		{name: "no final newline", text: strings.TrimSuffix(unified, "\n")},
		{name: "CRLF", text: strings.ReplaceAll(mailHead+diffText, "\n", "\r\n")},
		{name: "own header", text: "Fixes: after-*, late\nReleases: < 2\n" + unified, fixes: []string{"after-*", "late"}, releases: "< 2"},
		{name: "own header, wrong", text: "Fixes: [\nReleases: soon\nX: y\n" + unified,
			problem: "my fix_v2.patch:3: unknown field \"X\": want one of Description, Origin, License, Bug, Applied-Upstream, Releases, Fixes\n" +
				"my fix_v2.patch:2: Releases: \"soon\" is not a constraint on versions: want terms such as \">= 0.44, < 0.50\"\n" +
				"my fix_v2.patch:1: Fixes: \"[\" is not a glob: want a scenario's name, with * for any characters"},
		{name: "escapes", text: "words\n--- a/../x.go\n+++ b/../x.go\n@@ -1 +1 @@\n-a\n+b\n", problem: "my fix_v2.patch:2: the path \"../x.go\" has a \"..\" in it: name files relative to the module's root"},
		{name: "binary", text: "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n",
			problem: "my fix_v2.patch:3: binary patches are not applied: patch source text"},
		{name: "no diff", text: "words alone\n", problem: "my fix_v2.patch: has no diff: want the output of git diff, git format-patch or diff -u"},
		{name: "empty", text: "", problem: "my fix_v2.patch: has no diff: want the output of git diff, git format-patch or diff -u"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fixes, releases, problem := loadDiff(t, test.text)
			if diff := cmp.Diff([]any{test.fixes, test.releases, test.problem}, []any{fixes, releases, problem}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLoadDiffElsewhere checks that only the file's name is kept of an absolute path.
func TestLoadDiffElsewhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.diff")
	if _, _, err := LoadDiff(t.Context(), file, Found); err == nil || err.Error() != filepath.ToSlash(file)+": there is no such file" {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(file, []byte(diffText), 0o666); err != nil {
		t.Fatal(err)
	}
	if p, _, err := LoadDiff(t.Context(), file, Found); err != nil || p.Variants[0].File != "a.diff" || p.Name != "a" {
		t.Errorf("got %+v, %v", p, err)
	}
	reserved := filepath.Join(t.TempDir(), "incompatible.diff") // in a row ID, it would be part of the version
	if err := os.WriteFile(reserved, []byte(diffText), 0o666); err != nil {
		t.Fatal(err)
	}
	if p, _, err := LoadDiff(t.Context(), reserved, Found); err != nil || p.Name != "patch" {
		t.Errorf("%s: got %+v, %v", reserved, p, err)
	}
}
