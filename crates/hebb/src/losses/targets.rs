//! Targets that a training cannot learn from: all of one class, or out of the reach of the outputs.

use super::{Loss, Losses};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::network::plan::{Output, Plan};

impl Losses {
    /// Refuses class targets that are all the same, if `data` is `all` that is trained on; and targets of squared errors
    /// outside the range of their output's activation. A sample is named by its number in the data set that `data` is a
    /// part of.
    pub(crate) fn check_targets(&self, data: &Dataset, plan: &Plan, all: bool) -> Result<()> {
        let mut from = 0;
        for (number, output) in plan.outputs.iter().enumerate() {
            let part = from..from + output.features();
            from = part.end;
            let targets = data.targets(part, plan.output_size());
            match self.errors.get(number).unwrap_or(&self.errors[0]) {
                Loss::CrossEntropy { .. } | Loss::BinaryCrossEntropy { .. } if all => {
                    check_classes(targets, output, data.len())?;
                }
                Loss::SumSquaredError {}
                | Loss::MeanSquaredError { .. }
                | Loss::RootMeanSquaredError { .. }
                | Loss::NormalizedSquaredError { .. } => check_reach(targets, output)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Any constant answer fits a single class. Targets that are no classes, as probabilities, pass.
fn check_classes(
    mut targets: impl Iterator<Item = (usize, Vec<f32>)>,
    output: &Output,
    samples: usize,
) -> Result<()> {
    let Some(first) = targets.next().and_then(|(_, t)| class(&t)) else { return Ok(()) };
    if targets.any(|(_, t)| class(&t) != Some(first)) {
        return Ok(());
    }
    Err(Error::data(format!(
        "all {samples} samples are of class {first} ({}): a classifier needs samples of at least two classes",
        output.name
    )))
}

/// The class of a sample: its one target of 0 or 1, or the place of the one 1 among zeros.
fn class(targets: &[f32]) -> Option<usize> {
    let mut class = None;
    for (at, &t) in targets.iter().enumerate() {
        if t == 1.0 && class.is_none() {
            class = Some(at);
        } else if t != 0.0 {
            return None;
        }
    }
    if targets.len() == 1 { Some(usize::from(class.is_some())) } else { class }
}

/// Towards a target beyond its range an output would go to the range's end, where most activations are flat.
fn check_reach(targets: impl Iterator<Item = (usize, Vec<f32>)>, output: &Output) -> Result<()> {
    let [low, high] =
        output.activation.facts().map_or([f64::NEG_INFINITY, f64::INFINITY], |facts| facts.range);
    if low == f64::NEG_INFINITY && high == f64::INFINITY {
        return Ok(());
    }
    // Its ends in the targets' own 32 bits.
    let range = low as f32..=high as f32;
    for (sample, t) in targets {
        if let Some(at) = t.iter().position(|t| !range.contains(t)) {
            let (target, name, activation) = (t[at], &output.name, output.activation.name());
            let range = format!("{low} to {high}").replace("inf", "∞");
            return Err(Error::data(format!(
                "sample {sample}: the target {target} of output {at} of {name} (both from 0) is outside the range of {activation}, {range}: scale the targets into it, or leave the last layer linear"
            )));
        }
    }
    Ok(())
}
