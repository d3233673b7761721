package traceback

import (
	"strings"
	"testing"
)

const panicked = `working
panic: boom [recovered]
	panic: boom again
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x49]

goroutine 7 [running]:
panic({0x4, 0x5})
	runtime/panic.go:770 +0x132
example.com/lib%2ev2.(*Conn).Close(...)
	example.com/lib.v2@v2.0.0/conn.go:12
golang.org/x/dep.Call(0xc000012345, {0x1, 0x2})
	golang.org/x/dep@v1.0.0/dep.go:3 +0x1d
example.com/lib%2ev2/sub.Run.func1()
	example.com/lib.v2@v2.0.0/sub/run.go:9 +0x1d
main.main()
	matrixrun.test/repro/main.go:5 +0x11
created by main.start in goroutine 1
	matrixrun.test/repro/main.go:2 +0x11
exit status 2
`

func TestPanic(t *testing.T) {
	tb, ok := Parse(panicked)
	if !ok || tb.Message != "panic: boom" || len(tb.Goroutines) != 1 || tb.Goroutines[0].State != "running" {
		t.Fatalf("%+v", tb)
	}
	got := Describe(tb.Goroutines[0].In("example.com/lib.v2", "main"))
	want := "in example.com/lib.v2.(*Conn).Close (conn.go:12), from golang.org/x/dep.Call (dep.go:3), from example.com/lib.v2/sub.Run.func1 (run.go:9), from main.main (main.go:5)"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMessageWithLineBreak(t *testing.T) {
	tb, _ := Parse("panic: \nno such file\n\tor folder\n\n" + "goroutine 1 [running]:\n")
	if want := "panic: no such file"; tb.Message != want {
		t.Errorf("message %q, want %q", tb.Message, want)
	}
}

func TestIn(t *testing.T) {
	tests := []struct {
		name  string
		calls string
		want  int
	}{
		{"a call of the module", "lib.A main.main", 2},
		{"the standard library on top", "runtime.gopanic lib.A fmt.F main.main", 3},
		{"the caller's own code", "runtime.gopanic main.check main.main", 0},
		{"a call back", "main.handle lib.Serve main.main", 0},
		{"nobody's call", "lib.background", 0},
		{"another module of that name", "library.A main.main", 0},
		{"a module's tests", "lib.A repro/own.TestX testing.tRunner", 2},
	}
	for _, test := range tests {
		var g Goroutine
		for name := range strings.FieldsSeq(test.calls) {
			g.Frames = append(g.Frames, Frame{Func: name})
		}
		if got := g.In("lib", "repro"); len(got) != test.want {
			t.Errorf("%s: %v, want %d calls", test.name, got, test.want)
		}
	}
}

// A program that hangs prints all goroutines, and the registers.
func TestQuit(t *testing.T) {
	tb, ok := Parse("SIGQUIT: quit\nPC=0x46e5c1 m=0 sigcode=0\n\ngoroutine 0 gp=0x5 m=0 mp=0x5 [idle]:\nruntime.futex()\n\tfutex.s:5 +0x1\n\n" +
		"goroutine 1 gp=0xc0 m=0 [chan receive, 2 minutes]:\nlib.Wait(0x1)\n\tC:\\x\\wait.go:7 +0x1\nmain.main()\n\tmain.go:8 +0x2\n\nrax    0xfffffffffffffffc\nrbx    0x0\n")
	if !ok || tb.Message != "" || tb.Signal != "SIGQUIT: quit" || len(tb.Goroutines) != 1 {
		t.Fatalf("%+v", tb)
	}
	if calls := tb.Calls(); len(calls) != 1 || calls[0].Func != "main.main" {
		t.Errorf("%v", calls)
	}
	if got, want := Describe(tb.Goroutines[0].In("lib", "main")), "in lib.Wait (wait.go:7), from main.main (main.go:8)"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestDescribeCuts(t *testing.T) {
	calls := strings.Fields("a.A a.B a.C a.D a.E a.F")
	var frames []Frame
	for _, c := range calls {
		frames = append(frames, Frame{Func: c})
	}
	if got, want := Describe(frames), "in a.A, from a.B, from a.C, 2 more calls from a.F"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestNoStack(t *testing.T) {
	if tb, ok := Parse("panic: what a name\nno goroutine 1 [running]: here\n"); ok {
		t.Errorf("%+v", tb)
	}
	if tb, _ := Parse("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n"); !tb.AllAsleep() {
		t.Errorf("%+v", tb)
	}
}

// TestStarted checks which goroutines the caller started with a call of the module.
func TestStarted(t *testing.T) {
	for name, test := range map[string]struct {
		calls, creator string
		want           int
	}{
		"a call of the module": {"lib.a lib.A", "main.main", 3},
		"with a wrapper":       {"lib.A main.main.gowrap1", "main.main", 2},
		"by its own package":   {"lib.A", "repro/own.TestX", 2},
		"by the module itself": {"lib.A", "lib.Serve", 0},
		"the caller's code":    {"lib.A main.main.func1", "main.main", 0},
		"a call back":          {"main.handle lib.A", "main.main", 0},
	} {
		var g Goroutine
		for call := range strings.FieldsSeq(test.calls) {
			g.line(call + "()")
		}
		g.line("created by " + test.creator + " in goroutine 1")
		if got := g.Started("lib", "repro"); len(got) != test.want {
			t.Errorf("%s: %v, want %d", name, got, test.want)
		}
		if test.want > 0 && g.In("lib", "repro") != nil {
			t.Errorf("%s: it is in a call", name)
		}
	}
}
