//! Checks of targets: those that a loss does not accept, as probabilities above 1, and those that training cannot learn: all
//! of one class, or out of reach of the outputs.

use super::Losses;
use super::term::Targets;
use crate::data::Dataset;
use crate::plan::{Output, Plan};
use hebb_kernels::error::{Error, Result};

/// Tolerance of the sum of probabilities: rows may be rounded to two digits.
const ROUNDED: f64 = 0.0101;

/// The values that targets may have.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Range {
    /// 0 to 1; with `sum` those of a sample sum to 1.
    Probabilities { sum: bool },
    /// −1 and 1.
    Signs,
}

impl Losses {
    /// Refuses targets of the `samples` that these losses do not accept: values that are no probabilities for cross-entropies,
    /// others than −1 and 1 for the hinge. Messages name a sample by its number in the data set that `data` is a part of.
    pub(crate) fn check_values(
        &self,
        data: &Dataset,
        samples: std::ops::Range<usize>,
        plan: &Plan,
    ) -> Result<()> {
        let mut from = 0;
        for (number, output) in plan.outputs.iter().enumerate() {
            let part = from..from + output.features();
            from = part.end;
            let kinds = data.kinds(part.clone());
            let mut targets = targets(data, samples.clone(), part, plan, output);
            self.of_output(number).term().check_values(kinds, &mut targets, output)?;
        }
        Ok(())
    }

    /// Refuses class targets that are all the same, if `data` is `all` of the training data; and targets of squared errors
    /// outside the range of their output's activation. Messages name a sample by its number in the data set that `data` is a
    /// part of.
    pub(crate) fn check_targets(&self, data: &Dataset, plan: &Plan, all: bool) -> Result<()> {
        self.check_values(data, 0..data.len(), plan)?;
        let mut from = 0;
        for (number, output) in plan.outputs.iter().enumerate() {
            let part = from..from + output.features();
            from = part.end;
            let mut targets = targets(data, 0..data.len(), part, plan, output);
            self.of_output(number).term().check_targets(&mut targets, output, all.then(|| data.len()))?;
        }
        Ok(())
    }
}

/// The targets of an output, a row for each time step that counts.
fn targets<'a>(
    data: &'a Dataset,
    samples: std::ops::Range<usize>,
    part: std::ops::Range<usize>,
    plan: &'a Plan,
    output: &'a Output,
) -> impl Iterator<Item = (usize, Vec<f32>)> + 'a {
    let outputs = part.len() / output.steps();
    let rows = data.targets(samples.clone(), part);
    samples.zip(rows).flat_map(move |(at, (sample, row))| {
        let counted = plan.counted_steps(output, data, at as u32);
        row.chunks_exact(outputs).take(counted).map(|row| (sample, row.to_vec())).collect::<Vec<_>>()
    })
}

/// Refuses targets outside of a range.
pub(super) fn check_range(targets: Targets, output: &Output, range: Range) -> Result<()> {
    let name = &output.name;
    for (sample, t) in targets {
        let fits = |t: &f32| if range == Range::Signs { t.abs() == 1.0 } else { (0.0..=1.0).contains(t) };
        if let Some(at) = t.iter().position(|t| !fits(t)) {
            let (target, why) = (
                t[at],
                if range == Range::Signs {
                    "is neither -1 nor 1, as hinge needs"
                } else {
                    "is no probability, 0 to 1: for numbers use meanSquaredError"
                },
            );
            return Err(Error::data(format!(
                "sample {sample}: the target {target} of output {at} of {name} (both from 0) {why}"
            )));
        }
        let sum: f64 = t.iter().map(|&t| f64::from(t)).sum();
        if range == (Range::Probabilities { sum: true }) && (sum - 1.0).abs() > ROUNDED {
            let sum = (sum * 1e4).round() / 1e4;
            return Err(Error::data(format!(
                "sample {sample}: the targets of {name} sum to {sum}, not 1: for several labels use sigmoid and binaryCrossEntropy"
            )));
        }
    }
    Ok(())
}

/// Refuses a single class, which any constant answer fits. Targets that are no classes, as probabilities, pass.
pub(super) fn check_classes(mut targets: Targets, output: &Output, samples: usize) -> Result<()> {
    let Some(first) = targets.next().and_then(|(_, t)| class(&t)) else { return Ok(()) };
    if Iterator::any(&mut targets, |(_, t)| class(&t) != Some(first)) {
        return Ok(());
    }
    Err(Error::data(format!(
        "all {samples} samples are of class {first} ({}): a classifier needs samples of at least two classes",
        output.name
    )))
}

/// The class of a sample: its single target of 0 or 1, or the index of the single 1 among zeros.
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

/// Refuses targets beyond the range of an output: it would go to the end of its range, where most activations are flat.
pub(super) fn check_reach(targets: Targets, output: &Output) -> Result<()> {
    let [low, high] = output
        .activation
        .properties()
        .map_or([f64::NEG_INFINITY, f64::INFINITY], |properties| properties.range);
    if low == f64::NEG_INFINITY && high == f64::INFINITY {
        return Ok(());
    }
    // The ends in the targets' own 32 bits.
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
