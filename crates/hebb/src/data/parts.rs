//! Named inputs and outputs: which values of a sample belong to which.

use super::{Dataset, Targets, Values};
use hebb_kernels::error::{Error, Result};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A name with the shape per sample.
pub type Named = (String, Vec<usize>);

impl Dataset {
    /// Names the inputs that a sample's values consist of, in order, and the outputs of its targets; an empty list for values
    /// without names, which go by their position.
    pub fn with_names(mut self, inputs: Vec<Named>, outputs: Vec<Named>) -> Result<Self> {
        self.change(|store| (store.inputs, store.outputs) = (inputs, outputs))?;
        Ok(self)
    }

    /// The value at place `at`, in the order of a network's inputs, of each of the `samples`; with the number of the sample in the
    /// data set that this one is a part of.
    pub(crate) fn inputs<'a>(
        &'a self,
        at: usize,
        samples: impl Iterator<Item = u32> + 'a,
    ) -> impl Iterator<Item = (usize, f32)> + 'a {
        let size = self.size();
        let own = columns(self.inputs.as_deref(), 0..size).find_map(|(first, own)| {
            (first..first + own.len()).contains(&at).then(|| own.start + at - first)
        });
        samples.filter(move |_| own.is_some()).map(move |sample| {
            let value = match (&self.store.x, self.row(sample as usize) * size + own.unwrap_or(0)) {
                (Values::Bytes(x), at) => f32::from(x[at]) / 255.0,
                (Values::Floats(x), at) => x[at],
            };
            (self.number(sample as usize), value)
        })
    }

    /// Of sequences of `steps` time steps, `count` time steps from `from` on.
    pub(crate) fn window(&self, steps: usize, from: usize, count: usize) -> Dataset {
        let of = |size: usize| {
            let features = size / steps;
            let part: Arc<[Range<usize>]> =
                std::iter::once(from * features..(from + count) * features).collect();
            Some(part)
        };
        let outputs = if let Targets::Values(_, kinds) = &self.store.t { of(kinds.len()) } else { None };
        Dataset { inputs: of(self.size()), outputs, steps: Some(from..from + count), ..self.clone() }
    }

    /// Time steps per sample, if inputs `[T, features]` or `[T]`, and targets of each time step, have as many.
    pub(crate) fn time_steps(&self, features: usize) -> Option<usize> {
        let named = !self.store.inputs.is_empty() || !self.store.outputs.is_empty();
        let steps = self.size() / features;
        let fits = match &self.store.t {
            Targets::None => false,
            Targets::Classes(_, each) => *each == steps,
            Targets::Values(_, kinds) => kinds.len().is_multiple_of(steps),
        };
        (fits && !named && self.size().is_multiple_of(features)).then_some(steps)
    }

    /// The same samples with inputs and, if `outputs` are given, targets in a network's order. Without names they stay as they
    /// are.
    pub(crate) fn arranged(&self, inputs: &[Named], outputs: Option<&[Named]>) -> Result<Cow<'_, Dataset>> {
        let store = &self.store;
        if store.inputs.is_empty() && store.outputs.is_empty() {
            return Ok(Cow::Borrowed(self));
        }
        let mut own = self.clone();
        if !store.inputs.is_empty() {
            let network = inputs.iter().map(|(name, shape)| (name, shape));
            own.inputs = Some(arrange("input", &store.inputs, network)?.into());
        }
        if let Some(outputs) = outputs.filter(|_| !store.outputs.is_empty()) {
            let network = outputs.iter().map(|(name, shape)| (name, shape));
            own.outputs = Some(arrange("output", &store.outputs, network)?.into());
        }
        Ok(Cow::Owned(own))
    }
}

/// The positions of a network's parts among those `given`, in the network's order.
fn arrange<'a>(
    what: &str,
    given: &[Named],
    network: impl Iterator<Item = (&'a String, &'a Vec<usize>)> + Clone,
) -> Result<Vec<Range<usize>>> {
    let all = || network.clone().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let missing = network.clone().find(|(own, _)| given.iter().all(|(name, _)| name != *own));
    let foreign = given.iter().find(|(name, _)| network.clone().all(|(own, _)| own != name));
    let why = match (missing, foreign) {
        (Some((own, _)), None) => format!("\"{own}\" is missing"),
        (Some((own, _)), Some((name, _))) => format!("\"{own}\" is missing, and there is no \"{name}\""),
        (None, Some((name, _))) => format!("too many are given (\"{name}\")"),
        (None, None) => {
            return network.map(|(name, shape)| place(what, given, name, shape)).collect();
        }
    };
    Err(Error::data(format!("the network's {what}s are {}: {why}", all())))
}

/// The position of the part of this name.
fn place(what: &str, given: &[Named], name: &str, shape: &[usize]) -> Result<Range<usize>> {
    let size = |shape: &[usize]| shape.iter().product::<usize>();
    let mut from = 0;
    for (other, own) in given {
        let to = from + size(own);
        if other != name {
            from = to;
            continue;
        }
        if size(own) == size(shape) {
            return Ok(from..to);
        }
        let hint = if what == "output" { "; classes are one-hot rows" } else { "" };
        return Err(Error::shape(format!(
            "\"{name}\" has {} of shape {own:?} per sample, the network's {what} has shape {shape:?}{hint}",
            if what == "output" { "targets" } else { "values" }
        )));
    }
    // It was found above.
    Ok(0..0)
}

/// The columns of a sample for `part` of a network's order, each with the number of values before them there.
pub(super) fn columns(
    order: Option<&[Range<usize>]>,
    part: Range<usize>,
) -> impl Iterator<Item = (usize, Range<usize>)> {
    let (whole, mut end) = (order.is_none().then(|| (0, part.clone())), 0);
    let parts = order.into_iter().flatten().filter_map(move |own| {
        let from = end;
        end += own.len();
        (part.start <= from && end <= part.end).then(|| (from - part.start, own.clone()))
    });
    whole.into_iter().chain(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hebb_kernels::error::Code;

    fn named(parts: &[(&str, usize)]) -> Vec<Named> {
        parts.iter().map(|&(name, size)| (name.to_owned(), vec![size])).collect()
    }

    #[test]
    fn samples_are_gathered_in_the_networks_order() -> Result<()> {
        let x = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let data = Dataset::from_floats(&[3], x)?.with_names(named(&[("q", 1), ("p", 2)]), Vec::new())?;
        let data = data.arranged(&named(&[("p", 2), ("q", 1)]), None)?;
        let mut into = [0.0; 12];
        data.gather(&[1, 0], 4, &mut into);
        // The lanes that are left over repeat the first sample.
        assert_eq!(into, [5.0, 2.0, 5.0, 5.0, 6.0, 3.0, 6.0, 6.0, 4.0, 1.0, 4.0, 4.0]);
        let part = data.subset(&[1])?;
        part.gather(&[0], 1, &mut into[..3]);
        assert_eq!(into[..3], [5.0, 6.0, 4.0]);
        Ok(())
    }

    #[test]
    fn names_and_sizes_that_do_not_fit_are_refused() -> Result<()> {
        let data =
            Dataset::from_floats(&[2], vec![1.0; 4])?.with_names(named(&[("p", 1), ("q", 1)]), Vec::new())?;
        let refused = |own: &[(&str, usize)]| match data.arranged(&named(own), None) {
            Ok(_) => (Code::Option, String::new()),
            Err(error) => (error.code, error.message),
        };
        assert_eq!(refused(&[("q", 1), ("p", 1)]).1, "");
        assert_eq!(
            refused(&[("p", 1), ("z", 1)]).1,
            "the network's inputs are p, z: \"z\" is missing, and there is no \"q\""
        );
        assert_eq!(refused(&[("p", 1)]).1, "the network's inputs are p: too many are given (\"q\")");
        assert_eq!(refused(&[("p", 1), ("q", 1), ("r", 1)]).0, Code::Data);
        assert_eq!(refused(&[("p", 1), ("q", 2)]).0, Code::Shape);
        Ok(())
    }

    #[test]
    fn parts_of_targets_are_found() {
        let order = [3..5, 0..3];
        let found = |part| columns(Some(&order), part).collect::<Vec<_>>();
        assert_eq!(found(0..2), [(0, 3..5)]);
        assert_eq!(found(2..5), [(0, 0..3)]);
        assert_eq!(found(0..5), [(0, 3..5), (2, 0..3)]);
        assert_eq!(columns(None, 1..4).collect::<Vec<_>>(), [(0, 1..4)]);
    }
}
