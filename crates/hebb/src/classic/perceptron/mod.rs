//! Rosenblatt's perceptron ("The perceptron: a probabilistic model for information storage and organization in the
//! brain", 1958): a threshold unit y = [w·x + b ≥ 0] that learns by its mistakes, Δw = ε(t − y)x, Δb = ε(t − y)
//! with t and y of 0 and 1. Several classes have one unit each, which separates its class from the rest.

mod margin;
mod net;
mod options;
mod unit;

pub use options::{Options, Variant};
pub use unit::{Stop, Unit, Update};

use super::samples;
use crate::optimizers::positive;
use hebb_kernels::error::{Error, Result};
use hebb_kernels::random::{Random, Stream};
use ndarray::Array2;
use net::{Data, net};

/// A perceptron in training.
pub struct Fit {
    options: Options,
    data: Data,
    units: Vec<Unit>,
    order: Vec<u32>,
    epoch: u64,
    at: usize,
}

impl Fit {
    /// From samples `[samples, inputs]` and the class number of each.
    pub fn new(options: Options, x: Vec<f64>, classes: Vec<u32>) -> Result<Self> {
        positive("perceptron: learningRate", options.learning_rate)?;
        if options.classes < 2 || options.epochs == 0 {
            return Err(Error::option("perceptron: it needs at least two classes and one epoch"));
        }
        let x = samples(x, options.inputs)?;
        if x.nrows() != classes.len() {
            let (n, targets) = (x.nrows(), classes.len());
            return Err(Error::shape(format!("{targets} targets for {n} samples")));
        }
        if options.classes > classes.len() {
            let (n, classes) = (classes.len(), options.classes);
            return Err(Error::data(format!("{n} samples are too few for {classes} classes")));
        }
        let mut counts = vec![0usize; options.classes];
        for &class in &classes {
            *counts.get_mut(class as usize).ok_or_else(|| {
                let last = options.classes - 1;
                Error::data(format!("class {class} is out of range: there are classes 0 to {last}"))
            })? += 1;
        }
        if let Some(none) = counts.iter().position(|&count| count == 0) {
            return Err(Error::data(format!(
                "no sample is of class {none}: a perceptron learns from samples of both classes"
            )));
        }
        let count = if options.classes == 2 { 1 } else { options.classes };
        let units = (0..count).map(|number| Unit::new(number, &options)).collect();
        let data = Data { x, classes, pair: options.classes == 2 };
        let order = (0..data.classes.len() as u32).collect();
        let mut fit = Self { options, data, units, order, epoch: 0, at: 0 };
        fit.shuffle();
        Ok(fit)
    }

    fn shuffle(&mut self) {
        if self.options.shuffle {
            Random::new(self.options.seed, Stream::Shuffle(self.epoch as u32)).shuffle(&mut self.order);
        }
    }

    /// Presents at most `samples` samples; returns whether the training has ended.
    pub fn advance(&mut self, samples: usize) -> bool {
        for _ in 0..samples {
            if self.units.iter().all(|unit| unit.stop().is_some()) {
                return true;
            }
            for unit in &mut self.units {
                unit.present(self.order[self.at] as usize, &self.data, self.epoch + 1);
            }
            self.at += 1;
            if self.at == self.order.len() {
                self.end_epoch();
            }
        }
        self.units.iter().all(|unit| unit.stop().is_some())
    }

    fn end_epoch(&mut self) {
        self.at = 0;
        self.epoch += 1;
        let last = self.epoch == self.options.epochs;
        for unit in &mut self.units {
            unit.end_epoch(self.epoch, last, self.options.shuffle, &self.data);
        }
        self.shuffle();
    }

    /// The units: one for two classes, else one per class.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The fraction of training samples that the final weights classify correctly.
    pub fn accuracy(&self) -> f64 {
        let weights: Vec<f64> = self.units.iter().flat_map(Unit::kept).collect();
        right(&answer(&weights, &self.data.x), &self.data.classes)
    }
}

/// The fraction of right answers.
fn right(answers: &[u32], classes: &[u32]) -> f64 {
    answers.iter().zip(classes).filter(|(a, t)| a == t).count() as f64 / answers.len() as f64
}

/// The fraction of the samples `[samples, inputs]` that weights as for [`predict`] classify correctly.
pub fn accuracy(weights: &[f64], inputs: usize, x: Vec<f64>, classes: &[u32]) -> Result<f64> {
    let answers = predict(weights, inputs, x)?;
    if answers.len() != classes.len() {
        return Err(Error::shape(format!("{} targets for {} samples", classes.len(), answers.len())));
    }
    Ok(right(&answers, classes))
}

/// The class of each of the samples `[samples, inputs]`, for weights `[units, inputs + 1]`, biases last.
pub fn predict(weights: &[f64], inputs: usize, x: Vec<f64>) -> Result<Vec<u32>> {
    if weights.is_empty() || !weights.len().is_multiple_of(inputs + 1) {
        return Err(Error::shape(format!("{} weights for units of {inputs} inputs", weights.len())));
    }
    Ok(answer(weights, &samples(x, inputs)?))
}

/// A single unit: whether it fires. Several: the one with the largest net input, the first of equal ones.
fn answer(weights: &[f64], x: &Array2<f64>) -> Vec<u32> {
    let units: Vec<&[f64]> = weights.chunks_exact(x.ncols() + 1).collect();
    let class = |row| match units[..] {
        [unit] => u32::from(net(unit, row) >= 0.0),
        _ => {
            let nets = units.iter().map(|unit| net(unit, row)).enumerate();
            nets.fold(
                (0, f64::NEG_INFINITY),
                |best, (k, net)| if net > best.1 { (k as u32, net) } else { best },
            )
            .0
        }
    };
    x.rows().into_iter().map(class).collect()
}

#[cfg(test)]
mod tests;
