package record

// Bounds on the size of the files that are read. The record writes no larger ones, so
// a larger file is damaged.
const (
	// maxSmall is for entries without trials. The largest list the tests of a release:
	// 10,000 that fail, with 4 KiB of output each, take 40 MiB.
	maxSmall = 64 << 20
	// maxTrace is for 100,000 trials of 2.5 KiB. A trial takes a few hundred bytes.
	maxTrace = 256 << 20
	// maxEvidence is for the 64 MiB that a trial may leave, which take a third more in
	// base64, and the 16 MiB that it may print.
	maxEvidence = 128 << 20
	// maxBinary is what the linker can make: code refers to other code and to data by
	// offsets of 32 bits with a sign.
	maxBinary = 2 << 30
	// maxLock and maxTag are for files of a line or two.
	maxLock = 1 << 10
	maxTag  = 64 << 10
)

// maxSize returns the size above which a file of a kind is not read, in bytes.
func maxSize(kind string) int64 {
	switch kind {
	case "bin":
		return maxBinary
	case "trace":
		return maxTrace
	case "evidence":
		return maxEvidence
	default:
		return maxSmall
	}
}
