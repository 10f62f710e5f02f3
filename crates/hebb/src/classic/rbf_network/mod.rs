//! A network of radial basis functions in two stages (Moody and Darken, "Fast learning in networks of locally-tuned processing
//! units", 1989): centers by k-means and widths by their distances, without targets; then the weights of the outputs by least
//! squares in 64 bits, which has one solution.

mod options;
#[cfg(test)]
mod tests;
mod widths;

use crate::classic::check_targets;
use crate::classic::k_means::{self, KMeans};
use crate::classic::solve::{Remedied, Remedy, Solve};
use hebb_kernels::design::radial_rows;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::kmeans::Samples;
use hebb_kernels::matrix::{Rows, add_product};
use hebb_kernels::random::{Random, Stream};
pub use options::{Centers, Options, Widths};

/// Multiply–adds of a tile: some ten milliseconds.
const WORK: usize = 1 << 27;
/// The least rows of a tile, over which its products are summed before they are written.
const ROWS: usize = 64;
enum Phase {
    Centers(Box<KMeans>),
    /// The widths, from this unit on.
    Widths(usize),
    /// The products of the columns, from this block on.
    Products(usize),
    /// (HᵀH + λI)·w = Hᵀt.
    Solve(Box<Solve>),
    Done,
}

/// A fit, a little at a time.
pub struct RbfNetwork {
    options: Options,
    samples: Samples,
    targets: Vec<f64>,
    outputs: usize,
    phase: Phase,
    centers: Vec<f64>,
    widths: Vec<f64>,
    tile: Vec<f64>,
    products: Vec<f64>,
    weights: Vec<f64>,
    rank: usize,
}

/// The parameters of a network.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// `[units, features]`.
    pub centers: Vec<f64>,
    /// σ of each unit.
    pub widths: Vec<f64>,
    /// `[outputs, units + 1]`, the biases last.
    pub weights: Vec<f64>,
    /// What is to be said about it.
    pub warning: Option<String>,
}

impl RbfNetwork {
    /// From samples `[count, features]` and targets `[count, outputs]`; centers, if they are given.
    pub fn new(
        mut options: Options,
        x: Vec<f32>,
        features: usize,
        targets: Vec<f64>,
        centers: Vec<f64>,
    ) -> Result<Self> {
        let samples = k_means::pack(x, features)?;
        let count = samples.count();
        let outputs = targets.len() / count;
        check_targets(&targets, count, outputs, 0)?;
        let units = options.means.clusters;
        options.check(units)?;
        if let Widths::Given(widths) = &mut options.widths
            && let [one] = widths[..]
        {
            widths.resize(units, one);
        }
        let mut network = Self {
            phase: Phase::Widths(0),
            centers,
            widths: Vec::new(),
            tile: Vec::new(),
            products: Vec::new(),
            weights: Vec::new(),
            rank: 0,
            targets,
            outputs,
            options,
            samples,
        };
        network.start()?;
        Ok(network)
    }

    /// Finds the first centers, or begins to.
    fn start(&mut self) -> Result<()> {
        let (means, samples) = (self.options.means.clone(), &self.samples);
        let seed = means.seed;
        let units = means.clusters;
        // It checks the number of centers, and those that are given.
        let given = std::mem::take(&mut self.centers);
        let start = if self.options.centers == Centers::Samples {
            if units > samples.count() {
                return Err(too_many(units, samples.count()));
            }
            let mut order: Vec<u32> = (0..samples.count() as u32).collect();
            Random::new(seed, Stream::Initialisation(0)).shuffle(&mut order);
            let chosen = order[..units].iter();
            chosen.flat_map(|&number| samples.sample(number as usize)).map(f64::from).collect()
        } else {
            given
        };
        if self.options.centers == Centers::KMeans {
            self.phase = Phase::Centers(Box::new(KMeans::new(means, samples, start)?));
            return Ok(());
        }
        if units == 0 || start.len() != units * samples.features() || start.iter().any(|c| !c.is_finite()) {
            return Err(Error::shape(format!(
                "{units} centers of {} values must be as many finite numbers, got {}",
                samples.features(),
                start.len()
            )));
        }
        self.centers = start;
        Ok(())
    }

    /// Goes on for some milliseconds; true at the end.
    pub fn advance(&mut self) -> Result<bool> {
        match &mut self.phase {
            Phase::Centers(means) => {
                if means.advance(&self.samples)? {
                    let Phase::Centers(means) = std::mem::replace(&mut self.phase, Phase::Widths(0)) else {
                        return Ok(false);
                    };
                    self.centers = means.finish(&self.samples)?.centers;
                }
            }
            &mut Phase::Widths(unit) => {
                let to = self.find_widths(unit);
                self.phase = if to < self.options.means.clusters {
                    Phase::Widths(to)
                } else {
                    let columns = self.columns();
                    self.products = zeros(columns * columns, "the products of the units")?;
                    Phase::Products(0)
                };
            }
            &mut Phase::Products(block) => {
                let to = self.add_tile(block)?;
                self.phase = if to < self.samples.blocks() {
                    Phase::Products(to)
                } else {
                    self.tile = Vec::new();
                    Phase::Solve(Box::new(self.equations()?))
                };
            }
            Phase::Solve(solve) => {
                if solve.advance()? {
                    self.weights = std::mem::take(&mut solve.x);
                    self.rank = match solve.remedied {
                        Some(Remedied::Rank(rank)) => rank,
                        _ => self.widths.len() + 1,
                    };
                    self.phase = Phase::Done;
                }
            }
            Phase::Done => (),
        }
        Ok(matches!(self.phase, Phase::Done))
    }

    /// The stage, 0 for the centers and 1 for the weights, and the part of it that is done.
    pub fn progress(&self) -> (u32, f64) {
        match &self.phase {
            Phase::Centers(means) => (0, means.progress(&self.samples)),
            Phase::Widths(_) => (1, 0.0),
            Phase::Products(block) => (1, 0.9 * *block as f64 / self.samples.blocks() as f64),
            Phase::Solve(solve) => (1, 0.9 + 0.1 * solve.progress()),
            Phase::Done => (1, 1.0),
        }
    }

    /// The parameters, at the end.
    pub fn finish(self) -> Parameters {
        let lost = self.widths.len() + 1 - self.rank;
        let warning = (lost > 0).then(|| {
            format!(
                "{lost} of {} units say what others say already, or nothing: least squares gives them the weight 0; with a regularization above 0, fewer units or smaller widths each has a weight of its own",
                self.widths.len()
            )
        });
        Parameters { centers: self.centers, widths: self.widths, weights: self.weights, warning }
    }

    /// Units, the bias and the targets.
    fn columns(&self) -> usize {
        self.options.means.clusters + 1 + self.outputs
    }

    /// The widths of some units; returns the unit after them.
    fn find_widths(&mut self, from: usize) -> usize {
        let (units, features) = (self.options.means.clusters, self.samples.features());
        let to = units.min(from + (WORK / 8 / (units * features)).max(1));
        match &self.options.widths {
            Widths::Given(widths) => {
                self.widths.clone_from(widths);
                units
            }
            &Widths::Nearest { count, factor } => {
                for unit in from..to {
                    let distance = widths::to_nearest(&self.centers, features, unit, count);
                    let distance = distance.or_else(|| {
                        widths::to_samples(&self.samples, &self.centers[unit * features..][..features])
                    });
                    self.widths.push(distance.map_or(1.0, |distance| factor * distance));
                }
                to
            }
        }
    }

    /// Adds the products of some blocks' rows; returns the block after them.
    fn add_tile(&mut self, from: usize) -> Result<usize> {
        let (lanes, units, features) = (self.samples.lanes(), self.widths.len(), self.samples.features());
        let columns = self.columns();
        let rows = (WORK / (columns * (columns + features))).clamp(ROWS, 16 * ROWS);
        let to = self.samples.blocks().min(from + rows / lanes);
        let rows = (to - from) * lanes;
        if self.tile.len() < rows * columns {
            self.tile = zeros(rows * columns, "a tile of the units' outputs")?;
        }
        let tile = &mut self.tile[..rows * columns];
        // A width of almost 0 must not give 0·∞ at its center.
        let factors: Vec<f64> = self.widths.iter().map(|width| (0.5 / (width * width)).min(1e300)).collect();
        radial_rows(&self.samples, from..to, &self.centers, &factors, tile, columns);
        let targets = self.targets.chunks_exact(self.outputs).skip(from * lanes);
        let count = (self.samples.count() - from * lanes).min(rows);
        for (row, targets) in tile.chunks_exact_mut(columns).zip(targets) {
            row[units] = 1.0;
            row[units + 1..].copy_from_slice(targets);
        }
        // The lanes after the last sample repeat it.
        let columns_of = Rows::columns_of(&tile[..count * columns], columns);
        add_product(&mut self.products, columns, 1.0, columns_of, columns_of, Some(0))?;
        Ok(to)
    }

    /// The equations of least squares.
    fn equations(&self) -> Result<Solve> {
        let (columns, n) = (self.columns(), self.widths.len() + 1);
        let mut factor = zeros(n * n, "the equations")?;
        for i in 0..n {
            // Only the lower triangle has been summed.
            factor[i * n..][..=i].copy_from_slice(&self.products[i * columns..][..=i]);
            factor[i * n + i] += if i + 1 < n { self.options.regularization } else { 0.0 };
        }
        let mut right = zeros(n * self.outputs, "the equations")?;
        for (output, right) in right.chunks_exact_mut(n).enumerate() {
            right.copy_from_slice(&self.products[(n + output) * columns..][..n]);
        }
        Solve::new(factor, n, right, Remedy::LeastSquares)
    }
}

fn too_many(units: usize, count: usize) -> Error {
    Error::option(format!("units must be 1 to {count}, the number of samples, got {units}"))
}
