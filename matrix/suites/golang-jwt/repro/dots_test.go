package repro

import (
	"runtime"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// TestDots measures the memory that it takes to refuse too many dots.
func TestDots(t *testing.T) {
	token := strings.Repeat(".", 1_000_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := new(jwt.Parser).ParseUnverified(token, jwt.MapClaims{})
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Skip("it accepts the token")
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 8_000_000 {
		t.Errorf("%d million bytes for a million dots", n/1_000_000)
	}
}
