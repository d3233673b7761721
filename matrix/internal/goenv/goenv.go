// Package goenv reads the settings of the go command without running it: those in the
// environment, and those that "go env -w" has stored.
package goenv

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// mostRead bounds what is read of the stored settings, in bytes.
const mostRead = 1 << 20

// Stored returns what "go env -w" has stored. The function env returns a variable of
// the environment.
func Stored(env func(string) string) map[string]string {
	file := env("GOENV")
	if file == "off" {
		return nil
	}
	if file == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return nil
		}
		file = filepath.Join(dir, "go", "env")
	}
	all := make(map[string]string)
	for line := range strings.Lines(read(file)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			all[key] = value
		}
	}
	return all
}

// read returns the start of a regular file, or nothing.
func read(path string) string {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, mostRead))
	return string(data)
}

// Get returns a setting: the variable of this process's environment if it is not
// empty, else what is stored. It knows no default values.
func Get(name string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return Stored(os.Getenv)[name]
}

// ModCache returns the folder of the module cache. It is empty if there is none, as
// without a home folder.
func ModCache() string {
	if dir := Get("GOMODCACHE"); dir != "" {
		return dir
	}
	list := filepath.SplitList(Get("GOPATH"))
	if len(list) > 0 && list[0] != "" {
		return filepath.Join(list[0], "pkg", "mod")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, "go", "pkg", "mod")
}

// Flag returns the value of a flag in GOFLAGS, such as "mod", and "" if it is not there.
// As for the go command, the last one counts.
func Flag(name string) (value string) {
	for _, word := range Split(Get("GOFLAGS")) {
		if v, ok := strings.CutPrefix("-"+strings.TrimLeft(word, "-"), "-"+name+"="); ok {
			value = v
		}
	}
	return value
}

// Split splits GOFLAGS into flags. A flag with blanks is in quotes, single or double;
// the flag of an open quote is dropped.
func Split(flags string) (words []string) {
	for {
		flags = strings.TrimLeft(flags, " \t\r\n")
		if flags == "" {
			return words
		}
		if quote := flags[0]; quote == '\'' || quote == '"' {
			word, rest, ok := strings.Cut(flags[1:], string(quote))
			if !ok {
				return words
			}
			words, flags = append(words, word), rest
			continue
		}
		end := strings.IndexAny(flags, " \t\r\n")
		if end < 0 {
			return append(words, flags)
		}
		words, flags = append(words, flags[:end]), flags[end:]
	}
}
