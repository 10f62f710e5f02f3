//! Minimum probability flow (Hillar, Sohl-Dickstein and Koepsell, "Efficient and optimal binary Hopfield associative memory
//! storage using minimum probability flow", 2012): K = Σ exp(½(E(s) − E(s′))) over all patterns s and their neighbours s′,
//! which differ in one unit; E(s) − E(s′) = −2sᵢhᵢ. K is convex, and falls as the patterns become minima of E.

use super::patterns::columns;
use crate::optimizers::batch::{Descent, Event, Kind, Point};
use hebb_kernels::error::{Result, room, zeros};
use hebb_kernels::hopfield::transposed;
use hebb_kernels::vector::add_scaled;

/// The most evaluations of K.
const MAX_EVALUATIONS: usize = 1000;
/// It ends when every sᵢhᵢ is at least this: every exponential is below 1/e.
const MARGIN: f64 = 1.0;
/// Steps that L-BFGS remembers.
const MEMORY: usize = 8;
/// Multiply–adds between two looks at the clock.
const WORK: usize = 1 << 27;

/// The minimisation of K, over the weights above the diagonal.
pub(super) struct Flow {
    units: usize,
    /// `[count, units]`, and `[units, count]`.
    patterns: Vec<f64>,
    columns: Vec<f64>,
    /// Units that may flip: all but the one that always is 1.
    free: usize,
    descent: Descent,
    /// The weights of the point asked for; empty between evaluations.
    weights: Vec<f64>,
    /// Σ s′ⱼ exp(−sᵢhᵢ)sᵢ so far, `[units, units]`.
    sums: Vec<f64>,
    value: f64,
    least: f64,
    lost: usize,
    /// The next pattern.
    at: usize,
    evaluations: usize,
    /// Of the last point that was arrived at.
    kept_lost: usize,
}

impl Flow {
    /// From patterns `[count, units]`, of which the first `free` units learn.
    pub fn new(patterns: &[f64], units: usize, free: usize) -> Result<Self> {
        let start = zeros(units * (units - 1) / 2, "the weights")?;
        let mut flow = Self {
            units,
            patterns: patterns.to_vec(),
            columns: columns(patterns, units)?,
            free,
            descent: Descent::new(start, Kind::Lbfgs(MEMORY).start()?),
            weights: Vec::new(),
            sums: Vec::new(),
            value: 0.0,
            least: 0.0,
            lost: 0,
            at: 0,
            evaluations: 0,
            kept_lost: 0,
        };
        flow.begin()?;
        Ok(flow)
    }

    /// Number of patterns.
    fn count(&self) -> usize {
        self.patterns.len() / self.units
    }

    /// Begins an evaluation at the point asked for.
    fn begin(&mut self) -> Result<()> {
        self.weights = symmetric(self.descent.ask().0, self.units)?;
        self.sums = zeros(self.weights.len(), "the gradient")?;
        (self.value, self.least, self.lost, self.at) = (0.0, f64::INFINITY, 0, 0);
        Ok(())
    }

    /// Evaluates K for some patterns; returns whether the minimisation has ended.
    pub fn advance(&mut self) -> Result<bool> {
        let (count, n) = (self.count(), self.units);
        let end = count.min(self.at + (WORK / (n * n)).max(64));
        let part = &self.patterns[self.at * n..end * n];
        let mut slopes = zeros(part.len(), "the fields")?;
        transposed(&self.columns, count, self.at, &self.weights, n, &mut slopes)?;
        for (fields, pattern) in slopes.chunks_exact_mut(n).zip(part.chunks_exact(n)) {
            let mut least = f64::INFINITY;
            fields[self.free..].fill(0.0);
            for (h, s) in fields[..self.free].iter_mut().zip(pattern) {
                let margin = *h * s;
                let e = (-margin).exp();
                least = least.min(margin);
                self.value += e;
                *h = e * s;
            }
            self.lost += usize::from(least < 0.0);
            self.least = self.least.min(least);
        }
        let mut sums = zeros(n * n, "the gradient")?;
        transposed(&slopes, n, 0, part, n, &mut sums)?;
        add_scaled(&mut self.sums, 1.0, &sums);
        self.at = end;
        if self.at < count {
            return Ok(false);
        }
        self.end()
    }

    /// Ends an evaluation, and begins the next unless the minimisation has ended.
    fn end(&mut self) -> Result<bool> {
        let (count, n) = (self.count(), self.units);
        let share = 1.0 / (count * n) as f64;
        let x = self.descent.ask().0.to_vec();
        let mut gradient = room(x.len(), "the gradient")?;
        for i in 0..n {
            gradient.extend((i + 1..n).map(|j| -share * (self.sums[i * n + j] + self.sums[j * n + i])));
        }
        self.evaluations += 1;
        let point = Point { x, value: share * self.value, gradient, normal: Vec::new() };
        let mut event = self.descent.tell(point);
        if event == Event::Arrived {
            self.kept_lost = self.lost;
            if self.least >= MARGIN {
                return Ok(true);
            }
            event = self.descent.begin();
        }
        if self.evaluations == MAX_EVALUATIONS || matches!(event, Event::Stuck(_)) {
            return Ok(true);
        }
        self.begin()?;
        Ok(false)
    }

    /// The part that is done, at least.
    pub fn progress(&self) -> f64 {
        self.evaluations as f64 / MAX_EVALUATIONS as f64
    }

    /// The weights, `[units, units]`, and how many patterns are no fixed points.
    pub fn finish(self) -> Result<(Vec<f64>, usize)> {
        let x = self.descent.here().map_or(&[][..], |here| &here.x);
        Ok((symmetric(x, self.units)?, self.kept_lost))
    }
}

/// The full matrix of the values above the diagonal.
fn symmetric(upper: &[f64], n: usize) -> Result<Vec<f64>> {
    let mut full = zeros(n * n, "the weights")?;
    let mut next = upper.iter();
    for i in 0..n {
        for (j, w) in (i + 1..n).zip(&mut next) {
            full[i * n + j] = *w;
            full[j * n + i] = *w;
        }
    }
    Ok(full)
}
