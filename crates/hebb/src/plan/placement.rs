//! Places buffers in the arena of a block: buffers that are never in use at the same time share memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// A buffer's lifetime, from its first to its last moment of use, and its size in floats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    pub first: usize,
    pub last: usize,
    pub size: usize,
}

/// The offset of every buffer, and the size of the arena. Largest first, each at the lowest offset that is free during its
/// lifetime (Pisarchyk and Lee 2020, "greedy by size").
pub(crate) fn place(lifetimes: &[Lifetime]) -> (Vec<usize>, usize) {
    // A heap, because the sorts of std are 12 kB. Of equal sizes, the first comes first.
    let sizes = lifetimes.iter().enumerate().map(|(i, one)| (one.size, Reverse(i)));
    let mut order: BinaryHeap<(usize, Reverse<usize>)> = sizes.filter(|&(size, _)| size > 0).collect();
    let mut moments = Moments::new(lifetimes.iter().map(|one| one.last + 1).max().unwrap_or(0));
    let mut offsets = vec![0; lifetimes.len()];
    let mut total = 0;
    while let Some((size, Reverse(i))) = order.pop() {
        offsets[i] = moments.take(&lifetimes[i]);
        total = total.max(offsets[i] + size);
    }
    (offsets, total)
}

/// The occupied ranges per moment: a segment tree, node `i` above the nodes 2i and 2i + 1, node 1 at the root. Placing n buffers
/// takes some n·log n steps, if the occupied ranges have few gaps.
struct Moments {
    nodes: Vec<Taken>,
    /// Number of moments, a power of two.
    width: usize,
    /// For each moment the last buffer that begins there: its last moment, its size, and its end in the arena.
    latest: Vec<(usize, usize, usize)>,
}

/// The occupied ranges of a node's moments.
#[derive(Clone, Default)]
struct Taken {
    /// In all of them.
    always: Ranges,
    /// In any of them.
    ever: Ranges,
}

impl Moments {
    fn new(moments: usize) -> Self {
        let width = moments.next_power_of_two();
        Self { nodes: vec![Taken::default(); 2 * width], width, latest: vec![(0, 0, 0); width] }
    }

    /// Takes the lowest offset that is free during a buffer's lifetime.
    fn take(&mut self, &Lifetime { first, last, size }: &Lifetime) -> usize {
        let mut nodes = Vec::new();
        self.find(1, 0..self.width, first, last, &mut nodes);
        // Below the end of an equally large buffer with a shorter lifetime, there is no room for this one either.
        let (before, like, end) = self.latest[first];
        let mut at = if like == size && before <= last { end } else { 0 };
        let hit = |at: usize| {
            nodes.iter().find_map(|&(node, whole)| {
                let Taken { always, ever } = &self.nodes[node];
                if whole { ever } else { always }.end_of(at, at + size)
            })
        };
        while let Some(end) = hit(at) {
            at = end;
        }
        for (node, whole) in nodes {
            let Taken { always, ever } = &mut self.nodes[node];
            ever.add(at, at + size);
            if whole {
                always.add(at, at + size);
            }
        }
        self.latest[first] = (last, size, at + size);
        at
    }

    /// The nodes that overlap a lifetime: true for those that it fills, false for their ancestors.
    fn find(
        &self,
        node: usize,
        moments: Range<usize>,
        first: usize,
        last: usize,
        into: &mut Vec<(usize, bool)>,
    ) {
        if last < moments.start || moments.end <= first {
            return;
        }
        let whole = first <= moments.start && moments.end <= last + 1;
        into.push((node, whole));
        if !whole {
            let middle = moments.start.midpoint(moments.end);
            self.find(2 * node, moments.start..middle, first, last, into);
            self.find(2 * node + 1, middle..moments.end, first, last, into);
        }
    }
}

/// Ranges of offsets, sorted and disjoint.
#[derive(Clone, Default)]
struct Ranges(Vec<(usize, usize)>);

impl Ranges {
    /// The end of a range that overlaps this one.
    fn end_of(&self, from: usize, to: usize) -> Option<usize> {
        let at = self.0.partition_point(|&(_, end)| end <= from);
        self.0.get(at).filter(|&&(start, _)| start < to).map(|&(_, end)| end)
    }

    /// Adds a range; merges the ranges that it touches.
    fn add(&mut self, from: usize, to: usize) {
        let ranges = &mut self.0;
        let first = ranges.partition_point(|&(_, end)| end < from);
        let after = ranges.partition_point(|&(start, _)| start <= to);
        if first == after {
            return ranges.insert(first, (from, to));
        }
        ranges[first] = (from.min(ranges[first].0), to.max(ranges[after - 1].1));
        ranges.drain(first + 1..after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hebb_kernels::random::{Random, Stream};

    #[test]
    fn buffers_that_live_together_never_overlap() {
        let mut random = Random::new(1, Stream::Test(0));
        for _ in 0..200 {
            let lifetimes: Vec<Lifetime> = (0..random.below(20) + 1)
                .map(|_| {
                    let first = random.below(30);
                    Lifetime { first, last: first + random.below(10), size: random.below(100) + 1 }
                })
                .collect();
            let (offsets, total) = place(&lifetimes);
            for (i, a) in lifetimes.iter().enumerate() {
                assert!(offsets[i] + a.size <= total);
                for (j, b) in lifetimes.iter().enumerate().take(i) {
                    let together = a.first <= b.last && b.first <= a.last;
                    let apart = offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i];
                    assert!(!together || apart);
                }
            }
        }
    }

    /// What [`place`] gives, by looking at every buffer that was placed before.
    fn naive(lifetimes: &[Lifetime]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..lifetimes.len()).collect();
        order.sort_by_key(|&i| Reverse(lifetimes[i].size));
        let mut offsets = vec![0; lifetimes.len()];
        for (n, &i) in order.iter().enumerate() {
            let Lifetime { first, last, size } = lifetimes[i];
            let meets = |j: &&usize| lifetimes[**j].first <= last && first <= lifetimes[**j].last;
            let taken: Vec<&usize> = order[..n].iter().filter(meets).collect();
            let hits = |at: usize, j: usize| at < offsets[j] + lifetimes[j].size && offsets[j] < at + size;
            let mut at = 0;
            while let Some(&&j) = taken.iter().find(|&&&j| hits(at, j)) {
                at = offsets[j] + lifetimes[j].size;
            }
            offsets[i] = at;
        }
        offsets
    }

    #[test]
    fn every_buffer_has_the_lowest_offset_that_is_free() {
        let mut random = Random::new(2, Stream::Test(0));
        for round in 0..300 {
            let (count, moments, sizes) = (random.below(60), 1 + random.below(40), 1 + random.below(30));
            let lifetimes: Vec<Lifetime> = (0..count)
                .map(|_| {
                    let first = random.below(moments);
                    let length = if round % 3 == 0 { moments } else { 6 };
                    Lifetime { first, last: first + random.below(length), size: random.below(sizes) }
                })
                .collect();
            assert_eq!(place(&lifetimes).0, naive(&lifetimes), "{lifetimes:?}");
        }
    }

    #[test]
    fn buffers_that_never_meet_share_their_place() {
        let (offsets, total) =
            place(&[Lifetime { first: 0, last: 1, size: 8 }, Lifetime { first: 2, last: 3, size: 8 }]);
        assert_eq!((offsets, total), (vec![0, 0], 8));
    }
}
