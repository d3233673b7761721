package scrub

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
)

// cut is what secrets are replaced by.
const cut = "***"

// Secrets removes what must not be kept from text: user names, passwords, tokens and
// query strings of URLs, and the secrets that are in an environment. The zero value
// knows URLs only.
type Secrets struct {
	values []string // replaced wherever they are
	names  []string // of users; replaced as whole words, since they can be common ones
	bases  []string // hosts with a path; the path may be a token
}

// urlLists are the variables of the go command and of proxies that hold URLs.
var urlLists = []string{"GOPROXY", "GOSUMDB", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"}

// commands are the variables of the go command that hold commands, whose arguments may
// be secrets.
var commands = []string{"GOAUTH", "GOCACHEPROG"}

// isSecret matches the names of variables whose values are secrets.
var isSecret = regexp.MustCompile(`(?i)token|secret|passw|credential|auth|api_?key|private_?key|access_?key`)

// Find returns the secrets of an environment: those in its variables, in the settings
// that "go env -w" has stored, and in the user's netrc file. env returns a variable,
// and names has the names of all.
func Find(env func(string) string, names []string) Secrets {
	var s Secrets
	stored := goenv.Stored(env)
	get := func(key string) []string { return []string{env(key), stored[key]} }
	for _, key := range urlLists {
		for _, value := range get(key) {
			s.addURLs(value)
		}
	}
	for _, key := range commands {
		for _, value := range get(key) {
			s.addCommand(value)
		}
	}
	for _, name := range names {
		if isSecret.MatchString(name) && !slices.Contains(commands, name) && !strings.HasPrefix(name, "GOPRIVATE") {
			s.add(env(name))
		}
	}
	s.addNetrc(readFile(netrc(env)))
	s.sort()
	return s
}

// least is the length of the shortest secret that is replaced, in bytes. Shorter ones
// would tear ordinary words.
const least = 4

// add adds a secret, in all the forms in which programs print it.
func (s *Secrets) add(value string) {
	forms := []string{value, url.QueryEscape(value), url.PathEscape(value), strings.Trim(strconv.Quote(value), `"`)}
	if plain, err := url.PathUnescape(value); err == nil {
		forms = append(forms, plain, url.QueryEscape(plain), url.PathEscape(plain))
	}
	for _, form := range forms {
		if len(form) >= least {
			s.values = append(s.values, form)
		}
	}
}

// addURLs adds the secrets of a list of URLs, which need not be valid.
func (s *Secrets) addURLs(list string) {
	for _, u := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == '|' }) {
		s.addURL(u)
		// GOSUMDB has a name, a key and a URL. A password may have a blank, too.
		if words := strings.Fields(u); len(words) > 1 {
			for _, word := range words {
				s.addURL(word)
			}
		}
	}
}

func (s *Secrets) addURL(u string) {
	_, rest, ok := strings.Cut(u, "://")
	if !ok {
		rest = u
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		user, password, _ := strings.Cut(rest[:i], ":")
		s.addLogin(user, password)
		rest = rest[i+1:]
	}
	rest, query, _ := strings.Cut(rest, "?")
	s.add(query)
	rest, fragment, _ := strings.Cut(rest, "#")
	s.add(fragment)
	if base := strings.TrimRight(rest, "/"); strings.Contains(base, "/") && ok && !strings.HasPrefix(base, "/") {
		s.bases = append(s.bases, base)
	}
}

// addLogin adds a user and a password, both as they are in a URL.
func (s *Secrets) addLogin(user, password string) {
	s.add(password)
	s.names = append(s.names, user)
	if plain, err := url.PathUnescape(user); err == nil {
		s.names = append(s.names, plain)
		if secret, err := url.PathUnescape(password); err == nil {
			s.add(base64.StdEncoding.EncodeToString([]byte(plain + ":" + secret))) // as in the header that a proxy gets
		}
	}
}

// addCommand adds the arguments of commands. Their names say who is asked, and are no
// secret.
func (s *Secrets) addCommand(list string) {
	for _, command := range strings.Split(list, ";") {
		words := strings.Fields(command)
		for _, word := range words[min(len(words), 1):] {
			s.add(word)
		}
	}
}

// addNetrc adds the secrets of a netrc file.
func (s *Secrets) addNetrc(text string) {
	words, login := strings.Fields(text), ""
	for i := range len(words) - 1 {
		switch words[i] {
		case "machine", "default":
			login = ""
		case "login":
			login = words[i+1]
		case "password":
			s.addLogin(url.PathEscape(login), url.PathEscape(words[i+1]))
		case "account":
			s.add(words[i+1])
		}
	}
}

// sort puts the longest first, so that none is cut by a part of it.
func (s *Secrets) sort() {
	for _, list := range []*[]string{&s.values, &s.names, &s.bases} {
		slices.SortFunc(*list, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
		*list = slices.Compact(*list)
	}
}

var (
	// userInfo matches the user name and the password in a URL.
	userInfo = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)[^\s/"'<>]*@`)
	// query matches a URL with a query string, and what ends the sentence around it.
	query = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s?"'<>]*)\?[^\s"'<>)\]]*?([:;,.]*(?:[\s"'<>)\]]|$))`)
	// header matches the value of a header that authorizes a request.
	header = regexp.MustCompile(`(?i)((?:proxy-)?authorization: *(?:basic|bearer|digest|token)?|\bbearer|\bbasic) +[A-Za-z0-9+/=._~-]{8,}`)
)

// Cut returns a text without secrets.
func (s Secrets) Cut(text string) string {
	for _, value := range s.values {
		text = strings.ReplaceAll(text, value, cut)
	}
	text = userInfo.ReplaceAllString(text, "$1")
	text = query.ReplaceAllString(text, "${1}${2}")
	text = header.ReplaceAllString(text, "$1 "+cut)
	for _, base := range s.bases {
		host, _, _ := strings.Cut(base, "/")
		text = strings.ReplaceAll(text, base, host+"/...")
	}
	for _, name := range s.names {
		text = cutWord(text, name)
	}
	return text
}

// cutWord replaces a word that stands alone, or next to what separates it from a host
// or a password.
func cutWord(text, word string) string {
	if len(word) < least || !strings.Contains(text, word) {
		return text
	}
	pattern := regexp.MustCompile(`(^|[\s"'(:=/])` + regexp.QuoteMeta(word) + `($|[\s"'):,;@])`)
	return pattern.ReplaceAllString(text, "${1}"+cut+"${2}")
}

// netrc returns the path of the user's netrc file, as the go command finds it.
func netrc(env func(string) string) string {
	if file := env("NETRC"); file != "" {
		return file
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if runtime.GOOS == "windows" {
		return filepath.Join(home, "_netrc")
	}
	return filepath.Join(home, ".netrc")
}

// mostRead bounds what is read of a file with secrets, in bytes.
const mostRead = 1 << 20

// readFile returns the contents of a small regular file, or nothing.
func readFile(path string) string {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostRead {
		return ""
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(data)
}
