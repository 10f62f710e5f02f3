//! Checks that samples and targets fit a network.

use super::{Dataset, Named, Targets, Values};
use hebb_kernels::error::{Error, Result, zeros};
use std::ops::Range;

impl Dataset {
    /// Refuses samples that do not fit a network's input.
    pub(crate) fn check_input(&self, input: &[usize]) -> Result<()> {
        let size = match &self.inputs {
            Some(inputs) => inputs.iter().map(Range::len).sum(),
            None => self.size(),
        };
        if size == input.iter().product::<usize>() {
            return Ok(());
        }
        let shape = &self.store.shape;
        Err(Error::shape(format!("the samples have shape {shape:?}, the network expects {input:?}")))
    }

    /// Refuses samples whose values `at` are no token numbers, that is whole numbers below `vocabulary`. `layer` reads them.
    pub(crate) fn check_tokens(
        &self,
        samples: impl Iterator<Item = u32>,
        at: &Range<usize>,
        vocabulary: usize,
        layer: &str,
    ) -> Result<()> {
        // Not the whole sample: of a long sequence each window is checked.
        let size = self.inputs.as_ref().map_or(self.size(), |parts| parts.iter().map(Range::len).sum());
        let mut row: Vec<f32> = zeros(size, "a sample")?;
        for sample in samples {
            self.gather(&[sample], 1, &mut row);
            let wrong = |&token: &f32| !(token >= 0.0 && token < vocabulary as f32 && token.fract() == 0.0);
            let Some(step) = row[at.clone()].iter().position(wrong) else { continue };
            let hint = match self.store.x {
                Values::Bytes(_) => ". Bytes are read as value / 255: give numbers, or a Uint32Array",
                Values::Floats(_) => "",
            };
            let (value, last) = (row[at.start + step], vocabulary - 1);
            // Of a window of a longer sequence: the step there.
            let step = step + self.steps.as_ref().map_or(0, |steps| steps.start);
            return Err(Error::data(format!(
                "{layer}: {value} (sample {}, step {step}) is no token of its vocabulary: give whole numbers from 0 to {last}{hint}",
                self.number(sample as usize)
            )));
        }
        Ok(())
    }

    /// Refuses targets that do not fit a network's outputs. Class numbers apply to each of several outputs.
    pub fn check_targets(&self, outputs: &[Named]) -> Result<()> {
        let width = outputs.iter().map(features).sum::<usize>();
        match &self.store.t {
            Targets::None => {
                Err(Error::data("the data set has no targets: give class numbers or target values"))
            }
            Targets::Classes(classes, each) => {
                let steps = self.steps.as_ref().map_or(*each, Range::len);
                let each = (*each, steps);
                outputs.iter().try_for_each(|output| check_classes(classes, each, output, outputs.len() > 1))
            }
            Targets::Values(..) if self.steps.is_some() => {
                let given = self.outputs.iter().flat_map(|all| all.iter()).map(Range::len).sum::<usize>();
                let message =
                    || format!("the time steps have {given} target values, the network has {width}");
                if given == width { Ok(()) } else { Err(Error::shape(message())) }
            }
            Targets::Values(values, kinds) if kinds.len() != width => {
                let whole = kinds.len() == 1 && values.iter().all(|&t| t >= 0.0 && t.fract() == 0.0);
                let hint = if whole && width > 1 {
                    "class numbers are a flat list of integers (of a CSV file: classes: true)"
                } else {
                    "for class numbers give integers"
                };
                let given = kinds.len();
                let heads = |output: &Named| format!("{} {}", features(output), output.0);
                let of = match outputs {
                    [_] => String::new(),
                    _ => format!(" ({})", outputs.iter().map(heads).collect::<Vec<_>>().join(", ")),
                };
                Err(Error::shape(format!(
                    "each sample has {given} target values, the network has {width} outputs{of}; {hint}"
                )))
            }
            Targets::Values(..) => Ok(()),
        }
    }
}

/// Values of an output.
fn features((_, shape): &Named) -> usize {
    shape.iter().product()
}

/// Refuses class numbers that are not one per sample, or of a sequence one per time step, and those out of an output's range.
fn check_classes(classes: &[u32], (all, each): (usize, usize), output: &Named, several: bool) -> Result<()> {
    let (steps, features) = match output.1[..] {
        [steps, features] => (steps, features),
        _ => (1, features(output)),
    };
    if each != steps {
        let hint = match each {
            1 => {
                "a class of the whole sequence needs a layer that ends it: a recurrent layer that returns the last state, or flatten() and dense()"
            }
            _ => "give as many for each sample",
        };
        return Err(Error::shape(format!(
            "each sample has {each} class number{}, the output \"{}\" {:?} needs {steps}{}: {hint}",
            if each == 1 { "" } else { "s" },
            output.0,
            output.1,
            if steps == 1 { "" } else { ", one for each time step" },
        )));
    }
    // A single value distinguishes two classes.
    let limit = features.max(2);
    let Some(at) = classes.iter().position(|&class| class as usize >= limit) else { return Ok(()) };
    let sample = at / all;
    let who = if several {
        format!("the output \"{}\"", output.0)
    } else {
        format!("a network with {features} output{}", if features == 1 { "" } else { "s" })
    };
    let first = |at: usize| classes.get(at).map_or(String::new(), |class| format!("[{class}], "));
    let hint = if features == 1 {
        format!("; numbers are rows, as [{}{}…]", first(0), first(1))
    } else {
        String::new()
    };
    Err(Error::data(format!(
        "class number {} is out of range: {who} has classes 0 to {} (sample {sample}){hint}",
        classes[at],
        limit - 1
    )))
}
