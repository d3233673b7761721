package record

import "testing"

// TestKnownIsBounded checks that a text is decoded once, unless it would take too much room.
func TestKnownIsBounded(t *testing.T) {
	var k known[int]
	decoded := 0
	decode := func(text []byte, v *int) error {
		decoded++
		*v = len(text)
		return nil
	}
	for _, test := range []struct{ size, want int }{
		{mostKnown - 1, 1},
		{2, 3}, // the first leaves no room for it
		{1, 4},
	} {
		text := make([]byte, test.size)
		for range 2 {
			if got, err := k.value(text, decode); err != nil || got != test.size {
				t.Errorf("%d bytes: got %d, %v", test.size, got, err)
			}
		}
		if decoded != test.want {
			t.Errorf("%d bytes: %d texts were decoded so far, want %d", test.size, decoded, test.want)
		}
	}
}
