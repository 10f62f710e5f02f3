//! Patterns and cues: their values, what is wrong with them, and which pattern a state resembles.

use super::options::Values;
use crate::classic::samples;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::vector::{add_scaled, dot};

/// Stored patterns `[count, units]`, bipolar unless they are real.
#[derive(Clone, Debug)]
pub struct Patterns {
    units: usize,
    values: Values,
    all: Vec<f64>,
}

/// What a state is to the stored patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of them, but for a few units.
    Stored,
    /// The reverse of one.
    Reversed,
    /// The sign of a sum of some of them, or of their reverses.
    Mixture,
    /// None of these.
    Unknown,
}

/// The pattern or the patterns that a state resembles.
#[derive(Clone, Debug)]
pub struct Likeness {
    /// What it is.
    pub kind: Kind,
    /// The numbers of the patterns.
    pub patterns: Vec<u32>,
    /// −1 for each that is reversed in it, else 1.
    pub signs: Vec<f64>,
    /// s·x/N with that pattern, its reverse or the mixture; with the nearest pattern if it is none of these.
    pub overlap: f64,
}

/// A state is a pattern, a reverse or a mixture from this overlap on: at most a twentieth of the units differ.
const ALIKE: f64 = 0.9;
/// The most patterns of a mixture that are looked for.
const MIXED: usize = 7;

impl Patterns {
    /// No patterns.
    pub fn none(units: usize, values: Values) -> Self {
        Self { units, values, all: Vec::new() }
    }

    /// Checks patterns `[count, units]`: values, and that no two are equal.
    pub fn new(x: Vec<f64>, units: usize, values: Values) -> Result<Self> {
        let mut patterns = Self::none(units, values);
        let mut all = samples(x, units)?.into_raw_vec_and_offset().0;
        for (at, value) in all.iter_mut().enumerate() {
            *value = patterns.inside(*value).ok_or_else(|| patterns.refuse("pattern", at, *value))?;
        }
        if let Some((a, b)) = equal_rows(&all, units)? {
            return Err(Error::data(format!("patterns {a} and {b} (from 0) are equal: give each once")));
        }
        patterns.all = all;
        Ok(patterns)
    }

    /// Cues `[count, units]`, where NaN is unknown, and for bipolar units 0 too: both become 0.
    pub fn cues(&self, mut x: Vec<f64>) -> Result<Vec<f64>> {
        if x.is_empty() || !x.len().is_multiple_of(self.units) {
            let (n, units) = (x.len(), self.units);
            return Err(Error::shape(format!(
                "{n} values are not a whole number of cues of {units} values: give at least one cue"
            )));
        }
        for at in 0..x.len() {
            let value = x[at];
            if value.is_nan() || value == 0.0 && self.values == Values::Bipolar {
                x[at] = 0.0;
            } else {
                x[at] = self.inside(value).ok_or_else(|| self.refuse("cue", at, value))?;
            }
        }
        Ok(x)
    }

    /// A value as it is inside; `None` if it is none.
    fn inside(&self, value: f64) -> Option<f64> {
        match self.values {
            Values::Bipolar => (value.abs() == 1.0).then_some(value),
            Values::Binary => (value == 0.0 || value == 1.0).then_some(2.0 * value - 1.0),
            Values::Real => value.is_finite().then_some(value),
        }
    }

    /// A state as it is written.
    pub(super) fn written(&self, state: &[f64]) -> Vec<f64> {
        state.iter().map(|&s| self.value(s)).collect()
    }

    /// A value as it is written.
    pub(super) fn value(&self, s: f64) -> f64 {
        if self.values == Values::Binary { 0.5 * s + 0.5 } else { s }
    }

    #[cold]
    fn refuse(&self, what: &str, at: usize, value: f64) -> Error {
        let (row, column) = (at / self.units, at % self.units);
        let wanted = match self.values {
            Values::Bipolar if value == 0.0 => "-1 or 1; for 0 and 1 use values: 'binary'",
            Values::Bipolar => "-1 or 1",
            Values::Binary if value == -1.0 => "0 or 1; for -1 and 1 use values: 'bipolar'",
            Values::Binary => "0 or 1",
            Values::Real => "finite",
        };
        Error::data(format!(
            "{what} {row} has {value} as its value {column} (both from 0), it must be {wanted}"
        ))
    }

    /// Number of patterns.
    pub fn count(&self) -> usize {
        self.all.len() / self.units
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// How values are written.
    pub fn values(&self) -> Values {
        self.values
    }

    /// All of them, one after another.
    pub fn all(&self) -> &[f64] {
        &self.all
    }

    /// One after another.
    pub(super) fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.all.chunks_exact(self.units)
    }

    /// Which pattern, reverse or mixture a bipolar state is; `None` if there are no patterns.
    pub(super) fn likeness(&self, state: &[f64]) -> Result<Option<Likeness>> {
        let share = 1.0 / self.units as f64;
        let overlaps: Vec<f64> = self.rows().map(|row| share * dot(row, state)).collect();
        // The patterns with the largest overlaps, the first of equal ones.
        let mut order: Vec<u32> = Vec::new();
        for _ in 0..MIXED.min(overlaps.len()) {
            let mut best: Option<u32> = None;
            for i in 0..overlaps.len() as u32 {
                let larger = |best: u32| overlaps[i as usize].abs() > overlaps[best as usize].abs();
                if !order.contains(&i) && best.is_none_or(larger) {
                    best = Some(i);
                }
            }
            order.extend(best);
        }
        let Some(&nearest) = order.first() else { return Ok(None) };
        let overlap = overlaps[nearest as usize];
        let sign = |i: u32| if overlaps[i as usize] < 0.0 { -1.0 } else { 1.0 };
        let one = |kind, overlap: f64| Likeness {
            kind,
            patterns: vec![nearest],
            signs: vec![sign(nearest)],
            overlap,
        };
        if overlap >= ALIKE {
            return Ok(Some(one(Kind::Stored, overlap)));
        }
        if overlap <= -ALIKE {
            return Ok(Some(one(Kind::Reversed, -overlap)));
        }
        // Sums of 3, 5 and 7 patterns with the largest overlaps; even numbers leave ties.
        let mut sum: Vec<f64> = zeros(self.units, "a mixture")?;
        let mut best = one(Kind::Unknown, overlap);
        for (at, &i) in order.iter().enumerate() {
            add_scaled(&mut sum, sign(i), &self.all[i as usize * self.units..][..self.units]);
            if at < 2 || at % 2 == 1 {
                continue;
            }
            let alike = share * sum.iter().zip(state).map(|(sum, s)| sum.signum() * s).sum::<f64>();
            if alike >= ALIKE && (best.kind == Kind::Unknown || alike > best.overlap) {
                let patterns = order[..=at].to_vec();
                let signs = patterns.iter().map(|&i| sign(i)).collect();
                best = Likeness { kind: Kind::Mixture, patterns, signs, overlap: alike };
            }
        }
        Ok(Some(best))
    }
}

/// Patterns `[count, units]` unit by unit, `[units, count]`.
pub(super) fn columns(patterns: &[f64], units: usize) -> Result<Vec<f64>> {
    let count = patterns.len() / units;
    let mut columns = zeros(patterns.len(), "the patterns")?;
    for (number, row) in patterns.chunks_exact(units).enumerate() {
        row.iter().enumerate().for_each(|(unit, x)| columns[unit * count + number] = *x);
    }
    Ok(columns)
}

/// The first row that is equal to an earlier one, with that, by a table of hashes.
fn equal_rows(all: &[f64], units: usize) -> Result<Option<(usize, usize)>> {
    let size = (2 * all.len() / units).next_power_of_two();
    let mut table: Vec<u32> = zeros(size, "the patterns")?;
    for (number, row) in all.chunks_exact(units).enumerate() {
        // As FxHash: the rotation brings the sign, which is all that differs, to the lower bits. 0 and −0 are equal.
        let mix = |hash: u64, x: &f64| {
            (hash.rotate_left(5) ^ (x + 0.0).to_bits()).wrapping_mul(0x517c_c1b7_2722_0a95)
        };
        let hash = row.iter().fold(0, mix);
        let mut place = (hash ^ hash >> 32) as usize & (size - 1);
        while table[place] > 0 {
            let other = table[place] as usize - 1;
            if row == &all[other * units..][..units] {
                return Ok(Some((other, number)));
            }
            place = (place + 1) & (size - 1);
        }
        table[place] = number as u32 + 1;
    }
    Ok(None)
}
