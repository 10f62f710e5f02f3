//! The state of a training in progress as one list. Each part of it has one function, `exchange`, for both directions: it passes its
//! fields to an archive, which copies them if it saves, and replaces them if it restores.

use hebb_kernels::error::{Error, Result};

/// The largest counter that a number holds.
const MOST: f64 = (1_u64 << 53) as f64;

/// A state on its way to or from a training. A number of 64 bits is two values of the list, by their bits.
#[derive(Debug)]
pub struct Archive {
    state: Vec<f32>,
    /// How many values were restored; none if it saves.
    restored: Option<usize>,
    fits: bool,
}

// Its code is called from everywhere, and not inlined.
impl Archive {
    /// Copies what it is passed.
    pub fn saving() -> Self {
        Self { state: Vec::new(), restored: None, fits: true }
    }

    /// Replaces what it is passed by this state.
    pub fn restoring(state: Vec<f32>) -> Self {
        Self { state, restored: Some(0), fits: true }
    }

    /// A number.
    #[inline(never)]
    pub fn number(&mut self, value: &mut f64) {
        let bits = value.to_bits();
        let mut halves = [(bits >> 32) as u32, bits as u32].map(f32::from_bits);
        self.values(&mut halves);
        let [high, low] = halves.map(|half| u64::from(half.to_bits()));
        *value = f64::from_bits(high << 32 | low);
    }

    /// A counter, below 2⁵³.
    #[inline(never)]
    pub fn count(&mut self, value: &mut u64) {
        let mut number = *value as f64;
        self.number(&mut number);
        self.require((0.0..=MOST).contains(&number));
        *value = number as u64;
    }

    /// A number of samples or minibatches.
    pub fn size(&mut self, value: &mut usize) {
        let mut number = *value as u64;
        self.count(&mut number);
        *value = number as usize;
    }

    /// A choice of two.
    pub fn flag(&mut self, value: &mut bool) {
        let mut number = u64::from(*value);
        self.count(&mut number);
        *value = number != 0;
    }

    /// A value that may not be known yet.
    pub fn option(&mut self, value: &mut Option<f64>) {
        let mut known = value.is_some();
        self.flag(&mut known);
        let mut number = value.unwrap_or(0.0);
        self.number(&mut number);
        *value = known.then_some(number);
    }

    /// A list of `length` numbers, or an empty one.
    #[inline(never)]
    pub fn list(&mut self, list: &mut Vec<f64>, length: usize) {
        let count = self.length(list.len(), length, 2);
        list.resize(count, 0.0);
        list.iter_mut().for_each(|value| self.number(value));
    }

    /// A list of `length` floats, or an empty one.
    #[inline(never)]
    pub fn floats(&mut self, list: &mut Vec<f32>, length: usize) {
        let count = self.length(list.len(), length, 1);
        list.resize(count, 0.0);
        self.values(list);
    }

    /// The length of the next list, which is `length` or 0; `width` is that of its numbers.
    fn length(&mut self, mut now: usize, length: usize, width: usize) -> usize {
        self.size(&mut now);
        let left = self.restored.map_or(usize::MAX, |at| self.state.len() - at);
        let fits = now == 0 || (now == length && length.saturating_mul(width) <= left);
        self.require(fits);
        if fits { now } else { 0 }
    }

    fn values(&mut self, values: &mut [f32]) {
        let Some(at) = &mut self.restored else { return self.state.extend_from_slice(values) };
        match self.state.get(*at..*at + values.len()) {
            Some(own) => values.copy_from_slice(own),
            None => return self.fits = false,
        }
        *at += values.len();
    }

    /// Notes whether what was restored can be.
    pub fn require(&mut self, fits: bool) {
        self.fits &= fits;
    }

    /// What was saved; an error if what was restored does not fit.
    pub fn end(self) -> Result<Vec<f32>> {
        if self.fits && self.restored.is_none_or(|all| all == self.state.len()) {
            return Ok(self.state);
        }
        Err(Error::data(
            "this is not the state of a training with this network, these samples and these options",
        ))
    }
}
