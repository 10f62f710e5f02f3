//! Data sets: samples with targets, kept in their own type and gathered into blocks.

mod checks;
mod moments;
mod parts;

use hebb_kernels::error::{Error, Result};
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector;
pub use parts::Named;
use parts::columns;
use std::ops::Range;
use std::sync::Arc;

enum Values {
    /// Read as value / 255, as images are.
    Bytes(Vec<u8>),
    Floats(Vec<f32>),
}

/// The targets of a data set.
enum Targets {
    None,
    /// Class numbers, and how many each sample has: one, or one per time step.
    Classes(Vec<u32>, usize),
    /// The values, and per column the kind that all of its values have.
    Values(Vec<f32>, Vec<Kinds>),
}

/// The kinds of targets. If all are 1, they are both binary and signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds {
    /// Class numbers.
    pub classes: bool,
    /// 0 and 1.
    pub binary: bool,
    /// −1 and 1.
    pub signs: bool,
}

struct Store {
    shape: Vec<usize>,
    samples: usize,
    x: Values,
    t: Targets,
    /// The samples' numbers in messages, if they differ from their positions.
    numbers: Vec<u32>,
    /// The inputs and outputs that values and targets consist of, in order; empty without names.
    inputs: Vec<Named>,
    outputs: Vec<Named>,
}

/// Samples, or a subset of another data set's samples, which shares its data.
#[derive(Clone)]
pub struct Dataset {
    store: Arc<Store>,
    chosen: Option<Arc<[u32]>>,
    /// The positions of a network's inputs and outputs in a sample, if they have names.
    inputs: Option<Arc<[Range<usize>]>>,
    outputs: Option<Arc<[Range<usize>]>>,
    /// The time steps of which the targets are, if those are classes and not all count.
    steps: Option<Range<usize>>,
}

impl Dataset {
    fn new(shape: &[usize], x: Values) -> Result<Self> {
        let (values, finite) = match &x {
            Values::Bytes(x) => (x.len(), true),
            Values::Floats(x) => (x.len(), x.iter().all(|x| x.is_finite())),
        };
        let size = shape.iter().try_fold(1usize, |all, &one| all.checked_mul(one)).unwrap_or(0);
        if size == 0 || values == 0 {
            return Err(Error::data(format!(
                "there is no data: {values} values for samples of shape {shape:?}"
            )));
        }
        if values % size != 0 {
            return Err(Error::shape(format!(
                "{values} values are not a whole number of samples of shape {shape:?} ({size} values each)"
            )));
        }
        if !finite {
            return Err(Error::data("the data contains NaN or an infinity: remove or replace these values"));
        }
        let (samples, t) = (values / size, Targets::None);
        let store = Store {
            shape: shape.to_vec(),
            samples,
            x,
            t,
            numbers: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        Ok(Self { store: Arc::new(store), chosen: None, inputs: None, outputs: None, steps: None })
    }

    /// Samples of bytes, which are read as value / 255.
    pub fn from_bytes(shape: &[usize], x: Vec<u8>) -> Result<Self> {
        Self::new(shape, Values::Bytes(x))
    }

    /// Samples of floats.
    pub fn from_floats(shape: &[usize], x: Vec<f32>) -> Result<Self> {
        Self::new(shape, Values::Floats(x))
    }

    /// One sample `[features]` of any floats, infinite ones and NaN too, to evaluate a function at.
    pub(crate) fn of_places(x: &[f32]) -> Self {
        let store = Store {
            shape: vec![x.len()],
            samples: 1,
            x: Values::Floats(x.to_vec()),
            t: Targets::None,
            numbers: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        Self { store: Arc::new(store), chosen: None, inputs: None, outputs: None, steps: None }
    }

    fn change(&mut self, change: impl FnOnce(&mut Store)) -> Result<()> {
        let store = Arc::get_mut(&mut self.store).ok_or_else(|| {
            Error::data("targets and names must be set before the data set is split or used")
        })?;
        change(store);
        Ok(())
    }

    fn with_targets(mut self, targets: Targets) -> Result<Self> {
        self.change(|store| store.t = targets)?;
        Ok(self)
    }

    /// Adds class numbers: one per sample, or `[samples, T]`, one per time step.
    pub fn with_classes(self, classes: Vec<u32>) -> Result<Self> {
        let samples = self.store.samples;
        if classes.is_empty() || !classes.len().is_multiple_of(samples) {
            return Err(Error::shape(format!("{} class numbers for {samples} samples", classes.len())));
        }
        let each = classes.len() / samples;
        self.with_targets(Targets::Classes(classes, each))
    }

    /// Adds target values `[samples, outputs]`.
    pub fn with_values(self, values: Vec<f32>) -> Result<Self> {
        if values.is_empty() || !values.len().is_multiple_of(self.store.samples) {
            let (n, samples) = (values.len(), self.store.samples);
            return Err(Error::shape(format!(
                "{n} target values are not a whole number for each of {samples} samples"
            )));
        }
        let width = values.len() / self.store.samples;
        if let Some(at) = values.iter().position(|t| !t.is_finite()) {
            return Err(Error::data(format!(
                "the targets contain NaN or an infinity: sample {} has {}. Remove or replace such values",
                at / width,
                values[at]
            )));
        }
        let mut kinds = vec![Kinds { classes: false, binary: true, signs: true }; width];
        for row in values.chunks_exact(width) {
            for (kind, &t) in kinds.iter_mut().zip(row) {
                kind.binary &= t == 0.0 || t == 1.0;
                kind.signs &= t == -1.0 || t == 1.0;
            }
        }
        self.with_targets(Targets::Values(values, kinds))
    }

    /// Sets the numbers by which messages name the samples: those that they have in a stream.
    pub fn with_numbers(mut self, numbers: Vec<u32>) -> Result<Self> {
        self.change(|store| store.numbers = numbers)?;
        Ok(self)
    }

    /// A subset of the samples, by number. The data is shared, not copied.
    pub fn subset(&self, indices: &[u32]) -> Result<Self> {
        if indices.is_empty() {
            return Err(Error::data("a subset needs at least one sample"));
        }
        let all = self.len();
        if let Some(index) = indices.iter().find(|&&index| index as usize >= all) {
            return Err(Error::data(format!("sample {index} does not exist: there are {all}")));
        }
        let chosen = indices.iter().map(|&index| self.row(index as usize) as u32).collect();
        Ok(Self { chosen: Some(chosen), ..self.clone() })
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.chosen.as_ref().map_or(self.store.samples, |chosen| chosen.len())
    }

    /// Whether there is no sample; always false.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape of a sample.
    pub fn shape(&self) -> &[usize] {
        &self.store.shape
    }

    /// The bytes held, shared ones included.
    pub fn bytes(&self) -> usize {
        let x = match &self.store.x {
            Values::Bytes(x) => x.len(),
            Values::Floats(x) => x.len() * 4,
        };
        let t = match &self.store.t {
            Targets::None => 0,
            Targets::Classes(t, _) => t.len() * 4,
            Targets::Values(t, _) => t.len() * 4,
        };
        x + t
    }

    fn row(&self, index: usize) -> usize {
        self.chosen.as_ref().map_or(index, |chosen| chosen[index] as usize)
    }

    /// The number of a sample in messages.
    fn number(&self, sample: usize) -> usize {
        let place = self.row(sample);
        self.store.numbers.get(place).map_or(place, |&number| number as usize)
    }

    /// The order of an epoch: shuffled by seed and epoch, or sequential.
    pub fn order(&self, shuffle: bool, seed: u64, epoch: u64) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        if shuffle {
            Random::new(seed, Stream::Shuffle(epoch as u32)).shuffle(&mut order);
        }
        order
    }

    /// The class numbers of each sample, if the targets are classes.
    pub fn classes(&self) -> Option<Vec<u32>> {
        match &self.store.t {
            Targets::Classes(t, each) => {
                Some((0..self.len()).flat_map(|row| &t[self.row(row) * each..][..*each]).copied().collect())
            }
            _ => None,
        }
    }

    /// The kinds of the targets `part`, over all samples of the data set that this one is a part of.
    pub(crate) fn kinds(&self, part: Range<usize>) -> Kinds {
        let none = Kinds { classes: false, binary: false, signs: false };
        match &self.store.t {
            Targets::None => none,
            Targets::Classes(..) => Kinds { classes: true, ..none },
            Targets::Values(_, kinds) => {
                let all = columns(self.outputs.as_deref(), part).flat_map(|(_, own)| &kinds[own]);
                all.fold(Kinds { classes: false, binary: true, signs: true }, |sum, one| Kinds {
                    binary: sum.binary && one.binary,
                    signs: sum.signs && one.signs,
                    ..sum
                })
            }
        }
    }

    /// The target values `part` of each of the `samples`, class numbers as one-hot rows, with its number in the
    /// data set that this one is a part of.
    pub(crate) fn targets(
        &self,
        samples: Range<usize>,
        part: Range<usize>,
    ) -> impl Iterator<Item = (usize, Vec<f32>)> + '_ {
        samples.map(move |sample| {
            let mut row = vec![0.0; part.len()];
            self.gather_targets(&[sample as u32], 1, part.clone(), &mut row);
            (self.number(sample), row)
        })
    }

    /// The inputs of all samples, if they are bytes.
    pub fn x_bytes(&self) -> Result<Option<Vec<u8>>> {
        match &self.store.x {
            Values::Bytes(x) => self.copied(x, self.size(), "a copy of the samples").map(Some),
            Values::Floats(_) => Ok(None),
        }
    }

    /// The inputs of all samples, if they are floats.
    pub fn x_floats(&self) -> Result<Option<Vec<f32>>> {
        match &self.store.x {
            Values::Bytes(_) => Ok(None),
            Values::Floats(x) => self.copied(x, self.size(), "a copy of the samples").map(Some),
        }
    }

    /// The target values of all samples, `[samples, outputs]`; `None` for class numbers.
    pub fn target_values(&self) -> Result<Option<Vec<f32>>> {
        match &self.store.t {
            Targets::Values(t, _) => {
                self.copied(t, t.len() / self.store.samples, "a copy of the targets").map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The values of one sample.
    fn size(&self) -> usize {
        self.store.shape.iter().product()
    }

    /// Copies the rows of the samples, `size` values each.
    fn copied<T: Copy + Default>(&self, from: &[T], size: usize, what: &str) -> Result<Vec<T>> {
        let mut all: Vec<T> = hebb_kernels::error::zeros(self.len() * size, what)?;
        for (row, into) in all.chunks_exact_mut(size).enumerate() {
            into.copy_from_slice(&from[self.row(row) * size..][..size]);
        }
        Ok(all)
    }

    /// Writes `samples` into `[features][lanes]`, and repeats the first of them in the remaining lanes.
    pub(crate) fn gather(&self, samples: &[u32], lanes: usize, into: &mut [f32]) {
        let size: usize = self.store.shape.iter().product();
        for (at, own) in columns(self.inputs.as_deref(), 0..size) {
            let (len, into) = (own.len(), &mut into[at * lanes..][..own.len() * lanes]);
            let rows = samples.iter().map(|&i| self.row(i as usize));
            match &self.store.x {
                Values::Bytes(x) => {
                    spread(&x[own.start..], rows, size, len, lanes, into, vector::spread_bytes)
                }
                Values::Floats(x) => spread(&x[own.start..], rows, size, len, lanes, into, vector::spread),
            }
        }
        // Lanes without a sample repeat the first one: their results are as finite, and 0 times them is 0 in sums over all
        // lanes.
        if samples.len() < lanes {
            for values in into.chunks_exact_mut(lanes) {
                let first = values[0];
                values[samples.len()..].fill(first);
            }
        }
    }

    /// Writes the targets `part` of `samples` into `[part][lanes]`; class numbers as one-hot
    /// rows.
    #[inline(never)]
    pub(crate) fn gather_targets(&self, samples: &[u32], lanes: usize, part: Range<usize>, into: &mut [f32]) {
        match &self.store.t {
            Targets::None => into.fill(0.0),
            Targets::Values(t, kinds) => {
                let width = kinds.len();
                for (at, own) in columns(self.outputs.as_deref(), part) {
                    let (len, into) = (own.len(), &mut into[at * lanes..][..own.len() * lanes]);
                    let rows = samples.iter().map(|&i| self.row(i as usize));
                    spread(&t[own.start..], rows, width, len, lanes, into, vector::spread);
                }
            }
            Targets::Classes(t, each) => {
                into.fill(0.0);
                let steps = self.steps.clone().unwrap_or(0..*each);
                let values = part.len() / steps.len();
                for (lane, &i) in samples.iter().enumerate() {
                    let own = &t[self.row(i as usize) * each..][steps.clone()];
                    for (step, &class) in own.iter().enumerate() {
                        if values == 1 {
                            into[step * lanes + lane] = class as f32;
                        } else {
                            into[(step * values + class as usize) * lanes + lane] = 1.0;
                        }
                    }
                }
            }
        }
    }
}

/// Writes the rows of samples into `[size][lanes]` by `write(row, into, lanes)`.
fn spread<T>(
    from: &[T],
    rows: impl ExactSizeIterator<Item = usize>,
    row_size: usize,
    size: usize,
    lanes: usize,
    into: &mut [f32],
    write: fn(&[T], &mut [f32], usize),
) {
    if rows.len() < lanes {
        into.fill(0.0);
    }
    for (lane, row) in rows.enumerate() {
        write(&from[row * row_size..][..size], &mut into[lane..], lanes);
    }
}

#[cfg(test)]
mod tests;
