//! Weights of dense layers in fewer bits, for inference: a half or a quarter of the memory, and of the time to read it.
//!
//! Sixteen units lie side by side, a panel, so that the lanes of a vector are units, or weights are decoded a few inputs at a time
//! for a block of samples:
//!
//! ```text
//! panel      F16   [inputs][16 units], 16 bits each
//!            Int8  [16 scales of 32 bits][inputs][16 units], 8 bits each
//! ```
//!
//! Either way the sum is that of [`dense`](super::dense) with the decoded weights, in the same order.

use super::dense::Blocks;
use super::tile::{self, Start, Weights};
use crate::simd::{Level, Simd, from_half, on_level, to_half};

/// How weights are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Half precision: 11 bits, up to [`LARGEST_HALF`](crate::simd::LARGEST_HALF).
    F16,
    /// Whole numbers from −127 to 127, times the scale of their unit: its largest weight / 127.
    Int8,
}

/// Units of a panel.
pub const PANEL: usize = 16;

/// Inputs whose weights are decoded at a time: 8 KiB.
const RUN: usize = 128;

impl Storage {
    /// The words of 32 bits of a panel.
    pub fn panel(self, inputs: usize) -> usize {
        match self {
            Storage::F16 => inputs * PANEL / 2,
            Storage::Int8 => PANEL + inputs * PANEL / 4,
        }
    }

    /// The words of W `[units, inputs]`.
    pub fn words(self, inputs: usize, units: usize) -> usize {
        units.div_ceil(PANEL) * self.panel(inputs)
    }

    /// The bytes of a panel's weights, behind its scales.
    fn weights(self, panel: *const f32) -> *const u8 {
        panel.wrapping_add(if self == Storage::Int8 { PANEL } else { 0 }).cast()
    }

    /// Stores the weights of a unit of a panel; each is finite, and for F16 at most [`LARGEST_HALF`](crate::simd::LARGEST_HALF).
    ///
    /// # Safety
    /// The panel has its words.
    pub unsafe fn encode(self, row: &[f32], panel: *mut f32, unit: usize) {
        let at = self.weights(panel).cast_mut();
        // SAFETY: the caller's.
        unsafe {
            match self {
                Storage::F16 => {
                    for (i, &value) in row.iter().enumerate() {
                        at.cast::<u16>().add(i * PANEL + unit).write(to_half(value));
                    }
                }
                Storage::Int8 => {
                    let largest = row.iter().fold(0.0f32, |most, value| most.max(value.abs()));
                    let scale = largest / 127.0;
                    *panel.add(unit) = scale;
                    // Of weights that are too small for a scale nothing remains.
                    let inverse = if scale.is_normal() { 1.0 / scale } else { 0.0 };
                    for (i, &value) in row.iter().enumerate() {
                        let whole = (value * inverse).round_ties_even().clamp(-127.0, 127.0) as i8;
                        at.cast::<i8>().add(i * PANEL + unit).write(whole);
                    }
                }
            }
        }
    }

    /// The weights of a unit of a panel.
    ///
    /// # Safety
    /// The panel has its words.
    pub unsafe fn decode(self, panel: *const f32, unit: usize, row: &mut [f32]) {
        let at = self.weights(panel);
        for (i, value) in row.iter_mut().enumerate() {
            // SAFETY: the caller's.
            *value = unsafe {
                match self {
                    Storage::F16 => from_half(at.cast::<u16>().add(i * PANEL + unit).read()),
                    Storage::Int8 => {
                        f32::from(at.cast::<i8>().add(i * PANEL + unit).read()) * *panel.add(unit)
                    }
                }
            };
        }
    }
}

/// The weights of an input for a vector of a panel's units from `unit` on.
#[inline(always)]
unsafe fn decoded<S: Simd, const HALF: bool>(at: *const u8, i: usize, unit: usize, scale: S::V) -> S::V {
    if HALF {
        S::halves(at.cast::<u16>().add(i * PANEL + unit))
    } else {
        S::mul(S::bytes(at.cast::<i8>().add(i * PANEL + unit)), scale)
    }
}

/// The scales of a vector of units.
#[inline(always)]
unsafe fn scale<S: Simd, const HALF: bool>(panel: *const f32, unit: usize) -> S::V {
    if HALF { S::splat(1.0) } else { S::load(panel.add(unit)) }
}

/// y `[units][block]` = W·x + b for `units` of a panel; x is `[inputs][block]`, b may be null.
///
/// # Safety
/// The panel has its words, and buffers these sizes, for all blocks.
pub unsafe fn forward(
    level: Level,
    storage: Storage,
    blocks: Blocks,
    panel: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    units: usize,
) {
    let block = level.block();
    let mut weights = [0.0f32; PANEL * RUN];
    let into = weights.as_mut_ptr();
    let a = Weights { at: into, row: 1, step: PANEL };
    for start in (0..inputs).step_by(RUN) {
        let len = RUN.min(inputs - start);
        let begin = Start::of_run(start, bias);
        // SAFETY: the caller's.
        unsafe {
            decode(level, storage, panel, start, len, into);
            for i in 0..blocks.count {
                let x = x.add(i * blocks.x + start * block);
                tile::product(level, a, x, len, begin, y.add(i * blocks.y), block, units);
            }
        }
    }
}

on_level! {
    /// The weights of a panel for some inputs, `[len][PANEL]`.
    fn decode(storage: Storage, panel: *const f32, start: usize, len: usize, into: *mut f32) = decode_kernel
}

#[inline(always)]
unsafe fn decode_kernel<S: Simd>(
    storage: Storage,
    panel: *const f32,
    start: usize,
    len: usize,
    into: *mut f32,
) {
    match storage {
        Storage::F16 => decode_of::<S, true>(storage.weights(panel), panel, start, len, into),
        Storage::Int8 => decode_of::<S, false>(storage.weights(panel), panel, start, len, into),
    }
}

#[inline(always)]
unsafe fn decode_of<S: Simd, const HALF: bool>(
    at: *const u8,
    scales: *const f32,
    start: usize,
    len: usize,
    into: *mut f32,
) {
    for unit in (0..PANEL).step_by(S::LANES) {
        let scale = scale::<S, HALF>(scales, unit);
        for i in 0..len {
            S::store(into.add(i * PANEL + unit), decoded::<S, HALF>(at, start + i, unit, scale));
        }
    }
}

on_level! {
    /// As [`forward`] for a single sample: x is `[inputs]`, y `[units]`.
    pub fn single(storage: Storage, panel: *const f32, bias: *const f32, x: *const f32, y: *mut f32, inputs: usize, units: usize) = single_kernel
}

#[inline(always)]
unsafe fn single_kernel<S: Simd>(
    storage: Storage,
    panel: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    units: usize,
) {
    // Of a panel that is not full only its units are read and written.
    let mut sums = [0.0f32; PANEL];
    let into = sums.as_mut_ptr();
    if !bias.is_null() {
        into.copy_from_nonoverlapping(bias, units);
    }
    match storage {
        Storage::F16 => single_of::<S, true>(storage, panel, x, into, inputs),
        Storage::Int8 => single_of::<S, false>(storage, panel, x, into, inputs),
    }
    y.copy_from_nonoverlapping(into, units);
}

#[inline(always)]
unsafe fn single_of<S: Simd, const HALF: bool>(
    storage: Storage,
    panel: *const f32,
    x: *const f32,
    sums: *mut f32,
    inputs: usize,
) {
    let at = storage.weights(panel);
    let (mut totals, mut scales) = ([S::splat(0.0); PANEL], [S::splat(1.0); PANEL]);
    for g in 0..PANEL / S::LANES {
        totals[g] = S::load(sums.add(g * S::LANES));
        scales[g] = scale::<S, HALF>(panel, g * S::LANES);
    }
    for i in 0..inputs {
        let x = S::splat(*x.add(i));
        for g in 0..PANEL / S::LANES {
            totals[g] = S::madd(decoded::<S, HALF>(at, i, g * S::LANES, scales[g]), x, totals[g]);
        }
    }
    for g in 0..PANEL / S::LANES {
        S::store(sums.add(g * S::LANES), totals[g]);
    }
}
