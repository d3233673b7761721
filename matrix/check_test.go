package matrix

import "testing"

// TestCheckExit checks the exit code of checks. What is not known outranks a leak, and a
// leak outranks modules that were not looked at.
func TestCheckExit(t *testing.T) {
	leaks := func(reach ...Reach) Use {
		return Use{Advice: &Advice{State: StateOK, Affected: true, Leaks: []string{"a", "b"}}, Reach: reach}
	}
	never := func(name string) Reach { return Reach{Scenario: name, State: NotReached} }
	clean := Use{Advice: &Advice{State: StateOK, Clean: []string{"a", "b"}}}
	unmeasured := Use{Advice: &Advice{State: StateOK, Clean: []string{"a"}, Unknown: []string{"b"}}}
	unseen := []Unseen{{Module: "example.com/x"}}
	for name, test := range map[string]struct {
		check Check
		want  int
	}{
		"nothing":                        {Check{}, ExitOK},
		"nothing that was looked at":     {Check{Unseen: unseen}, ExitUnknown},
		"nothing of a part":              {Check{Partial: "why"}, ExitUnknown},
		"clean":                          {Check{Uses: []Use{clean}}, ExitOK},
		"clean, and not all looked at":   {Check{Uses: []Use{clean}, Unseen: unseen}, ExitUnknown},
		"leak":                           {Check{Uses: []Use{clean, leaks()}}, ExitDiffers},
		"leak, and not all looked at":    {Check{Uses: []Use{leaks()}, Unseen: unseen, Partial: "why"}, ExitDiffers},
		"leak, and a fork":               {Check{Uses: []Use{leaks(), {Unknown: "why"}}}, ExitUnknown},
		"not reached":                    {Check{Uses: []Use{leaks(never("a"), never("b"))}}, ExitOK},
		"not reached, not all looked at": {Check{Uses: []Use{leaks(never("a"), never("b"))}, Unseen: unseen}, ExitUnknown},
		"not reached, but built":         {Check{Uses: []Use{leaks(never("a"), never("b"))}, FailOn: FailOnBuilt}, ExitDiffers},
		"one reached":                    {Check{Uses: []Use{leaks(never("a"), Reach{Scenario: "b", State: Reached})}}, ExitDiffers},
		"one not known to be reached":    {Check{Uses: []Use{leaks(never("a"), Reach{Scenario: "b", State: ReachUnknown})}}, ExitDiffers},
		"one not looked for":             {Check{Uses: []Use{leaks(never("a"))}}, ExitDiffers},
		"not measured":                   {Check{Uses: []Use{unmeasured}}, ExitUnknown},
		"not built":                      {Check{Uses: []Use{{Advice: &Advice{State: StateBuildFailed}}}}, ExitUnknown},
		"cannot happen":                  {Check{Uses: []Use{{Unaffected: "why"}}}, ExitOK},
	} {
		if got := test.check.Exit(); got != test.want {
			t.Errorf("%s: exit code %d, want %d", name, got, test.want)
		}
	}
}
