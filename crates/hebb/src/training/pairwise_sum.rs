//! The sum of vectors in the order of a tree, ((0 + 1) + (2 + 3)) + …, whoever adds which part of it.
//!
//! ```text
//! 0   1   2   3   4        five vectors; each sum is a node, and covers a range of them
//! └─┬─┘   └─┬─┘   │
//!  0..2    2..4   │        a process that has 3 and 4 only keeps both, since they are no siblings
//!    └───┬───┘    │
//!       0..4    4..5
//!         └───┬───┘
//!           0..5
//! ```

use hebb_kernels::error::{Result, zeros};
use hebb_kernels::vector;
use std::ops::Range;

/// The nodes of the tree over `count` vectors that were added so far, none of them the sibling of the next.
#[derive(Default)]
pub(super) struct PairwiseSum {
    nodes: Vec<Range<usize>>,
    /// Of the nodes, one after another.
    values: Vec<f32>,
}

impl PairwiseSum {
    /// Begins anew.
    pub fn clear(&mut self) {
        self.nodes.clear();
    }

    /// Adds vector `number` of `count`, all of one length, in order.
    pub fn add(&mut self, number: usize, count: usize, values: &[f32]) -> Result<()> {
        let (width, at) = (values.len(), self.nodes.len() * values.len());
        if self.values.len() < at + width {
            let mut more = zeros(at + width, "the gradients of micro-shards")?;
            more[..at].copy_from_slice(&self.values[..at]);
            self.values = more;
        }
        self.values[at..at + width].copy_from_slice(values);
        self.nodes.push(number..number + 1);
        while let [.., left, right] = &mut self.nodes[..]
            && siblings(left, right, count)
        {
            left.end = right.end;
            self.nodes.pop();
            let at = (self.nodes.len() - 1) * width;
            let (sum, other) = self.values[at..at + 2 * width].split_at_mut(width);
            vector::add(sum, other);
        }
        Ok(())
    }

    /// The values of the nodes, one after another.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

/// Whether two neighbours add up to a node of the tree over `count` vectors.
fn siblings(left: &Range<usize>, right: &Range<usize>, count: usize) -> bool {
    let size = left.len();
    left.start.is_multiple_of(2 * size) && right.end == count.min(left.end + size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of a range by halves, as text.
    fn node(from: usize, size: usize, count: usize) -> String {
        match size {
            1 => format!("{from}"),
            _ if from + size / 2 >= count => node(from, size / 2, count),
            _ => format!("({}+{})", node(from, size / 2, count), node(from + size / 2, size / 2, count)),
        }
    }

    #[test]
    fn parts_have_the_nodes_of_the_tree() -> Result<()> {
        for count in 1..=17 {
            for from in 0..count {
                for to in from + 1..=count {
                    let mut sum = PairwiseSum::default();
                    (from..to).try_for_each(|number| sum.add(number, count, &[number as f32, 1.0]))?;
                    // Each node has the sum of its range, and they cover all.
                    let mut next = from;
                    for (node, values) in sum.nodes.iter().zip(sum.values().as_chunks::<2>().0) {
                        let total: usize = node.clone().sum();
                        assert_eq!((node.start, values), (next, &[total as f32, node.len() as f32]));
                        next = node.end;
                    }
                    assert_eq!(next, to);
                    assert!(sum.nodes.len() == 1 || (from, to) != (0, count), "{count}: {:?}", sum.nodes);
                }
            }
        }
        Ok(())
    }

    #[test]
    fn the_sum_is_that_of_the_tree_to_the_bits() -> Result<()> {
        for count in 1..=9_usize {
            let value = |number: usize| 1.0f32 / (3.0 + 7.0 * number as f32);
            let mut sum = PairwiseSum::default();
            (0..count).try_for_each(|number| sum.add(number, count, &[value(number)]))?;
            fn tree(from: usize, size: usize, count: usize, value: &dyn Fn(usize) -> f32) -> f32 {
                match size {
                    1 => value(from),
                    _ if from + size / 2 >= count => tree(from, size / 2, count, value),
                    _ => tree(from, size / 2, count, value) + tree(from + size / 2, size / 2, count, value),
                }
            }
            let expected = tree(0, count.next_power_of_two(), count, &value);
            assert_eq!(sum.values()[0].to_bits(), expected.to_bits(), "{}", node(0, 16, count));
        }
        Ok(())
    }
}
