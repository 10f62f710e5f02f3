//! Kernel ridge regression for large data by the method of Nyström (Williams and Seeger 2001; Smola and Schölkopf 2000): f is a
//! sum over m centers only, and its αs solve (KₙₘᵀKₙₘ + λnKₘₘ)α = KₙₘᵀT. The samples pass once, in tiles; what stays is one
//! matrix of m × m.

use super::gram::{Points, gram, resolved};
use super::kernel::Kernel;
use super::machine::{Machine, WORK, rows_of_work};
use crate::classic::check_targets;
use crate::classic::solve::{Remedied, Remedy, Solve};
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::matrix::{Rows, add_product};
use serde_json::Value;

/// Maximum centers: their matrix has 800 MB.
const MAX_CENTERS: usize = 10_000;

/// Samples of a tile: one run of the product.
const TILE: usize = 384;

/// The options of a Nyström kernel machine.
pub struct NystromOptions {
    /// The kernel.
    pub kernel: Kernel,
    /// λ.
    pub lambda: f64,
    /// Values per sample.
    pub inputs: usize,
    /// Targets per sample.
    pub outputs: usize,
    /// The samples that will pass, to tell how far it is.
    pub samples: usize,
    /// The seed of the pairs whose distances give sigma.
    pub seed: u64,
}

deserialize! { NystromOptions, "the options"; }

impl Read for NystromOptions {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            kernel: f.required("kernel")?,
            lambda: f.required("lambda")?,
            inputs: f.required("inputs")?,
            outputs: f.required("outputs")?,
            samples: f.required("samples")?,
            seed: f.required("seed")?,
        };
        f.end(read)
    }
}

enum Phase {
    /// Samples and targets, of which those before `at` have passed; `done` rows of the matrix know the tile at `at`.
    Samples {
        x: Option<Points>,
        targets: Vec<f64>,
        at: usize,
        done: usize,
    },
    /// Rows of Kₘₘ have been added.
    Centers {
        done: usize,
    },
    Solve(Solve),
}

/// A Nyström kernel machine in training.
pub struct Nystrom {
    options: NystromOptions,
    kernel: Kernel,
    centers: Points,
    /// The triangle up to the diagonal of KₙₘᵀKₙₘ.
    matrix: Vec<f64>,
    /// TᵀKₙₘ, `[outputs, centers]`.
    right: Vec<f64>,
    /// The kernel's values of a tile.
    tile: Vec<f64>,
    /// Samples that have passed.
    passed: usize,
    phase: Phase,
}

impl Nystrom {
    /// From centers `[centers, inputs]`.
    pub fn new(options: NystromOptions, centers: Vec<f64>) -> Result<Self> {
        options.kernel.check()?;
        if !(options.lambda >= 0.0 && options.lambda.is_finite()) {
            let lambda = options.lambda;
            return Err(Error::option(format!(
                "nystrom: lambda must be at least 0 and finite, got {lambda}"
            )));
        }
        let centers = Points::new(&options.kernel, centers, options.inputs)?;
        let m = centers.count();
        if m > MAX_CENTERS {
            return Err(Error::option(format!("nystrom: centers must be at most {MAX_CENTERS}, got {m}")));
        }
        let kernel = resolved(&options.kernel, &centers, options.seed)?;
        let matrix = zeros(m * m, "the matrix of the centers")?;
        let (right, tile) = (zeros(options.outputs * m, "the right side")?, zeros(TILE * m, "a tile")?);
        let phase = Phase::Samples { x: None, targets: Vec::new(), at: 0, done: 0 };
        Ok(Self { options, kernel, centers, matrix, right, tile, passed: 0, phase })
    }

    /// The next samples `[samples, inputs]` with their targets `[samples, outputs]`; then advance to the end.
    pub fn feed(&mut self, x: Vec<f64>, targets: Vec<f64>) -> Result<()> {
        let x = self.centers.others(x)?;
        check_targets(&targets, x.count(), self.options.outputs, self.passed)?;
        self.phase = Phase::Samples { x: Some(x), targets, at: 0, done: 0 };
        Ok(())
    }

    /// After the last samples; then advance to the end.
    pub fn solve(&mut self) {
        self.phase = Phase::Centers { done: 0 };
    }

    /// The next step; true at the end of the samples fed, or of the solution.
    pub fn advance(&mut self) -> Result<bool> {
        let m = self.centers.count();
        match &mut self.phase {
            Phase::Samples { x: None, .. } => Ok(true),
            Phase::Samples { x: Some(x), targets, at, done } => {
                let end = x.count().min(*at + TILE);
                let count = end - *at;
                if *done == 0 {
                    let tile = &mut self.tile[..count * m];
                    gram(&self.kernel, x, *at..end, &self.centers, tile)?;
                    let outputs = self.options.outputs;
                    let targets = &targets[*at * outputs..end * outputs];
                    let columns = Rows::columns_of(tile, m);
                    add_product(&mut self.right, m, 1.0, Rows::columns_of(targets, outputs), columns, None)?;
                }
                let rows = *done..m.min(*done + rows_of_work(count * m).max(60));
                let columns = Rows::columns_of(&self.tile[..count * m], m);
                let band = &mut self.matrix[rows.start * m..rows.end * m];
                add_product(
                    band,
                    m,
                    1.0,
                    columns.part(rows.clone()),
                    columns.part(0..rows.end),
                    Some(rows.start),
                )?;
                *done = rows.end;
                if *done == m {
                    (*at, *done) = (end, 0);
                    self.passed += count;
                }
                Ok(*at == x.count())
            }
            Phase::Centers { done } if *done < m => {
                let rows = *done..m.min(*done + rows_of_work(m * (self.centers.features() + 50)).min(TILE));
                let tile = &mut self.tile[..rows.len() * m];
                gram(&self.kernel, &self.centers, rows.clone(), &self.centers, tile)?;
                let part = self.options.lambda * self.passed as f64;
                let band = &mut self.matrix[rows.start * m..rows.end * m];
                band.iter_mut().zip(tile).for_each(|(a, k)| *a += part * *k);
                *done = rows.end;
                Ok(false)
            }
            Phase::Centers { .. } => {
                self.tile = Vec::new();
                let (a, right) = (std::mem::take(&mut self.matrix), std::mem::take(&mut self.right));
                self.phase = Phase::Solve(Solve::new(a, m, right, Remedy::Ridge)?);
                Ok(false)
            }
            Phase::Solve(solve) => solve.advance(),
        }
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        let m = self.centers.count();
        let (all, solve) = (self.options.samples as f64, (m as f64).powi(3) / 6.0 / WORK as f64);
        let samples = all * (m * (m / 2 + self.centers.features())) as f64 / WORK as f64;
        let (passed, solved) = match &self.phase {
            Phase::Samples { at: _, done, .. } => {
                (self.passed as f64 + TILE as f64 * (*done as f64 / m as f64), 0.0)
            }
            Phase::Centers { .. } => (all, 0.0),
            Phase::Solve(solve) => (all, solve.progress()),
        };
        (samples * (passed / all).min(1.0) + solve * solved) / (samples + solve)
    }

    /// What is to be said about it.
    pub fn warning(&self) -> Option<String> {
        match &self.phase {
            Phase::Solve(Solve { remedied: Some(Remedied::Ridge(added)), .. }) => Some(format!(
                "the equations of {} centers are singular but for rounding: {added:.1e} was added to their diagonal; use fewer centers, a smaller sigma or a larger lambda",
                self.centers.count()
            )),
            _ => None,
        }
    }

    /// The machine.
    pub fn finish(self) -> Result<Machine> {
        match self.phase {
            Phase::Solve(solve) => {
                let biases = vec![0.0; self.options.outputs];
                Ok(Machine { kernel: self.kernel, points: self.centers, alphas: solve.x, biases })
            }
            _ => Err(Error::data("it has not ended")),
        }
    }
}
