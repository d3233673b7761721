package gocmd

import "testing"

// TestBrief checks what is left of messages about downloads.
func TestBrief(t *testing.T) {
	const lib = "example.com/lib@v1.0.0"
	for message, want := range map[string]string{
		lib + ": reading https://proxy.example.com/example.com/lib/@v/v1.0.0.zip: 403 Forbidden\n\tserver response: This module version is not available.": lib + ": 403 Forbidden from proxy.example.com",
		"main.go:3:8: " + lib + ": reading http://me:xxxxx@localhost:3000/a/@v/list: 404 Not Found":                                                        "main.go:3:8: " + lib + ": 404 Not Found from localhost:3000",
		lib + ": reading file:///srv/lib.zip: no such file or directory":                                                                                   lib + ": reading file:///srv/lib.zip: no such file or directory",
		"main.go:3:2: undefined: x.": "main.go:3:2: undefined: x",
	} {
		if got := Brief(message); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}
