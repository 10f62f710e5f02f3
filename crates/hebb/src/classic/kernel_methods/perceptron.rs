//! The kernel perceptron (Aizerman, Braverman and Rozonoer 1964): Rosenblatt's perceptron of φ(x). Its weights are a sum of the
//! samples that it got wrong, w = Σ αᵢφ(xᵢ), and therefore all that it needs is w·φ(x) = Σ αᵢK(xᵢ, x).

use super::gram::{Points, gram, resolved};
use super::kernel::Kernel;
use super::machine::{Machine, WORK, rows_of_work};
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector::add_scaled;
use serde_json::Value;

/// Maximum samples: their Gram matrix has 800 MB.
pub(super) const MAX_SAMPLES: usize = 10_000;

/// The options of a kernel perceptron and its training.
pub struct PerceptronOptions {
    /// The kernel.
    pub kernel: Kernel,
    /// Values per sample.
    pub inputs: usize,
    /// Classes: 2 have one unit, more have one each.
    pub classes: usize,
    /// Maximum passes over the samples.
    pub epochs: u64,
    /// Whether the samples are shuffled anew in each epoch.
    pub shuffle: bool,
    /// The seed of the shuffling.
    pub seed: u64,
}

deserialize! { PerceptronOptions, "the options"; }

impl Read for PerceptronOptions {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            kernel: f.required("kernel")?,
            inputs: f.required("inputs")?,
            classes: f.required("classes")?,
            epochs: f.required("epochs")?,
            shuffle: f.required("shuffle")?,
            seed: f.required("seed")?,
        };
        f.end(read)
    }
}

/// A threshold unit, which separates its class from the rest.
pub struct Unit {
    /// How often each sample was wrong, negative for those outside of the class.
    alphas: Vec<f64>,
    bias: f64,
    /// w·φ(x) + b of each sample.
    nets: Vec<f64>,
    /// Mistakes of each epoch.
    pub mistakes: Vec<u64>,
    mistaken: u64,
    /// Whether an epoch had no mistake.
    pub converged: bool,
}

/// A kernel perceptron in training.
pub struct Perceptron {
    options: PerceptronOptions,
    kernel: Kernel,
    points: Points,
    classes: Vec<u32>,
    gram: Vec<f64>,
    /// Rows of the Gram matrix that are known.
    known: usize,
    units: Vec<Unit>,
    order: Vec<u32>,
    epoch: u64,
    at: usize,
}

/// Checks class numbers: one for each sample, and samples of each class.
fn check_classes(classes: &[u32], count: usize, samples: usize) -> Result<()> {
    if classes.len() != samples {
        return Err(Error::shape(format!("{} targets for {samples} samples", classes.len())));
    }
    if let Some(class) = classes.iter().find(|&&class| class as usize >= count) {
        return Err(Error::data(format!(
            "class {class} is out of range: there are classes 0 to {}",
            count - 1
        )));
    }
    match (0..count as u32).find(|class| !classes.contains(class)) {
        Some(none) => Err(Error::data(format!(
            "no sample is of class {none}: a perceptron learns from samples of both classes"
        ))),
        None => Ok(()),
    }
}

impl Perceptron {
    /// From samples `[samples, inputs]` and the class number of each.
    pub fn new(options: PerceptronOptions, x: Vec<f64>, classes: Vec<u32>) -> Result<Self> {
        options.kernel.check()?;
        if options.classes < 2 || options.epochs == 0 {
            return Err(Error::option("kernelPerceptron: it needs at least two classes and one epoch"));
        }
        let points = Points::new(&options.kernel, x, options.inputs)?;
        let n = points.count();
        check_size(n)?;
        check_classes(&classes, options.classes, n)?;
        let kernel = resolved(&options.kernel, &points, options.seed)?;
        let unit = || Unit {
            alphas: vec![0.0; n],
            bias: 0.0,
            nets: vec![0.0; n],
            mistakes: Vec::new(),
            mistaken: 0,
            converged: false,
        };
        let count = if options.classes == 2 { 1 } else { options.classes };
        let gram = zeros(n * n, "the Gram matrix")?;
        let (units, order) = ((0..count).map(|_| unit()).collect(), (0..n as u32).collect());
        let mut fit =
            Self { options, kernel, points, classes, gram, known: 0, units, order, epoch: 0, at: 0 };
        fit.shuffle();
        Ok(fit)
    }

    fn shuffle(&mut self) {
        if self.options.shuffle {
            Random::new(self.options.seed, Stream::Shuffle(self.epoch as u32)).shuffle(&mut self.order);
        }
    }

    /// Whether a sample is of a unit's class; a single unit has the second class.
    fn is(&self, unit: usize, sample: usize) -> bool {
        let class = if self.units.len() == 1 { 1 } else { unit };
        self.classes[sample] as usize == class
    }

    /// Some rows of the Gram matrix, or some samples; true at the end.
    pub fn advance(&mut self) -> Result<bool> {
        let n = self.points.count();
        if self.known < n {
            let end = n.min(self.known + rows_of_work(n * (self.points.features() + 50)));
            let out = &mut self.gram[self.known * n..end * n];
            gram(&self.kernel, &self.points, self.known..end, &self.points, out)?;
            self.known = end;
            return Ok(false);
        }
        for _ in 0..rows_of_work(WORK / 64 / n.max(1)).min(n) {
            if self.ended() {
                break;
            }
            self.present(self.order[self.at] as usize);
            self.at += 1;
            if self.at == n {
                self.end_epoch();
            }
        }
        Ok(self.ended())
    }

    fn ended(&self) -> bool {
        self.epoch == self.options.epochs || self.units.iter().all(|unit| unit.converged)
    }

    fn present(&mut self, sample: usize) {
        let n = self.points.count();
        for k in 0..self.units.len() {
            let target = self.is(k, sample);
            let unit = &mut self.units[k];
            if unit.converged || (unit.nets[sample] >= 0.0) == target {
                continue;
            }
            let step = if target { 1.0 } else { -1.0 };
            unit.alphas[sample] += step;
            unit.bias += step;
            unit.mistaken += 1;
            // The matrix is symmetric, and the bias is the weight of a value that is 1 for each sample.
            add_scaled(&mut unit.nets, step, &self.gram[sample * n..(sample + 1) * n]);
            unit.nets.iter_mut().for_each(|net| *net += step);
        }
    }

    fn end_epoch(&mut self) {
        (self.at, self.epoch) = (0, self.epoch + 1);
        for unit in self.units.iter_mut().filter(|unit| !unit.converged) {
            let mistakes = std::mem::take(&mut unit.mistaken);
            unit.mistakes.push(mistakes);
            unit.converged = mistakes == 0;
        }
        self.shuffle();
    }

    /// The part that is done, if it takes all epochs.
    pub fn progress(&self) -> f64 {
        let n = self.points.count() as f64;
        let epochs = (self.epoch as f64 + self.at as f64 / n) / self.options.epochs as f64;
        0.5 * (self.known as f64 / n + epochs)
    }

    /// The units: one for two classes, else one per class.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The numbers of the support vectors: the samples that any unit ever got wrong. All others have no part in the answer.
    pub fn support(&self) -> Vec<usize> {
        let any = |i: &usize| self.units.iter().any(|unit| unit.alphas[*i] != 0.0);
        (0..self.points.count()).filter(any).collect()
    }

    /// The machine of the support vectors.
    pub fn finish(self) -> Result<Machine> {
        let support = self.support();
        let alphas = self.units.iter().flat_map(|unit| support.iter().map(|&i| unit.alphas[i])).collect();
        let biases = self.units.iter().map(|unit| unit.bias).collect();
        Ok(Machine { kernel: self.kernel, points: self.points.some(&support), alphas, biases })
    }
}

/// Refuses more samples than a Gram matrix has room for.
pub(super) fn check_size(samples: usize) -> Result<()> {
    if samples <= MAX_SAMPLES {
        return Ok(());
    }
    Err(Error::data(format!(
        "{samples} samples are too many for a Gram matrix of all of them, the most are {MAX_SAMPLES}: use nystrom(), which needs the kernel to some centers only"
    )))
}
