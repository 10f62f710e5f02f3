//! Gram matrices, through products: ‖x − x′‖² = ‖x‖² + ‖x′‖² − 2x·x′.
//!
//! The right side cancels if the samples are far from the origin or near each other. Therefore the mean is subtracted first, which
//! changes no distance, and the distance of a pair that still cancels is computed from its differences.

use super::kernel::Kernel;
use crate::classic::samples;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::matrix::{Rows, add_product, for_each_row};
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector::{dot, squared_distance};
use std::ops::Range;

/// Squared distances below this part of ‖x‖² + ‖x′‖² are computed from the differences: ten of 52 bits have cancelled.
const CANCELLED: f64 = 1.0 / 1024.0;

/// What a value of a kernel costs besides its product, in multiply–adds.
const VALUE: usize = 32;

/// Samples, prepared for a kernel.
#[derive(Clone)]
pub struct Points {
    values: Vec<f64>,
    features: usize,
    /// ‖x‖² of each.
    squares: Vec<f64>,
    /// What has been subtracted.
    shift: Vec<f64>,
}

impl Points {
    /// Of samples `[samples, features]`. Radial kernels subtract their mean.
    pub fn new(kernel: &Kernel, x: Vec<f64>, features: usize) -> Result<Self> {
        let x = samples(x, features)?.into_raw_vec_and_offset().0;
        let mut shift = vec![0.0; features];
        if kernel.is_radial() {
            let part = 1.0 / (x.len() / features) as f64;
            for row in x.chunks_exact(features) {
                shift.iter_mut().zip(row).for_each(|(mean, x)| *mean += part * x);
            }
        }
        Ok(Self::shifted(x, features, shift))
    }

    fn shifted(mut values: Vec<f64>, features: usize, shift: Vec<f64>) -> Self {
        let mut squares = Vec::with_capacity(values.len() / features);
        for row in values.chunks_exact_mut(features) {
            row.iter_mut().zip(&shift).for_each(|(x, mean)| *x -= mean);
            squares.push(dot(row, row));
        }
        Self { values, features, squares, shift }
    }

    /// Other samples, prepared in the same way.
    pub fn others(&self, x: Vec<f64>) -> Result<Self> {
        let x = samples(x, self.features)?.into_raw_vec_and_offset().0;
        Ok(Self::shifted(x, self.features, self.shift.clone()))
    }

    /// Some of them, by number.
    pub fn some(&self, numbers: &[usize]) -> Self {
        Self {
            values: numbers.iter().flat_map(|&i| self.row(i)).copied().collect(),
            features: self.features,
            squares: numbers.iter().map(|&i| self.squares[i]).collect(),
            shift: self.shift.clone(),
        }
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.features..(i + 1) * self.features]
    }

    fn rows(&self) -> Rows<'_> {
        Rows::of(&self.values, self.features)
    }

    /// The samples as they were given, but for rounding.
    pub fn originals(&self) -> Vec<f64> {
        let rows = self.values.chunks_exact(self.features);
        rows.flat_map(|row| row.iter().zip(&self.shift).map(|(x, mean)| x + mean)).collect()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.squares.len()
    }

    /// Values per sample.
    pub fn features(&self) -> usize {
        self.features
    }

    fn distance(&self, i: usize, other: &Points, j: usize) -> f64 {
        squared_distance(self.row(i), other.row(j))
    }

    /// The median of the distances of pairs of samples, of at most 4096 pairs drawn by a seed: a width with which neither all
    /// samples are alike nor each is like itself only. Of samples that mostly are the same, the median of the others.
    pub fn median_distance(&self, seed: u64) -> Result<f64> {
        let n = self.count();
        let mut random = Random::new(seed, Stream::Shuffle(0));
        let mut distances = Vec::new();
        let mut keep = |i: usize, j: usize| {
            let distance = self.distance(i, self, j).sqrt();
            if distance > 0.0 && distance.is_finite() {
                distances.push(distance);
            }
        };
        if n * (n - 1) / 2 <= PAIRS {
            (0..n).for_each(|i| (0..i).for_each(|j| keep(i, j)));
        } else {
            for _ in 0..PAIRS {
                let i = random.below(n);
                keep(i, (i + 1 + random.below(n - 1)) % n);
            }
        }
        distances.sort_by(f64::total_cmp);
        distances.get(distances.len() / 2).copied().ok_or_else(|| {
            Error::data(
                "all samples are the same, so that their distances have no median: give sigma a number",
            )
        })
    }
}

/// Pairs for the median.
const PAIRS: usize = 4096;

/// The kernel between some of `a` and all of `b`: `[rows, b.count]`.
pub fn gram(kernel: &Kernel, a: &Points, rows: Range<usize>, b: &Points, out: &mut [f64]) -> Result<()> {
    let n = b.count();
    out.fill(0.0);
    add_product(out, n, 1.0, a.rows().part(rows.clone()), b.rows(), None)?;
    for_each_row(out, n, rows.len() * n * VALUE, &|row, values| {
        let i = rows.start + row;
        if kernel.is_radial() {
            for (j, value) in values.iter_mut().enumerate() {
                let sum = a.squares[i] + b.squares[j];
                let distance = sum - 2.0 * *value;
                *value = if distance < CANCELLED * sum { a.distance(i, b, j) } else { distance };
            }
        }
        kernel.apply(values);
    });
    Ok(())
}

/// The kernel between all samples of two sets, `[x, y]`; of x with itself if y is empty.
pub fn gram_matrix(kernel: &Kernel, x: Vec<f64>, y: Vec<f64>, features: usize) -> Result<(Vec<f64>, Kernel)> {
    kernel.check()?;
    let a = Points::new(kernel, x, features)?;
    let kernel = resolved(kernel, &a, 0)?;
    let b = if y.is_empty() { a.clone() } else { a.others(y)? };
    let mut out = zeros(a.count() * b.count(), "the Gram matrix")?;
    gram(&kernel, &a, 0..a.count(), &b, &mut out)?;
    Ok((out, kernel))
}

/// The kernel with its width.
pub fn resolved(kernel: &Kernel, points: &Points, seed: u64) -> Result<Kernel> {
    match kernel {
        Kernel::Rbf { sigma: None } => {
            points.median_distance(seed).map(|sigma| Kernel::Rbf { sigma: Some(sigma) })
        }
        other => Ok(*other),
    }
}
