package build

import "testing"

// TestNames checks which modules a message is about.
func TestNames(t *testing.T) {
	for _, tt := range []struct {
		message, module string
		want            bool
	}{
		{"undefined: sys.Exit", "golang.org/x/sys", true},
		{"not enough arguments in call to yaml.Unmarshal", "gopkg.in/yaml.v2", true},
		{"cannot use x (type example.com/dep/v2.T) as int", "example.com/dep/v2", true},
		{"undefined: subsys.Exit", "golang.org/x/sys", false},
		{"undefined: sys", "golang.org/x/sys", false},
	} {
		if got := names(tt.message, tt.module); got != tt.want {
			t.Errorf("names(%q, %q) = %v", tt.message, tt.module, got)
		}
	}
}
