//! Means and variances of targets.

use super::{Dataset, Targets};
use std::ops::Range;

/// Samples whose targets are gathered at once.
const TOGETHER: usize = 64;

impl Dataset {
    /// Σ(t − t̄)² / samples of the target values `part`, summed over them.
    pub(crate) fn variance(&self, part: Range<usize>) -> f64 {
        let (count, mut row) = (self.len() as f64, vec![0.0f32; part.len()]);
        let (mut means, mut squares) = (vec![0.0; part.len()], 0.0);
        for sample in 0..self.len() as u32 {
            self.gather_targets(&[sample], 1, part.clone(), &mut row);
            means.iter_mut().zip(&row).for_each(|(mean, &t)| *mean += f64::from(t) / count);
        }
        for sample in 0..self.len() as u32 {
            self.gather_targets(&[sample], 1, part.clone(), &mut row);
            squares += means.iter().zip(&row).map(|(mean, &t)| (f64::from(t) - mean).powi(2)).sum::<f64>();
        }
        squares / count
    }

    /// Mean and variance of each of the target values `part`.
    pub(crate) fn moments(&self, part: Range<usize>) -> Vec<(f64, f64)> {
        let (count, size) = (self.len() as f64, part.len());
        if let (Targets::Classes(t, 1), true) = (&self.store.t, size > 1) {
            let mut counts = vec![0u32; size];
            (0..self.len()).for_each(|i| counts[t[self.row(i)] as usize] += 1);
            let moment = |mean: f64| (mean, mean * (1.0 - mean));
            return counts.into_iter().map(|of_class| moment(f64::from(of_class) / count)).collect();
        }
        // Differences from the first sample keep the sums small.
        let mut first = vec![0.0f32; size];
        self.gather_targets(&[0], 1, part.clone(), &mut first);
        let mut sums = vec![(0.0f64, 0.0f64); size];
        let mut some = vec![0.0f32; size * TOGETHER];
        for from in (0..self.len()).step_by(TOGETHER) {
            let samples: Vec<u32> = (from as u32..self.len().min(from + TOGETHER) as u32).collect();
            let some = &mut some[..size * samples.len()];
            self.gather_targets(&samples, samples.len(), part.clone(), some);
            for (((sum, squares), &first), values) in
                sums.iter_mut().zip(&first).zip(some.chunks(samples.len()))
            {
                for &t in values {
                    let difference = f64::from(t) - f64::from(first);
                    *sum += difference;
                    *squares += difference * difference;
                }
            }
        }
        let moment = |((sum, squares), first): ((f64, f64), f32)| {
            let shift = sum / count;
            (f64::from(first) + shift, (squares / count - shift * shift).max(0.0))
        };
        sums.into_iter().zip(first).map(moment).collect()
    }
}
