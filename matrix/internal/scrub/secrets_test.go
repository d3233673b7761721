package scrub_test

import (
	"encoding/base64"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	netrc, goenv := filepath.Join(dir, "netrc"), filepath.Join(dir, "env")
	for file, text := range map[string]string{
		netrc: "machine example.com login canaryA password canaryB\nmachine other\n\tlogin git\n\tpassword canaryC\n",
		goenv: "GOPROXY=https://canaryD:canaryE@proxy.example.com\nGOAUTH=helper canaryF\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{
		"GOPROXY":    "https://canaryG:canary%20H@one.example.com/canaryI/go?canaryJ=1|http://canaryK@two.example.com,direct",
		"GOSUMDB":    "sum.example.com+0+key https://canaryL:canaryM@sum.example.com/?canaryN",
		"HTTP_PROXY": "http://canaryO:canary P%zz@three.example.com:1/", "https_proxy": "canaryQ:canaryR@four.example.com",
		"GOAUTH": "netrc; helper canaryS --flag canaryT", "GOCACHEPROG": "prog -token=canaryU", "CI_JOB_TOKEN": "canaryV", "MY_PASSWORD": "canary \"W\"",
		"NETRC": netrc, "GOENV": goenv, "GOPRIVATE": "example.com/private", "HOME": "/home/u",
	}
	s := scrub.Find(func(key string) string { return env[key] }, slices.Collect(maps.Keys(env)))
	secret := []string{
		`reading https://canaryG:xxxxx@one.example.com/canaryI/go/example.com/lib/@v/list?canaryJ=1: 404`,
		`parse "http://canaryO:canary P%zz@three.example.com:1/": invalid userinfo`,
		`Get "https://canaryD:***@proxy.example.com/x": refused`,
		`canaryA: canaryB, canaryC; canary H canary%20H canary+H`,
		`user canaryK at two, canaryL:canaryM@sum.example.com/?canaryN`,
		`proxy canaryQ:canaryR@four.example.com`,
		`helper canaryS canaryT canaryF: exit 1; prog -token=canaryU`,
		`CI_JOB_TOKEN=canaryV MY_PASSWORD="canary \"W\"" canary "W"`,
		`https://other.example.com/x?sig=canaryX and ssh://canaryY@host/x`,
		`Authorization: Basic canaryZZZZ and Bearer canaryZZZZ`,
	}
	for _, text := range secret {
		if got := s.Cut(text); strings.Contains(got, "canary") {
			t.Errorf("Cut(%q) = %q", text, got)
		}
	}
	for _, login := range []string{"canaryA:canaryB", "git:canaryC", "canaryG:canary H"} {
		encoded := base64.StdEncoding.EncodeToString([]byte(login))
		if got := s.Cut("the proxy got " + encoded); strings.Contains(got, encoded) {
			t.Errorf("Cut leaves the header of %s", login)
		}
	}
	plain := []string{
		"", "go: module example.com/private: git is missing in /home/u", "netrc", "helper: no such file", "GOAUTH",
		"# example.com/lib\n./a.go:3:4: cannot use x (basic type) as y?",
		"reading https://proxy.example.com/example.com/lib/@v/list: 404 Not Found", "github.com/git/git",
	}
	for _, text := range plain {
		if got := s.Cut(text); got != text {
			t.Errorf("Cut(%q) = %q, want it unchanged", text, got)
		}
	}
	if got, want := s.Cut(secret[0]), "reading https://one.example.com/.../example.com/lib/@v/list: 404"; got != want {
		t.Errorf("Cut = %q, want %q", got, want)
	}
}
