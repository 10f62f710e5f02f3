//! Kernel ridge regression (Saunders, Gammerman and Vovk 1998): the f(x) = Σ αᵢK(x, xᵢ) with the least Σ‖t − f(x)‖² + λ‖f‖²,
//! which is (K + λI)α = t.

use super::gram::{Points, gram, resolved};
use super::kernel::Kernel;
use super::machine::{Machine, rows_of_work};
use super::perceptron::check_size;
use crate::classic::check_targets;
use crate::classic::solve::{Remedied, Remedy, Solve};
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::random::{Random, Stream};
use serde_json::Value;
use std::rc::Rc;

/// The options of kernel ridge regression.
pub struct RidgeOptions {
    /// The kernels to choose from.
    pub kernels: Vec<Kernel>,
    /// The λ to choose from.
    pub lambdas: Vec<f64>,
    /// Values per sample.
    pub inputs: usize,
    /// Parts of the cross-validation that chooses.
    pub folds: usize,
    /// The seed of the parts.
    pub seed: u64,
}

deserialize! { RidgeOptions, "the options"; }

impl Read for RidgeOptions {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            kernels: f.required("kernels")?,
            lambdas: f.required("lambdas")?,
            inputs: f.required("inputs")?,
            folds: f.required("folds")?,
            seed: f.required("seed")?,
        };
        f.end(read)
    }
}

/// A kernel and λ, and the mean squared error on the samples left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// With its width.
    pub kernel: Kernel,
    /// λ.
    pub lambda: f64,
    /// NaN without a choice.
    pub error: f64,
}

enum Phase {
    Gram { a: Vec<f64>, known: usize },
    Solve(Solve),
}

/// One set of equations: of the samples in `own`.
struct Job {
    kernel: Kernel,
    lambda: f64,
    own: Vec<usize>,
    others: Vec<usize>,
    points: Points,
    phase: Phase,
}

/// A regression under way.
pub struct Ridge {
    options: RidgeOptions,
    points: Points,
    /// `[samples, outputs]`.
    targets: Vec<f64>,
    outputs: usize,
    order: Vec<usize>,
    candidates: Vec<Candidate>,
    /// Sets of equations that have been solved.
    done: usize,
    job: Option<Job>,
    result: Option<(Machine, Option<Remedied>)>,
}

impl Ridge {
    /// From samples `[samples, inputs]` and targets `[samples, outputs]`.
    pub fn new(options: RidgeOptions, x: Vec<f64>, targets: Vec<f64>) -> Result<Self> {
        let first = options.kernels.first().ok_or_else(|| Error::option("kernelRidge: give a kernel"))?;
        for kernel in &options.kernels {
            kernel.check()?;
        }
        for lambda in &options.lambdas {
            if !(*lambda >= 0.0 && lambda.is_finite()) {
                return Err(Error::option(format!(
                    "kernelRidge: lambda must be at least 0 and finite, got {lambda}"
                )));
            }
        }
        let points = Points::new(first, x, options.inputs)?;
        let n = points.count();
        check_size(n)?;
        let outputs = targets.len() / n;
        check_targets(&targets, n, outputs, 0)?;
        let mut candidates = Vec::new();
        for kernel in &options.kernels {
            let kernel = resolved(kernel, &points, options.seed)?;
            candidates.extend(options.lambdas.iter().map(|&lambda| Candidate {
                kernel,
                lambda,
                error: f64::NAN,
            }));
        }
        let chooses = candidates.len() > 1;
        if chooses && (options.folds < 2 || options.folds > n) {
            return Err(Error::option(format!(
                "kernelRidge: folds must be at least 2 and at most the {n} samples, got {}",
                options.folds
            )));
        }
        let mut order: Vec<usize> = (0..n).collect();
        if chooses {
            Random::new(options.seed, Stream::Shuffle(0)).shuffle(&mut order);
            candidates.iter_mut().for_each(|one| one.error = 0.0);
        }
        Ok(Self { options, points, targets, outputs, order, candidates, done: 0, job: None, result: None })
    }

    /// Sets of equations in all: one for each candidate and fold, and the last.
    fn jobs(&self) -> usize {
        let choices = if self.candidates.len() > 1 { self.candidates.len() * self.options.folds } else { 0 };
        choices + 1
    }

    /// The candidate with the least error, the first of equal ones.
    pub fn best(&self) -> Candidate {
        let mut best = self.candidates[0];
        for one in &self.candidates {
            if one.error < best.error {
                best = *one;
            }
        }
        best
    }

    /// What there was to choose from.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    fn start(&self) -> Result<Job> {
        let (n, folds) = (self.order.len(), self.options.folds);
        let (one, own, others) = if self.done + 1 == self.jobs() {
            (self.best(), (0..n).collect(), Vec::new())
        } else {
            let (candidate, fold) = (self.done / folds, self.done % folds);
            let out = n * fold / folds..n * (fold + 1) / folds;
            let rest = [&self.order[..out.start], &self.order[out.end..]].concat();
            (self.candidates[candidate], rest, self.order[out].to_vec())
        };
        let points = self.points.some(&own);
        let a = zeros(own.len() * own.len(), "the Gram matrix")?;
        let (kernel, lambda) = (one.kernel, one.lambda);
        Ok(Job { kernel, lambda, own, others, points, phase: Phase::Gram { a, known: 0 } })
    }

    /// The next step; true at the end.
    pub fn advance(&mut self) -> Result<bool> {
        let mut job = match self.job.take() {
            Some(job) => job,
            None => self.start()?,
        };
        let n = job.own.len();
        match &mut job.phase {
            Phase::Gram { a, known } if *known < n => {
                let end = n.min(*known + rows_of_work(n * (self.points.features() + 50)));
                gram(&job.kernel, &job.points, *known..end, &job.points, &mut a[*known * n..end * n])?;
                *known = end;
            }
            Phase::Gram { a, .. } => {
                (0..n).for_each(|i| a[i * n + i] += job.lambda);
                let outputs = self.outputs;
                let targets = (0..outputs).flat_map(|k| job.own.iter().map(move |&i| (i, k)));
                let x = targets.map(|(i, k)| self.targets[i * outputs + k]).collect();
                job.phase = Phase::Solve(Solve::new(std::mem::take(a), n, x, Remedy::LeastSquares)?);
            }
            Phase::Solve(solve) => {
                if solve.advance()? {
                    return self.take(job);
                }
            }
        }
        self.job = Some(job);
        Ok(false)
    }

    /// Uses what a set of equations gave.
    fn take(&mut self, job: Job) -> Result<bool> {
        let Phase::Solve(solve) = job.phase else { return Ok(false) };
        let biases = vec![0.0; self.outputs];
        let machine = Machine { kernel: job.kernel, points: job.points, alphas: solve.x, biases };
        self.done += 1;
        if self.done == self.jobs() {
            self.result = Some((machine, solve.remedied));
            return Ok(true);
        }
        let machine = Rc::new(machine);
        let values = machine.values(self.points.some(&job.others))?;
        let mut error = 0.0;
        for (row, &i) in values.chunks_exact(self.outputs).zip(&job.others) {
            let targets = &self.targets[i * self.outputs..];
            error += row.iter().zip(targets).fold(0.0, |sum, (y, t)| sum + (y - t) * (y - t));
        }
        self.candidates[(self.done - 1) / self.options.folds].error += error / self.targets.len() as f64;
        Ok(false)
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        let own = match &self.job {
            Some(Job { phase: Phase::Solve(solve), .. }) => solve.progress(),
            _ => 0.0,
        };
        (self.done as f64 + own) / self.jobs() as f64
    }

    /// What is to be said about it.
    pub fn warning(&self) -> Option<String> {
        match self.result.as_ref()?.1? {
            Remedied::Rank(rank) => Some(format!(
                "the Gram matrix of {} samples is singular, its rank is {rank}: this is a solution of least squares, in which samples that others make up for have α = 0; use lambda above 0, or leave out duplicates",
                self.points.count()
            )),
            Remedied::Ridge(_) => None,
        }
    }

    /// The machine.
    pub fn finish(self) -> Result<Machine> {
        self.result.map(|(machine, _)| machine).ok_or_else(|| Error::data("it has not ended"))
    }
}
