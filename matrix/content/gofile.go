package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"go/build/constraint"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// minTokens is the length of a function that is worth a comparison. Shorter ones, such
// as getters and String methods, look the same in unrelated code.
const minTokens = 20

// A goFile is what identifies the content of a Go file.
type goFile struct {
	text  string   // digest of its text
	code  string   // digest of its code, which has neither layout nor most comments
	funcs []string // of its functions with minTokens or more, sorted
	built bool     // some build can have it: its build constraint is not "ignore"
	embed bool     // it has go:embed directives, so that other files are part of it too
}

// The lengths of digests in the index, in characters of 6 bits. An answer can rest on
// equal code, so nobody must be able to write other code with the same digest. The
// others only count.
const (
	textLen = 8
	codeLen = 12
	bodyLen = 5 // after the key of the function's name
)

// parseGo returns the identity of a Go file. The paths are those of the module with the
// code: the files of two modules are equal if they differ in these only. A text that is
// no Go code has an identity, too.
func parseGo(src []byte, paths *paths) goFile {
	src = unified(src, paths)
	text := sha256.Sum256(src)
	p := newGoParser(src)
	p.result = goFile{text: encode(text[:], textLen), built: true}
	p.file()
	slices.Sort(p.imports)
	for _, line := range slices.Compact(p.imports) {
		p.write(line)
	}
	code := sha256.Sum256(p.code)
	p.result.code = encode(code[:], codeLen)
	slices.Sort(p.result.funcs)
	return p.result
}

// maxParsed bounds the work of parseFunctions, as a multiple of the length of a file. Functions
// follow each other in Go code, so they are parsed once. Other text can have the word func
// again and again, without an end of any function.
const maxParsed = 4

// parseFunctions returns the digests that parseGo has of functions, at least of those whose
// names are wanted. They are in no order. Code in a comment may have some, too.
func parseFunctions(src []byte, paths *paths, wanted func(name) bool) []string {
	src = unified(src, paths)
	if oddlySpaced(src) {
		return allFunctions(src)
	}
	p := newGoParser(src)
	begin, parsed := []byte("func "), 0
	for rest := src; ; {
		at := bytes.Index(rest, begin)
		if at < 0 {
			return p.result.funcs
		}
		rest = rest[at+len(begin):]
		if n := headName(rest); n == 0 || wanted(n) || oddHead(rest) {
			p.start(rest)
			p.function()
			if parsed += p.at; parsed > maxParsed*len(src) {
				return allFunctions(src)
			}
		}
	}
}

// allFunctions returns the digests of all functions in a file.
func allFunctions(src []byte) []string {
	p := newGoParser(src)
	p.file()
	return p.result.funcs
}

// oddlySpaced reports whether the word func may begin a function without a blank after it.
func oddlySpaced(src []byte) bool {
	if slices.ContainsFunc([]string{"func\t", "func\r", "func\n", "func/"}, func(begin string) bool { return bytes.Contains(src, []byte(begin)) }) {
		return true
	}
	for begin := []byte("func("); ; {
		at := bytes.Index(src, begin)
		if at < 0 {
			return false
		}
		if src = src[at+len(begin):]; mayBeMethod(src) {
			return true
		}
	}
}

// mayBeMethod reports whether what follows the word func and a bracket may be a method. If
// so, a name and another bracket come after the receiver. A function without a name has its
// body there, or a type.
func mayBeMethod(src []byte) bool {
	head := src[:min(len(src), maxHead)]
	for at, depth := 0, 1; at < len(head); at++ {
		switch head[at] {
		case '/':
			return true // a comment can have any brackets
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			rest := bytes.TrimLeft(head[at+1:], " \t\r")
			end := bytes.IndexAny(rest, " \t\r\n(){}[],;:.*=/")
			if end < 0 {
				return len(head) < len(src)
			}
			after := bytes.TrimLeft(rest[end:], " \t\r")
			word := string(rest[:end])
			return len(after) > 0 && (after[0] == '/' || after[0] == '(' && word != "" && word != "func")
		}
	}
	return len(head) < len(src)
}

// oddHead reports whether headName may see another name in what follows the word func than
// the parser.
func oddHead(src []byte) bool {
	head := src[:min(len(src), maxHead)]
	end := bytes.IndexAny(head, "{\n")
	if end < 0 {
		if end = len(head); end < len(src) {
			return true
		}
	}
	head = head[:end]
	if bytes.ContainsAny(head, "\t\r/") {
		return true
	}
	receiver, ok := bytes.CutPrefix(bytes.TrimLeft(head, " "), []byte("("))
	if !ok {
		return false
	}
	receiver, _, _ = bytes.Cut(receiver, []byte(")"))
	return bytes.ContainsAny(receiver, "(") || bytes.HasSuffix(bytes.TrimRight(receiver, " "), []byte(","))
}

// unified returns a text as it is in all modules and on all systems.
func unified(src []byte, paths *paths) []byte {
	return paths.rewrite(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")))
}

// newGoParser returns a parser of a text.
func newGoParser(src []byte) *goParser {
	p := &goParser{code: make([]byte, 0, len(src)), cgo: bytes.Contains(src, []byte(`import "C"`))}
	p.start(src)
	return p
}

// start begins to read a text, or a part of it.
func (p *goParser) start(src []byte) {
	p.code = p.code[:0]
	file := token.NewFileSet().AddFile("", -1, len(src))
	p.s.Init(file, src, func(token.Position, string) {}, scanner.ScanComments)
}

// encode returns the first characters of a digest in base64.
func encode(digest []byte, chars int) string {
	return base64.RawURLEncoding.EncodeToString(digest)[:chars]
}

// A goParser splits the tokens of a file into imports, functions and the rest. It needs
// no valid syntax.
type goParser struct {
	s       scanner.Scanner
	at      int      // where the last word begins in what is read
	cgo     bool     // comments are code
	code    []byte   // the words of the file, see write
	imports []string // one for each path, so that their order does not matter
	result  goFile
}

// write adds a word to the code, with a mark of its end that no Go code has.
func (p *goParser) write(word string) { p.code = append(append(p.code, word...), 0xff) }

// file reads the file to its end.
func (p *goParser) file() {
	start, depth := true, 0 // start: of a declaration
	for {
		tok, word := p.next()
		switch {
		case tok == token.EOF:
			return
		case start && tok == token.IMPORT:
			p.importDecl()
		case start && tok == token.FUNC:
			p.function()
		default:
			depth += nesting(tok)
			start = depth <= 0 && tok == token.SEMICOLON
			p.write(word)
		}
	}
}

// next returns the next token that is code. A semicolon is the same whether it is
// written or not.
func (p *goParser) next() (token.Token, string) {
	for {
		pos, tok, word := p.s.Scan()
		p.at = int(pos) - 1 // the base of the first file of a set is 1
		switch {
		case tok == token.COMMENT:
			p.comment(word)
		case tok == token.SEMICOLON || word == "":
			return tok, tok.String()
		default:
			return tok, word
		}
	}
}

// comment adds a comment to the code if the go command or a compiler obeys it.
func (p *goParser) comment(text string) {
	directive := strings.HasPrefix(text, "//go:") && !strings.HasPrefix(text, "//go:generate")
	if !p.cgo && !directive && !strings.HasPrefix(text, "// +build") {
		return
	}
	p.write(text)
	p.result.embed = p.result.embed || strings.HasPrefix(text, "//go:embed")
	if expr, err := constraint.Parse(text); err == nil {
		p.result.built = p.result.built && expr.Eval(func(tag string) bool { return tag != "ignore" })
	}
}

// importDecl reads an import declaration, without its first word.
func (p *goParser) importDecl() {
	var line []string
	for depth := 0; ; {
		tok, word := p.next()
		depth += nesting(tok)
		switch tok {
		case token.SEMICOLON, token.RPAREN, token.EOF:
			if len(line) > 0 {
				p.imports = append(p.imports, strings.Join(line, " "))
			}
			line = nil
			if tok == token.EOF || tok == token.SEMICOLON && depth <= 0 {
				return
			}
		case token.LPAREN:
		default:
			line = append(line, word)
		}
	}
}

// function reads a function, without its first word.
func (p *goParser) function() {
	p.write("func")
	start := len(p.code)
	for depth, length := 0, 0; ; {
		tok, word := p.next()
		if tok == token.EOF {
			return // it has no end: no Go code
		}
		depth += nesting(tok)
		length++
		p.write(word)
		if depth > 0 || tok != token.SEMICOLON {
			continue
		}
		if length >= minTokens {
			body := sha256.Sum256(p.code[start:])
			name := functionName(bytes.ReplaceAll(p.code[start:], []byte{0xff}, []byte(" ")))
			p.result.funcs = append(p.result.funcs, name.String()+encode(body[:], bodyLen))
		}
		return
	}
}

// nesting returns by how much a token changes the number of open brackets.
func nesting(tok token.Token) int {
	switch tok {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		return 1
	case token.RPAREN, token.RBRACK, token.RBRACE:
		return -1
	}
	return 0
}
