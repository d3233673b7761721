package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/errcode"
	"oras.land/oras-go/v2/registry/remote/retry"
)

// A repository is a backend in a registry.
type repository struct {
	repo *remote.Repository
	err  error // why there is none
}

// Retries of a request that found no answer, or one that may be another in a moment. More
// would make a run wait for what it can make itself.
const (
	retries   = 2
	leastWait = 200 * time.Millisecond
	mostWait  = 2 * time.Second
)

// maxPages limits how many lists of tags are read, with 100 to 1,000 tags each.
const maxPages = 1000

// newRepository returns the backend for HOST/REPOSITORY. Credentials are those of docker
// login. A registry on loopback may speak HTTP without TLS.
func newRepository(ctx context.Context, reference string) *repository {
	repo, err := remote.NewRepository(reference)
	if err != nil {
		return &repository{err: err}
	}
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: smallLimit / 2,
		MaxIdleConnsPerHost:   Parallel,
		IdleConnTimeout:       time.Minute,
		ForceAttemptHTTP2:     true,
	}
	repo.PlainHTTP = speaksPlain(ctx, transport, repo.Reference.Host())
	policy := &retry.GenericPolicy{
		Retryable: retry.DefaultPredicate, Backoff: retry.DefaultBackoff,
		MinWait: leastWait, MaxWait: mostWait, MaxRetry: retries,
	}
	client := &auth.Client{
		Client: &http.Client{Transport: &retry.Transport{Base: transport, Policy: func() retry.Policy { return policy }}},
		Cache:  auth.NewCache(),
		Header: http.Header{"User-Agent": {"matrixrun"}},
	}
	store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{DetectDefaultNativeStore: true})
	if err != nil {
		return &repository{err: fmt.Errorf("reading the credentials of docker login: %w", err)}
	}
	client.Credential = credentials.Credential(store)
	repo.Client = client
	repo.SkipReferrersGC = true
	repo.TagListMaxPages = maxPages
	return &repository{repo: repo}
}

// speaksPlain reports whether a registry is on loopback and answers in HTTP without TLS.
func speaksPlain(ctx context.Context, transport http.RoundTripper, hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = hostPort
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+hostPort+"/v2/", http.NoBody)
	if err != nil {
		return false
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err == nil {
		resp.Body.Close()
	}
	return errors.Is(err, http.ErrSchemeMismatch)
}

func (r *repository) manifest(ctx context.Context, tag string) ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	d, body, err := r.repo.Manifests().FetchReference(ctx, tag)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxManifest+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxManifest:
		return nil, &BadError{Entry: tag, Why: "its manifest is too large"}
	case digest.FromBytes(data) != d.Digest:
		return nil, &BadError{Entry: tag, Why: "its manifest does not match its digest"}
	}
	return data, nil
}

func (r *repository) blob(ctx context.Context, d ocispec.Descriptor) (data []byte, err error) {
	for range retries { // the library makes requests again, but reads no body again
		if data, err = r.read(ctx, d); !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
	}
	return data, err
}

// read reads a blob.
func (r *repository) read(ctx context.Context, d ocispec.Descriptor) ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	body, err := r.repo.Blobs().Fetch(ctx, d)
	if err != nil {
		if strings.Contains(err.Error(), "mismatch Content-Length") { // the library has no type for it
			return nil, &BadError{Entry: d.Digest.Encoded(), Why: "a part of it has another size"}
		}
		return nil, err
	}
	defer body.Close()
	return readAtMost(body, d.Size)
}

// readAtMost reads a blob, and a byte more than it should have if there is one.
func readAtMost(from io.Reader, size int64) ([]byte, error) {
	var data bytes.Buffer
	data.Grow(int(min(size, 64<<20)) + bytes.MinRead)
	_, err := io.Copy(&data, io.LimitReader(from, size+1))
	return data.Bytes(), err
}

func (r *repository) exists(ctx context.Context, d ocispec.Descriptor) (bool, error) {
	if r.err != nil {
		return false, r.err
	}
	return r.repo.Blobs().Exists(ctx, d)
}

func (r *repository) push(ctx context.Context, d ocispec.Descriptor, content []byte) error {
	d.Data = nil
	return r.repo.Blobs().Push(ctx, d, bytes.NewReader(content))
}

func (r *repository) tag(ctx context.Context, tag string, manifest []byte) error {
	return r.repo.Manifests().PushReference(ctx, newBlob(ocispec.MediaTypeImageManifest, manifest).Descriptor, bytes.NewReader(manifest), tag)
}

// repair does nothing: a registry replaces the contents of a blob, or does not.
func (r *repository) repair(context.Context, ocispec.Descriptor) error { return nil }

func (r *repository) tags(ctx context.Context) (all []string, err error) {
	if r.err != nil {
		return nil, r.err
	}
	err = r.repo.Tags(ctx, "", func(some []string) error {
		all = append(all, some...)
		return nil
	})
	if answer, ok := errors.AsType[*errcode.ErrorResponse](err); ok && answer.StatusCode == http.StatusNotFound {
		return nil, nil // nothing was pushed yet
	}
	return all, err
}

func (r *repository) remove(ctx context.Context, tags []string) error {
	for _, tag := range tags {
		d, err := r.repo.Manifests().Resolve(ctx, tag)
		if err == nil {
			err = r.repo.Manifests().Delete(ctx, d)
		}
		if err != nil && !errors.Is(err, errdef.ErrNotFound) {
			return err
		}
	}
	return nil
}
