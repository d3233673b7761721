package matrix

import "testing"

// TestParseAPI checks good names, with their parts, and bad ones.
func TestParseAPI(t *testing.T) {
	for name, want := range map[string]API{
		"Dial":                      {Name: "Dial"},
		"Conn.Close":                {Type: "Conn", Name: "Close"},
		"http3.Dial":                {Folder: "http3", Name: "Dial"},
		"http3.Transport.RoundTrip": {Folder: "http3", Type: "Transport", Name: "RoundTrip"},
		"a/b.c/d.Dial":              {Folder: "a/b.c/d", Name: "Dial"},
		"v2.1.Conn.Close":           {Folder: "v2.1", Type: "Conn", Name: "Close"},
	} {
		if got, err := ParseAPI(name); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	for _, name := range []string{"", "dial", "Conn.close", "Conn.", ".Dial", "Conn..Close", "*Conn.Close", "(*Conn).Close", "../x.Dial", "/x.Dial", "a//b.Dial", "a/./b.Dial", "Dial()", "a b.Dial", "http3.", "Dial[int]", "a/Conn.Close"} {
		if got, err := ParseAPI(name); err == nil {
			t.Errorf("%q: got %+v, want an error", name, got)
		}
	}
}
