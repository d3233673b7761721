//go:build !unix

package regular

// Flags would be for opening what should be a regular file. There are none here.
const Flags = 0
