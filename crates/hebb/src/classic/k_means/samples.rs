//! Samples in 32 bits, checked and packed.

use crate::classic::check_samples;
use hebb_kernels::error::{Result, room};
use hebb_kernels::kmeans::Samples;
use hebb_kernels::simd::Level;

/// Beyond it squared distances may not be numbers of 32 bits.
const MOST: f32 = 1e15;

/// Packs samples `[count, features]`; refuses what is no number or too large.
pub fn pack(x: Vec<f32>, features: usize) -> Result<Samples> {
    let remedy = format!("remove or replace it; values must be within ±{MOST:e}");
    check_samples(&x, features, |value| value.abs() <= MOST, &remedy)?;
    Samples::pack(Level::best(), x, features)
}

/// Some of the samples.
pub(super) fn part(samples: &Samples, numbers: &[u32]) -> Result<Samples> {
    let mut x = room(numbers.len() * samples.features(), "a part of the samples")?;
    numbers.iter().for_each(|&number| x.extend(samples.sample(number as usize)));
    Samples::pack(Level::best(), x, samples.features())
}

/// The mean over the features of their variances.
pub(super) fn variance(samples: &Samples) -> f64 {
    let (features, count) = (samples.features(), samples.count() as f64);
    let mut total = 0.0;
    let (mut sums, mut squares) = (vec![0.0; features], vec![0.0; features]);
    for sample in 0..samples.count() {
        for ((x, sum), first) in samples.sample(sample).zip(&mut sums).zip(samples.sample(0)) {
            *sum += f64::from(x) - f64::from(first);
        }
    }
    for sample in 0..samples.count() {
        let values = samples.sample(sample).zip(samples.sample(0));
        for (((x, first), sum), square) in values.zip(&sums).zip(&mut squares) {
            let difference = f64::from(x) - f64::from(first) - sum / count;
            *square += difference * difference;
        }
    }
    squares.iter().for_each(|square| total += square / count);
    total / features as f64
}
