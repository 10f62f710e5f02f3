//! Metrics of an evaluation: sums that are accumulated in the order of the samples, and what follows from them.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::losses::Decision;

/// The metrics measured besides loss and accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metrics {
    /// Nothing.
    None,
    /// The confusion matrix, and the ranks of the right classes.
    Classification,
    /// The errors of the values.
    Regression,
    /// Hits and misses per label.
    Labels,
}

impl Metrics {
    /// Number of sums for this many outputs.
    pub(crate) fn size(self, outputs: usize) -> usize {
        match self {
            Metrics::None => 0,
            Metrics::Classification => classes(outputs) * (classes(outputs) + 1),
            Metrics::Regression => 4 * outputs,
            Metrics::Labels => 3 * outputs,
        }
    }

    /// Refuses outputs that the metrics do not apply to; returns the threshold of labels.
    pub(crate) fn check(self, decisions: &[Decision], data: &Dataset, outputs: usize) -> Result<f32> {
        if self == Metrics::Regression && data.kinds(0..outputs).classes {
            return Err(Error::data("metrics: the targets are class numbers: use classification"));
        }
        let one = "metrics: classification is for networks with one output";
        let nothing = "metrics: the output decides nothing: use regression";
        let &[decision] = decisions else {
            let several = matches!(self, Metrics::None | Metrics::Regression);
            return if several { Ok(0.5) } else { Err(Error::option(one)) };
        };
        let threshold = if let Decision::Labels { threshold } = decision { threshold } else { 0.5 };
        match (self, decision) {
            (Metrics::Classification | Metrics::Labels, Decision::Nothing) => Err(Error::option(nothing)),
            (Metrics::Classification, Decision::Labels { .. }) if outputs > 1 => {
                Err(Error::option("metrics: these are labels: use labels"))
            }
            (Metrics::Labels, Decision::Class) => {
                Err(Error::option("metrics: this is one class of several: use classification"))
            }
            _ => Ok(threshold),
        }
    }

    /// Adds a sample: its output a and its target t.
    pub(crate) fn add(self, sums: &mut [f64], a: &[f32], t: &[f32], threshold: f32) -> Result<()> {
        match self {
            Metrics::None => {}
            Metrics::Classification => {
                let count = classes(a.len());
                let right = class(t)?;
                // A single output is the second class's, above the threshold.
                let of = |c: usize| if a.len() > 1 { a[c] } else { [threshold, a[0]][c] };
                let before =
                    |&c: &usize| c != right && (of(c) > of(right) || (of(c) == of(right) && c < right));
                let best = (0..count).fold(0, |best, c| if of(c) > of(best) { c } else { best });
                sums[right * count + best] += 1.0;
                sums[count * count + (0..count).filter(before).count()] += 1.0;
            }
            Metrics::Regression => {
                for ((sums, &a), &t) in sums.chunks_exact_mut(4).zip(a).zip(t) {
                    let (a, t) = (f64::from(a), f64::from(t));
                    let all = [t, t * t, (a - t) * (a - t), (a - t).abs()];
                    sums.iter_mut().zip(all).for_each(|(sum, value)| *sum += value);
                }
            }
            Metrics::Labels => {
                for ((sums, &a), &t) in sums.chunks_exact_mut(3).zip(a).zip(t) {
                    let (said, own) = (a > threshold, t > threshold);
                    let all = [own, said, own && said];
                    sums.iter_mut().zip(all).for_each(|(sum, holds)| *sum += f64::from(u8::from(holds)));
                }
            }
        }
        Ok(())
    }

    /// Classification: precision, recall and F1 over all classes (macro), the fraction of samples whose right class is among
    /// the best 1, 2, …; then per class precision, recall, F1 and the number of samples; then the confusion matrix, right
    /// classes × predicted classes. Labels: precision, recall and F1 over all labels (macro), then per label, with the number
    /// of samples. Regression: R², RMSE and MAE over all outputs, then per output. All as in scikit-learn: a quotient by 0 is
    /// 0, and classes that neither occur nor are predicted do not count.
    pub(crate) fn finish(self, sums: &[f64], outputs: usize, samples: f64) -> Vec<f64> {
        let mut all = vec![0.0; 3];
        match self {
            Metrics::None => return Vec::new(),
            Metrics::Classification => {
                let count = classes(outputs);
                let (matrix, ranks) = sums.split_at(count * count);
                let mut among = 0.0;
                for rank in ranks {
                    among += rank;
                    all.push(among / samples);
                }
                let (mut named, mut means) = (0.0, [0.0; 3]);
                for c in 0..count {
                    let own: f64 = matrix[c * count..][..count].iter().sum();
                    let said: f64 = (0..count).map(|right| matrix[right * count + c]).sum();
                    let hits = matrix[c * count + c];
                    let each = rates(own, said, hits);
                    if own + said > 0.0 {
                        named += 1.0;
                        means.iter_mut().zip(each).for_each(|(sum, one)| *sum += one);
                    }
                    all.extend(each);
                    all.push(own);
                }
                all.extend(matrix);
                (0..3).for_each(|i| all[i] = means[i] / named);
            }
            Metrics::Regression => {
                let mut means = [0.0; 3];
                for sums in sums.chunks_exact(4) {
                    let spread = sums[1] - sums[0] * sums[0] / samples;
                    // Constant targets: 1 if they are hit exactly, else 0.
                    let constant = if sums[2] == 0.0 { 1.0 } else { 0.0 };
                    let r2 = if spread > 1e-12 * sums[1] { 1.0 - sums[2] / spread } else { constant };
                    let each = [r2, sums[2] / samples, sums[3] / samples];
                    means.iter_mut().zip(each).for_each(|(sum, one)| *sum += one / outputs as f64);
                    all.extend([r2, each[1].sqrt(), each[2]]);
                }
                all[..3].copy_from_slice(&[means[0], means[1].sqrt(), means[2]]);
            }
            Metrics::Labels => {
                for sums in sums.chunks_exact(3) {
                    let each = rates(sums[0], sums[1], sums[2]);
                    (0..3).for_each(|i| all[i] += each[i] / outputs as f64);
                    all.extend(each);
                    all.push(sums[0]);
                }
            }
        }
        all
    }
}

/// Precision, recall and F1 of a class that `own` samples have, `said` are predicted to have, and `hits` both.
fn rates(own: f64, said: f64, hits: f64) -> [f64; 3] {
    let part = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    [part(hits, said), part(hits, own), part(2.0 * hits, own + said)]
}

fn classes(outputs: usize) -> usize {
    outputs.max(2)
}

/// The class of a target.
fn class(t: &[f32]) -> Result<usize> {
    let ones = t.iter().filter(|&&t| t == 1.0).count();
    // A single target may be −1 instead of 0.
    let named = |t: f32| t == 0.0 || t == 1.0 || (t == -1.0 && ones == 0);
    if !t.iter().all(|&t| named(t)) || (t.len() > 1 && ones != 1) {
        return Err(Error::data(
            "metrics: classification needs class numbers or one-hot targets; for other values there is regression",
        ));
    }
    Ok(if t.len() > 1 { t.iter().position(|&t| t == 1.0).unwrap_or(0) } else { ones })
}

#[cfg(test)]
mod tests;
