//! The distances that make widths.

use hebb_kernels::kmeans::Samples;
use hebb_kernels::vector::squared_distance;

/// The mean distance of a center to the nearest others. Centers at the same place are one; `None` if there is no other.
pub(super) fn to_nearest(centers: &[f64], features: usize, unit: usize, count: usize) -> Option<f64> {
    let own = &centers[unit * features..][..features];
    let all = centers.chunks_exact(features).map(|other| squared_distance(own, other).sqrt());
    let mut distances: Vec<f64> = all.filter(|distance| *distance > 0.0).collect();
    distances.sort_by(f64::total_cmp);
    distances.truncate(count);
    (!distances.is_empty()).then(|| distances.iter().sum::<f64>() / distances.len() as f64)
}

/// The root of the mean squared distance of the samples to a center; `None` if all are there.
pub(super) fn to_samples(samples: &Samples, center: &[f64]) -> Option<f64> {
    let square = |sample: usize| {
        let values = samples.sample(sample).zip(center);
        values.map(|(x, c)| (f64::from(x) - c) * (f64::from(x) - c)).sum::<f64>()
    };
    let total: f64 = (0..samples.count()).map(square).sum();
    (total > 0.0).then(|| (total / samples.count() as f64).sqrt())
}
