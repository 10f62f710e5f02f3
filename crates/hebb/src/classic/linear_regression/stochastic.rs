//! Stochastic gradient descent: one step per sample or minibatch, in a new random order in each epoch.

use super::problem::Problem;
use crate::optimizers::batch::{Method, Move, Point, Rate};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::random::{Random, Stream};
use std::rc::Rc;

/// An epoch of small steps counts as one step of the minimisation.
pub(super) struct Stochastic {
    problem: Rc<Problem>,
    rate: Rate,
    size: usize,
    seed: u64,
    epoch: u32,
    step: u64,
    last: Option<f64>,
}

impl Stochastic {
    pub(super) fn new(problem: Rc<Problem>, rate: Rate, size: usize, seed: u64) -> Result<Self> {
        rate.check()?;
        if rate.at(0).is_none() {
            return Err(Error::option(
                "learningRate \"lineMinimized\" needs the cost of all samples: leave batchSize out, or give a number",
            ));
        }
        Ok(Self { problem, rate, size, seed, epoch: 0, step: 0, last: None })
    }
}

impl Method for Stochastic {
    fn next(&mut self, here: &Point, _: Option<&Point>) -> Move {
        let mut order: Vec<usize> = (0..self.problem.t.len()).collect();
        Random::new(self.seed, Stream::Shuffle(self.epoch)).shuffle(&mut order);
        let mut x = here.x.clone();
        for batch in order.chunks(self.size) {
            let rate = self.rate.at(self.step).unwrap_or_default();
            let (_, gradient) = self.problem.gradient(&x, batch.iter().copied());
            x.iter_mut().zip(gradient).for_each(|(x, g)| *x -= rate * g);
            self.step += 1;
            self.last = Some(rate);
        }
        self.epoch += 1;
        Move::Go(x)
    }

    fn rate(&self) -> Option<f64> {
        self.last
    }

    fn adjusts(&self) -> bool {
        false
    }

    /// The greatest curvature of a minibatch: 2|(x, 1)|² of its longest sample.
    fn curvature(&self, _: &Point, _: &Point) -> Option<f64> {
        let square = |row: ndarray::ArrayView1<f64>| row.dot(&row) + 1.0;
        Some(self.problem.x.rows().into_iter().map(square).fold(0.0, |a: f64, b| a.max(2.0 * b)))
    }
}
