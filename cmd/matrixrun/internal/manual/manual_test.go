package manual

import "testing"

func TestText(t *testing.T) {
	const markdown = "# The title\n\nA `code` span,\nand [SUITE].\n\n  - one\n  - two two two two two two\n\n## A section\n\n\t`code`  as it is, however long it may be\n"
	const want = "THE TITLE\n\nA code span, and [SUITE].\n\n  - one\n  - two two two two two\n    two\n\nA section\n\n  `code`  as it is, however long it may be\n"
	if got := Text(markdown, 26); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	const page, wantPage = "# matrixrun run [SUITE]\n\nRun builds.\n", "RUN\n\n  matrixrun run [SUITE]\n\nRun builds.\n"
	if got := Text(page, 26); got != wantPage {
		t.Errorf("got:\n%s\nwant:\n%s", got, wantPage)
	}
}

func TestCopyable(t *testing.T) {
	for text, want := range map[string]string{
		`\&.PP`: `\&.PP`, `\&'quoted'`: `\&\(aqquoted\(aq`, `--only`: `\-\-only`, `a\\b`: `a\eb`, `\fBx\fR \- y`: `\fBx\fR \- y`,
		"`~^": `\(ga\(ti\(ha`, "· x": `\[u00B7] x`, "a\n\nb": "a\nb", "x\n\n.EX\na\n\n.EE\n": "x\n.PP\n.RS 4\n.EX\na\n\n.EE\n.RE\n", ".SH X\n\n.EX\na\n.EE\n": ".SH X\n.RS 4\n.EX\na\n.EE\n.RE\n",
		".nh\n\n.TH X 1\n": ".TH X 1\n.nr HY 0\n.nh\n.ad l\n", ".SH IT'S": ".SH IT'S", "": "",
	} {
		if got := string(copyable(text)); got != want {
			t.Errorf("copyable(%q) = %q, want %q", text, got, want)
		}
	}
}
