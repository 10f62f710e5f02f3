//! Where each buffer lies in the arena of a block: buffers whose lifetimes do not meet share a place.

/// A buffer's need: from the first to the last moment at which it is used, and how many floats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    pub first: usize,
    pub last: usize,
    pub size: usize,
}

/// The offset of every buffer, and the size of the arena. Largest first, each at the lowest offset where
/// no buffer that lives at the same time lies (Pisarchyk and Lee 2020, "greedy by size").
pub(crate) fn place(lifetimes: &[Lifetime]) -> (Vec<usize>, usize) {
    // By insertion, as those of the same size keep their order: the sorts of std are 12 kB.
    let mut order: Vec<usize> = Vec::with_capacity(lifetimes.len());
    for (i, one) in lifetimes.iter().enumerate() {
        let at = order.iter().take_while(|&&j| lifetimes[j].size >= one.size).count();
        order.insert(at, i);
    }
    let mut offsets = vec![0; lifetimes.len()];
    let mut placed: Vec<usize> = Vec::new();
    let mut total = 0;
    for &i in &order {
        let one = lifetimes[i];
        let taken: Vec<(usize, usize)> = placed
            .iter()
            .filter(|&&j| lifetimes[j].first <= one.last && one.first <= lifetimes[j].last)
            .map(|&j| (offsets[j], offsets[j] + lifetimes[j].size))
            .collect();
        let mut at = 0;
        while let Some((_, to)) = taken.iter().find(|(from, to)| at < *to && *from < at + one.size) {
            at = *to;
        }
        offsets[i] = at;
        total = total.max(at + one.size);
        placed.push(i);
    }
    (offsets, total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, Stream};

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

    #[test]
    fn buffers_that_never_meet_share_their_place() {
        let (offsets, total) =
            place(&[Lifetime { first: 0, last: 1, size: 8 }, Lifetime { first: 2, last: 3, size: 8 }]);
        assert_eq!((offsets, total), (vec![0, 0], 8));
    }
}
