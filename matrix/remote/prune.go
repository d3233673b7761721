package remote

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Parallel is how many requests a remote record is asked at a time.
const Parallel = 8

// An Item is an entry with its size.
type Item struct {
	Tag     string
	Created time.Time
	Bytes   int64 // of the parts that no item before it has, compressed
}

// Contents are the entries of a remote record, the newest first.
type Contents struct {
	Items []Item
	Bytes int64
	Bad   []string // tags of entries that cannot be used
	Other int      // tags that are not of entries, and are never touched
}

// Contents returns what the record has.
func (r *Remote) Contents(ctx context.Context) (c Contents, err error) {
	tags, err := r.backend.tags(ctx)
	if err != nil {
		return c, r.explain("listing the entries", err)
	}
	c.Other = len(tags)
	tags = slices.DeleteFunc(tags, func(tag string) bool { return !tagPattern.MatchString(tag) })
	c.Other -= len(tags)
	manifests := make(map[string]*manifest)
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(Parallel)
	for _, tag := range tags {
		group.Go(func() error {
			m, err := r.manifest(ctx, tag)
			mu.Lock()
			defer mu.Unlock()
			var bad *BadError
			switch {
			case errors.Is(err, ErrNone): // removed meanwhile
			case errors.As(err, &bad) && bad.Foreign:
				c.Other++
			case errors.As(err, &bad):
				c.Bad = append(c.Bad, tag)
			case err != nil:
				return err
			default:
				manifests[tag] = m
			}
			return nil
		})
	}
	err = group.Wait()
	c.add(manifests)
	return c, err
}

// add sorts the entries, and adds up their sizes.
func (c *Contents) add(manifests map[string]*manifest) {
	for tag, m := range manifests {
		c.Items = append(c.Items, Item{Tag: tag, Created: m.created()})
	}
	slices.Sort(c.Bad)
	slices.SortFunc(c.Items, func(a, b Item) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.Tag, b.Tag))
	})
	counted := make(map[string]bool)
	for i := range c.Items {
		for _, part := range manifests[c.Items[i].Tag].parts() {
			if !counted[part.Digest.String()] {
				counted[part.Digest.String()] = true
				c.Items[i].Bytes += part.Size
			}
		}
		c.Bytes += c.Items[i].Bytes
	}
}

// Choose returns the tags to remove, so that at most so many bytes remain, none older than
// age: the oldest entries, and those that cannot be used.
func (c *Contents) Choose(bytes int64, age time.Duration, now time.Time) (tags []string, freed int64) {
	tags = slices.Clone(c.Bad)
	var total int64
	for _, item := range c.Items {
		if total += item.Bytes; total > bytes || now.Sub(item.Created) > age {
			tags = append(tags, item.Tag)
			freed += item.Bytes
		}
	}
	return tags, freed
}

// Remove removes entries. A registry frees the space when it collects its garbage.
func (r *Remote) Remove(ctx context.Context, tags []string) error {
	if len(tags) == 0 {
		return nil
	}
	if err := r.backend.remove(ctx, tags); err != nil {
		return r.explain("removing entries", err)
	}
	return nil
}
