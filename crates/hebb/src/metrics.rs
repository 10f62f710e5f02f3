//! Metrics of an evaluation: sums that are accumulated in the order of the samples, and what follows from them.

use crate::data::Dataset;
use crate::losses::Decision;
use crate::options::json::{Read, deserialize, one_of};
use hebb_kernels::error::{Error, Result};
use serde::Serialize;
use serde_json::Value;

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

deserialize! { Metrics, "metrics"; }

impl Read for Metrics {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let names = [
            ("none", Metrics::None),
            ("classification", Metrics::Classification),
            ("regression", Metrics::Regression),
            ("labels", Metrics::Labels),
        ];
        one_of(name, &json, &names)
    }
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

    /// Refuses outputs that the metrics do not apply to; returns the threshold of labels. `targets` is their number per sample,
    /// `outputs` that of the values which [`Metrics::add`] is given.
    pub(crate) fn check(
        self,
        decisions: &[Decision],
        data: &Dataset,
        targets: usize,
        outputs: usize,
    ) -> Result<f32> {
        if self == Metrics::Regression && data.kinds(0..targets).classes {
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

    /// Adds a sample, or a time step of it: its output a and its target t.
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

    /// What the sums come to; undefined quotients as in scikit-learn: a quotient by 0 is 0, and classes that neither occur nor
    /// are predicted do not count.
    pub(crate) fn finish(self, sums: &[f64], samples: f64) -> Option<Measured> {
        match self {
            Metrics::None => None,
            Metrics::Classification => Some(classification(sums, samples)),
            Metrics::Regression => Some(regression(sums, samples)),
            Metrics::Labels => Some(labels(sums)),
        }
    }
}

/// The metrics of an evaluation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Measured {
    /// Of one class of several.
    Classification {
        /// Means over the classes that occur or are predicted (macro).
        precision: f64,
        /// Likewise.
        recall: f64,
        /// Likewise.
        f1: f64,
        /// The fraction of samples whose right class is among the best 1, 2, …
        top: Vec<f64>,
        /// Of each class.
        classes: Vec<Rates>,
        /// Samples by right class, then by predicted class.
        confusion: Vec<Vec<f64>>,
    },
    /// Of values.
    Regression {
        /// The mean over the outputs.
        r2: f64,
        /// Over all values.
        rmse: f64,
        /// Likewise.
        mae: f64,
        /// Of each output.
        outputs: Vec<Errors>,
    },
    /// Of labels.
    Labels {
        /// Means over the labels (macro).
        precision: f64,
        /// Likewise.
        recall: f64,
        /// Likewise.
        f1: f64,
        /// Of each label.
        labels: Vec<Rates>,
    },
}

/// The rates of a class or label.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Rates {
    /// Right predictions of it / predictions of it.
    pub precision: f64,
    /// Right predictions of it / samples of it.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// Samples of it.
    pub samples: f64,
}

/// The errors of an output.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Errors {
    /// The part of the targets' variance that is explained.
    pub r2: f64,
    /// The root of the mean squared error.
    pub rmse: f64,
    /// The mean absolute error.
    pub mae: f64,
}

fn classification(sums: &[f64], samples: f64) -> Measured {
    // count·(count + 1) sums.
    let count = sums.len().isqrt();
    let (matrix, ranks) = sums.split_at(count * count);
    let confusion: Vec<Vec<f64>> = matrix.chunks_exact(count).map(<[f64]>::to_vec).collect();
    let predicted = |c: usize| confusion.iter().map(|right| right[c]).sum::<f64>();
    let classes: Vec<Rates> =
        confusion.iter().enumerate().map(|(c, row)| rates(row.iter().sum(), predicted(c), row[c])).collect();
    let counted = classes.iter().enumerate().filter(|(c, class)| class.samples + predicted(*c) > 0.0);
    let [precision, recall, f1] = means(counted.map(|(_, class)| class));
    let mut among = 0.0;
    let top = ranks.iter().map(|rank| {
        among += rank;
        among / samples
    });
    Measured::Classification { precision, recall, f1, top: top.collect(), classes, confusion }
}

fn regression(sums: &[f64], samples: f64) -> Measured {
    let outputs = sums.chunks_exact(4).map(|sums| {
        let spread = sums[1] - sums[0] * sums[0] / samples;
        // Constant targets: 1 if they are hit exactly, else 0.
        let constant = if sums[2] == 0.0 { 1.0 } else { 0.0 };
        let r2 = if spread > 1e-12 * sums[1] { 1.0 - sums[2] / spread } else { constant };
        Errors { r2, rmse: (sums[2] / samples).sqrt(), mae: sums[3] / samples }
    });
    let outputs: Vec<Errors> = outputs.collect();
    let count = outputs.len() as f64;
    let mean = |of: fn(&Errors) -> f64| outputs.iter().map(of).sum::<f64>() / count;
    let squared = sums.chunks_exact(4).map(|sums| sums[2] / samples / count).sum::<f64>();
    Measured::Regression { r2: mean(|one| one.r2), rmse: squared.sqrt(), mae: mean(|one| one.mae), outputs }
}

fn labels(sums: &[f64]) -> Measured {
    let labels: Vec<Rates> = sums.chunks_exact(3).map(|sums| rates(sums[0], sums[1], sums[2])).collect();
    let [precision, recall, f1] = means(labels.iter());
    Measured::Labels { precision, recall, f1, labels }
}

/// Means of precision, recall and F1.
fn means<'a>(all: impl Iterator<Item = &'a Rates>) -> [f64; 3] {
    let (mut sums, mut count) = ([0.0; 3], 0.0);
    for Rates { precision, recall, f1, .. } in all {
        sums.iter_mut().zip([precision, recall, f1]).for_each(|(sum, one)| *sum += one);
        count += 1.0;
    }
    sums.map(|sum| sum / count)
}

/// The rates of a class that `own` samples have, `said` are predicted to have, and `hits` both.
fn rates(own: f64, said: f64, hits: f64) -> Rates {
    let part = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    Rates {
        precision: part(hits, said),
        recall: part(hits, own),
        f1: part(2.0 * hits, own + said),
        samples: own,
    }
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
