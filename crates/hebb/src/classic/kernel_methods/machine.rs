//! A kernel machine: f(x) = Σ αᵢK(x, xᵢ) + b, for one or more outputs.

use super::gram::{Points, gram};
use super::kernel::Kernel;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::matrix::{Rows, add_product};
use std::rc::Rc;

/// Multiply–adds of a step: some milliseconds.
pub(super) const WORK: usize = 1 << 26;

/// As many rows as take about that, for some multiply–adds each.
pub(super) fn rows_of_work(each: usize) -> usize {
    (WORK / each.max(1)).clamp(20, 2000).next_multiple_of(20)
}

/// A trained kernel machine.
pub struct Machine {
    /// With its width.
    pub kernel: Kernel,
    /// The samples xᵢ in its sum.
    pub points: Points,
    /// α, `[outputs, points]`.
    pub alphas: Vec<f64>,
    /// b, one for each output.
    pub biases: Vec<f64>,
}

impl Machine {
    /// From a kernel that has its width, points `[count, features]`, and what was learnt, as it was saved.
    pub fn given(
        kernel: Kernel,
        points: Vec<f64>,
        features: usize,
        alphas: Vec<f64>,
        biases: Vec<f64>,
    ) -> Result<Self> {
        kernel.check()?;
        let points = Points::new(&kernel, points, features)?;
        let [count, outputs] = [points.count(), biases.len()];
        if outputs == 0 || alphas.len() != count * outputs {
            return Err(Error::shape(format!("{} α for {count} points and {outputs} outputs", alphas.len())));
        }
        if !alphas.iter().chain(&biases).all(|value| value.is_finite()) {
            return Err(Error::data("α and biases must be finite"));
        }
        Ok(Self { kernel, points, alphas, biases })
    }

    /// The outputs.
    pub fn outputs(&self) -> usize {
        self.biases.len()
    }

    /// Adds f(x) − b of some samples to `[rows, outputs]`, given a buffer for the kernel's values.
    fn add_values(
        &self,
        x: &Points,
        rows: std::ops::Range<usize>,
        values: &mut [f64],
        out: &mut [f64],
    ) -> Result<()> {
        let n = self.points.count();
        gram(&self.kernel, x, rows, &self.points, values)?;
        add_product(out, self.outputs(), 1.0, Rows::of(values, n), Rows::of(&self.alphas, n), None)
    }

    /// f(x) of each of the samples at once, `[samples, outputs]`.
    pub fn values(self: &Rc<Self>, x: Points) -> Result<Vec<f64>> {
        let mut values = Values::of(self.clone(), x)?;
        while !values.advance()? {}
        Ok(values.out)
    }

    /// The bytes that it holds.
    pub fn bytes(&self) -> usize {
        8 * (self.points.count() * (self.points.features() + 1) + self.alphas.len())
    }
}

/// The values of a machine under way.
pub struct Values {
    machine: Rc<Machine>,
    x: Points,
    at: usize,
    kernels: Vec<f64>,
    out: Vec<f64>,
}

impl Values {
    /// For samples `[samples, features]`.
    pub fn new(machine: &Rc<Machine>, x: Vec<f64>) -> Result<Self> {
        Self::of(machine.clone(), machine.points.others(x)?)
    }

    fn of(machine: Rc<Machine>, x: Points) -> Result<Self> {
        let mut out = zeros(x.count() * machine.outputs(), "the values")?;
        for row in out.chunks_exact_mut(machine.outputs()) {
            row.copy_from_slice(&machine.biases);
        }
        Ok(Self { machine, x, at: 0, kernels: Vec::new(), out })
    }

    /// Some of the samples; true at the end.
    pub fn advance(&mut self) -> Result<bool> {
        let (machine, outputs) = (&self.machine, self.machine.outputs());
        let n = machine.points.count();
        let end = self.x.count().min(self.at + rows_of_work(n * (self.x.features() + 50)));
        self.kernels.resize((end - self.at) * n, 0.0);
        let out = &mut self.out[self.at * outputs..end * outputs];
        machine.add_values(&self.x, self.at..end, &mut self.kernels, out)?;
        self.at = end;
        Ok(end == self.x.count())
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        self.at as f64 / self.x.count() as f64
    }

    /// f(x) of each sample, `[samples, outputs]`.
    pub fn out(&self) -> &[f64] {
        &self.out
    }
}
