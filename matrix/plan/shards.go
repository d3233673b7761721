package plan

import (
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Shard is a part of a plan that one machine runs: neighbouring rows, all of
// the releases that it has.
type Shard struct {
	From, To int           // the plan's Rows[From:To]
	CPU      time.Duration // that it is expected to take, the set-up of its toolchains included
}

// Releases counts the releases of a plan's rows: it can be cut into so many
// shards.
func Releases(p *matrix.Plan) int { return len(blocks(p, make([]Cost, len(p.Rows)))) }

// Whole returns what one machine is expected to take for all rows of a plan.
func Whole(p *matrix.Plan, costs []Cost) time.Duration {
	c := newCutter(p, costs)
	return c.fill(0, len(c.blocks), c.most()).CPU
}

// Cut divides a plan into n shards, with 1 <= n <= Releases(p), so that the
// largest of them takes as little as it can. Rows of one release stay together,
// since a patched row is judged against its unpatched one, and shards are
// neighbours by version, since neighbours share compiled packages and toolchains.
// Each shard pays for every toolchain that it needs.
//
// The shards depend on the arguments alone: machines which cut the same plan by
// the same costs can do one shard each, and have done all rows once.
func Cut(p *matrix.Plan, costs []Cost, n int) []Shard {
	c := newCutter(p, costs)
	least := c.least(n)
	shards := make([]Shard, n)
	at := 0
	for i := range shards {
		// Each of those that follow gets one release at least.
		s := c.fill(at, len(c.blocks)-(n-1-i), least)
		at = s.To
		shards[i] = Shard{From: c.blocks[s.From].from, To: c.blocks[s.To-1].to, CPU: s.CPU}
	}
	return shards
}

// Part returns the plan of one shard. What the whole plan leaves out, each
// shard leaves out.
func Part(p *matrix.Plan, s Shard) *matrix.Plan {
	part := *p
	part.Rows = p.Rows[s.From:s.To:s.To]
	part.Order = nil
	for _, i := range p.Order {
		if s.From <= i && i < s.To {
			part.Order = append(part.Order, i-s.From)
		}
	}
	return &part
}

// A block is what no shard divides: the rows of one release.
type block struct {
	from, to  int // rows
	cpu       time.Duration
	toolchain string
}

func blocks(p *matrix.Plan, costs []Cost) []block {
	var all []block
	for i, row := range p.Rows {
		if i == 0 || row.Release.Version != p.Rows[i-1].Release.Version {
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
	server *matrix.Row // which each shard builds
}

func newCutter(p *matrix.Plan, costs []Cost) *cutter {
	return &cutter{blocks: blocks(p, costs), server: p.Server}
}

// most is a size into which all blocks fit.
func (c *cutter) most() time.Duration {
	sum := SetUp // of the server's toolchain
	for _, b := range c.blocks {
		sum += b.cpu + SetUp
	}
	return sum
}

// fill returns the shard that begins with a block and takes as many as fit into
// its size, none from the block end on. Its From and To are blocks. It has one at
// least, whatever the size.
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

// least returns the least size of shards of which n take all blocks. What fits
// into some size fits into larger ones, and times are whole numbers, so that it is
// found and not only neared.
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

// fits reports whether n shards of some size take all blocks. Filling them one
// after the other needs the fewest: a shard that ends earlier leaves no less to
// the next.
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
