//! How a batch is run, or some of its micro-shards.

use super::states::Carried;
use crate::plan::Draw;
use std::ops::Range;

/// A forward pass, and a backward pass if the gradient is wanted.
pub(crate) struct Pass<'a> {
    /// For the first sample of the batch.
    pub draw: Draw,
    /// Into how many micro-shards the batch is cut.
    pub shards: usize,
    /// Those that are run here.
    pub own: Range<usize>,
    /// What recurrent layers carry from an earlier step on the same sequences to the next one.
    pub carried: Option<&'a Carried>,
    /// Whether the gradient is computed.
    pub backward: bool,
}

impl Pass<'_> {
    /// Of a whole batch that has nothing to do with another one.
    pub fn alone(draw: Draw, backward: bool) -> Self {
        Self { draw, shards: 1, own: 0..1, carried: None, backward }
    }

    /// Whether all of the batch is run here.
    pub fn is_whole(&self) -> bool {
        self.own.len() == self.shards
    }

    /// Where the samples of a micro-shard lie in a batch of so many; those of neighbours lie side by side.
    pub fn rows(&self, shard: usize, batch: usize) -> Range<usize> {
        shard * batch / self.shards..(shard + 1) * batch / self.shards
    }

    /// Where the samples lie that are run here.
    pub fn own_rows(&self, batch: usize) -> Range<usize> {
        self.own.start * batch / self.shards..self.own.end * batch / self.shards
    }

    /// The draw for the samples from one of the batch on.
    pub fn draw_from(&self, sample: usize) -> Draw {
        Draw { sample: self.draw.sample + sample, ..self.draw }
    }
}
