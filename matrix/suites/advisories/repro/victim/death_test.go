package victim

import "testing"

// TestParse checks who is to blame for a panic.
func TestParse(t *testing.T) {
	const head = "2026/01/01 a line of a log\npanic: runtime error: index out of range [0] with length 0\n\ngoroutine 7 [running]:\npanic({0x1, 0x2})\n\truntime/panic.go:1038 +0x215\n"
	tests := []struct {
		name, log string
		want      Death
	}{
		{"target", head + "github.com/quic-go/quic-go.(*connection).run(0xc000)\n\tgithub.com/quic-go/quic-go/connection.go:12 +0x1\n", Death{
			Panic: "panic: runtime error: index out of range [0] with length 0", Place: "github.com/quic-go/quic-go.(*connection).run (connection.go:12)", InTarget: true}},
		{"library below the target", head + "sync.(*Mutex).Lock(0x1)\n\tsync/mutex.go:3 +0x1\ngithub.com/quic-go/quic-go/internal/wire.Parse(...)\n\twire/parse.go:5 +0x1\n", Death{
			Panic: "panic: runtime error: index out of range [0] with length 0", Place: "github.com/quic-go/quic-go/internal/wire.Parse (parse.go:5)", InTarget: true}},
		{"called back by the target", head + "main.handle(0x1)\n\tmain/victims.go:9 +0x1\ngithub.com/quic-go/quic-go/http3.(*Server).run(0x1)\n\thttp3/server.go:7 +0x1\n", Death{
			Panic: "panic: runtime error: index out of range [0] with length 0", Place: "main.handle (victims.go:9)"}},
		{"no panic", "fatal error: all goroutines are asleep - deadlock!\n", Death{}},
	}
	for _, test := range tests {
		if got := parse(test.log); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}
