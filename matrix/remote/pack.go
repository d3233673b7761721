package remote

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back a difference refers at most: over all of it and its base.
const maxWindow = 128 << 20

// worth is the part of what its base takes that a difference may take, so that it is worth
// two fetches in place of one.
const worth = 0.7

// packFile compresses a file: against its base, if that is worth it. It returns the blobs
// to write.
func packFile(s Source) (File, []blob, error) {
	f := File{SHA256: sumOf(s.Content), Size: int64(len(s.Content))}
	if f.Size > maxFile {
		return f, nil, fmt.Errorf("a file takes %d bytes, and only %d are read", f.Size, int64(maxFile))
	}
	if s.Base != nil && s.Base.File.Whole() {
		base, err := s.Base.Content()
		if err == nil && len(base)+len(s.Content) <= maxWindow {
			delta, err := pack(s.Content, base)
			if err != nil {
				return f, nil, err
			}
			if float64(len(delta)) <= worth*float64(s.Base.File.stored.Size) {
				b := newBlob(deltaType, delta)
				f.stored, f.base = b.Descriptor, &s.Base.File
				return f, []blob{b}, nil
			}
		}
	}
	whole, err := pack(s.Content, nil)
	if err != nil {
		return f, nil, err
	}
	b := newBlob(wholeType, whole)
	f.stored = b.Descriptor
	return f, []blob{b}, nil
}

// pack compresses contents, as what differs from a base if there is one. A better
// compression takes ten times as long, and saves a twentieth.
func pack(content, base []byte) ([]byte, error) {
	options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1)}
	if len(base) > 0 {
		options = append(options, zstd.WithEncoderDictRaw(1, base), zstd.WithWindowSize(window(len(base)+len(content))))
	}
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out, options...)
	if err == nil {
		_, err = w.Write(content)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("compressing a file: %w", err)
	}
	return out.Bytes(), nil
}

// window returns the window for so many bytes: a power of two.
func window(bytes int) int {
	w := 1 << 20
	for w < bytes {
		w *= 2
	}
	return w
}

// unpack is the inverse of pack, for contents of a size that is known. It reads no more.
func unpack(packed, base []byte, size int64) ([]byte, error) {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow)}
	if len(base) > 0 {
		options = append(options, zstd.WithDecoderDictRaw(1, base))
	}
	r, err := zstd.NewReader(bytes.NewReader(packed), options...)
	if err != nil {
		return nil, fmt.Errorf("a part of it cannot be decompressed: %w", err)
	}
	defer r.Close()
	var out bytes.Buffer
	out.Grow(int(min(size, 64<<20))) // more comes only with what is read
	n, err := io.Copy(&out, io.LimitReader(r, size+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("a part of it cannot be decompressed: %w", err)
	case n != size:
		return nil, errors.New("a file has another size than the entry says")
	}
	return out.Bytes(), nil
}
