package plan

import (
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Shard is the part of a plan that one machine runs: all rows of neighbouring
// releases.
type Shard struct {
	From, To int           // the plan's Rows[From:To]
	CPU      time.Duration // expected, including the set-up of its toolchains
}

// Releases returns the number of releases in a plan, which is the largest number of
// shards.
func Releases(p *matrix.Plan) int { return len(blocks(p, make([]Cost, len(p.Rows)))) }

// Whole returns what one machine is expected to take for the whole plan.
func Whole(p *matrix.Plan, costs []Cost) time.Duration {
	c := newCutter(p, costs)
	return c.fill(0, len(c.blocks), c.most()).CPU
}

// Cut divides a plan into n shards, 1 <= n <= Releases(p), so that the largest of
// them is as small as possible. The rows of one release stay together, since a
// patched row is judged by its unpatched row. Shards are contiguous by version,
// since neighbours share compiled packages and toolchains. Each shard pays for every
// toolchain that it needs.
//
// The result depends on the arguments alone. Machines that cut the same plan with
// the same costs can run one shard each, and together run every row once.
func Cut(p *matrix.Plan, costs []Cost, n int) []Shard {
	c := newCutter(p, costs)
	least := c.least(n)
	shards := make([]Shard, n)
	at := 0
	for i := range shards {
		// Leave at least one release for each shard that follows.
		s := c.fill(at, len(c.blocks)-(n-1-i), least)
		at = s.To
		shards[i] = Shard{From: c.blocks[s.From].from, To: c.blocks[s.To-1].to, CPU: s.CPU}
	}
	return shards
}

// Part returns the plan of one shard. It has the skips of the whole plan.
func Part(p *matrix.Plan, s Shard) *matrix.Plan {
	part := *p
	part.Rows = p.Rows[s.From:s.To:s.To]
	part.Order = nil
	for i, row := range p.Rows {
		if (i < s.From || i >= s.To) && len(row.Patches) == 0 && row.Release.IsRelease() {
			part.Elsewhere = append(part.Elsewhere, row.Release.Version)
		}
	}
	for _, i := range p.Order {
		if s.From <= i && i < s.To {
			part.Order = append(part.Order, i-s.From)
		}
	}
	return &part
}

// A block is the rows of one release, which no shard divides.
type block struct {
	from, to  int // Rows[from:to]
	cpu       time.Duration
	toolchain string
}

// blocks returns the blocks of a plan, in its order.
func blocks(p *matrix.Plan, costs []Cost) []block {
	var all []block
	for i, row := range p.Rows {
		if i == 0 || row.Release.Name() != p.Rows[i-1].Release.Name() {
			all = append(all, block{from: i, toolchain: row.Toolchain})
		}
		last := &all[len(all)-1]
		last.to = i + 1
		last.cpu += costs[i].CPU
	}
	return all
}

// A cutter divides the blocks of a plan.
type cutter struct {
	blocks []block
	server *matrix.Row // every shard builds it
}

func newCutter(p *matrix.Plan, costs []Cost) *cutter {
	return &cutter{blocks: blocks(p, costs), server: p.Server}
}

// most returns a size that is enough for all blocks in one shard.
func (c *cutter) most() time.Duration {
	sum := SetUp // of the server's toolchain
	for _, b := range c.blocks {
		sum += b.cpu + SetUp
	}
	return sum
}

// fill returns the shard that begins with the block from and takes as many blocks as
// fit into size, up to but not including end. It takes at least one. From and To of
// the result are indexes of blocks.
func (c *cutter) fill(from, end int, size time.Duration) Shard {
	s := Shard{From: from, To: from}
	ready := make(map[string]bool)
	if c.server != nil {
		ready[c.server.Toolchain] = true
		s.CPU = SetUp
	}
	for ; s.To < end; s.To++ {
		b := c.blocks[s.To]
		more := b.cpu
		if b.cpu > 0 && !ready[b.toolchain] {
			more += SetUp
		}
		if s.To > from && s.CPU+more > size {
			break
		}
		s.CPU += more
		ready[b.toolchain] = ready[b.toolchain] || b.cpu > 0
	}
	return s
}

// least returns the smallest size with which n shards take all blocks. A binary
// search finds it exactly: blocks that fit into some size fit into any larger one,
// and times are whole numbers.
func (c *cutter) least(n int) time.Duration {
	low, high := time.Duration(0), c.most()
	for low < high {
		if size := low + (high-low)/2; c.fits(size, n) {
			high = size
		} else {
			low = size + 1
		}
	}
	return low
}

// fits reports whether n shards of a size take all blocks. Filling one shard after
// the other is optimal: a shard that ends earlier only leaves more to the next.
func (c *cutter) fits(size time.Duration, n int) bool {
	at := 0
	for range n {
		s := c.fill(at, len(c.blocks), size)
		if s.CPU > size {
			return false
		}
		if at = s.To; at == len(c.blocks) {
			return true
		}
	}
	return false
}
