//! Dense layers for a single sample: from the weights in their own layout, or packed.

use super::super::tile::{self, tiles};
use super::store;
use crate::simd::{Level, Simd, on_level};
use std::ops::Range;

on_level! {
    /// y `[units]` = W·x + b for the units of `rows`; x is `[inputs]`, b may be null.
    pub fn dense(w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, inputs: usize, rows: Range<usize>) = dense_kernel
}

#[inline(always)]
unsafe fn dense_kernel<S: Simd>(
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    rows: Range<usize>,
) {
    let b = |row: usize| (!bias.is_null()).then(|| bias.add(row));
    let mut row = rows.start;
    while row + 4 * S::LANES <= rows.end {
        units::<S, 4>(w.add(row * inputs), b(row), x, y.add(row), inputs);
        row += 4 * S::LANES;
    }
    while row + S::LANES <= rows.end {
        units::<S, 1>(w.add(row * inputs), b(row), x, y.add(row), inputs);
        row += S::LANES;
    }
    // Units that fill no vector: each in all lanes of one.
    tiles!(row..rows.end, |row| few_units::<S>(w.add(row * inputs), b(row), x, y.add(row), inputs));
}

/// G vectors of units, whose lanes are units; four columns of W at a time.
#[inline(always)]
unsafe fn units<S: Simd, const G: usize>(
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
) {
    let mut sums = [S::splat(0.0); G];
    for g in 0..G {
        sums[g] = bias.map_or(sums[g], |bias| S::load(bias.add(g * S::LANES)));
    }
    let whole = inputs - inputs % 4;
    for i in (0..whole).step_by(4) {
        for g in 0..G {
            let columns = S::columns(w.add(g * S::LANES * inputs + i), inputs);
            for k in 0..4 {
                sums[g] = S::madd(columns[k], S::splat(*x.add(i + k)), sums[g]);
            }
        }
    }
    for i in whole..inputs {
        for g in 0..G {
            let column = S::gather(w.add(g * S::LANES * inputs + i), inputs);
            sums[g] = S::madd(column, S::splat(*x.add(i)), sums[g]);
        }
    }
    for g in 0..G {
        S::store(y.add(g * S::LANES), sums[g]);
    }
}

#[inline(always)]
unsafe fn few_units<S: Simd, const R: usize>(
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
) {
    let mut sums = tile::splat::<S, R, 1>(bias);
    for i in 0..inputs {
        tile::step::<S, R, 1>(&mut sums, w.add(i), inputs, [S::splat(*x.add(i))]);
    }
    for r in 0..R {
        store::<S>(y.add(r), sums[r][0], 1);
    }
}

/// The floats of [`pack_dense`], for vectors of any length.
pub fn packed_dense(inputs: usize, units: usize) -> usize {
    (inputs + 1) * units.next_multiple_of(16)
}

/// Packs weights and biases for [`dense_packed`]: a tile of vectors of units side by side, `[bias, then inputs][tile][lanes]`;
/// missing units are zeros.
///
/// # Safety
/// `w` is `[units, inputs]`, bias `[units]` or null, and [`packed_dense`] the size of `out`.
pub unsafe fn pack_dense(
    level: Level,
    w: *const f32,
    bias: *const f32,
    out: *mut f32,
    inputs: usize,
    units: usize,
) {
    let lanes = level.block() / 2;
    let mut first = 0;
    while first < units {
        let width = tile::height((units - first).div_ceil(lanes)) * lanes;
        for unit in 0..width {
            let there = first + unit < units;
            // SAFETY: the caller's.
            unsafe {
                let (from, to) =
                    (w.wrapping_add((first + unit) * inputs), out.add(first * (inputs + 1) + unit));
                *to = if there && !bias.is_null() { *bias.add(first + unit) } else { 0.0 };
                for i in 0..inputs {
                    *to.add((i + 1) * width) = if there { *from.add(i) } else { 0.0 };
                }
            }
        }
        first += width;
    }
}

on_level! {
    /// y `[units]` = W·x + b from the result of [`pack_dense`].
    pub fn dense_packed(packed: *const f32, x: *const f32, y: *mut f32, inputs: usize, units: usize) = dense_packed_kernel
}

#[inline(always)]
unsafe fn dense_packed_kernel<S: Simd>(
    packed: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    units: usize,
) {
    tiles!(0..units.div_ceil(S::LANES), |vector| vectors_of_units::<S>(
        packed.add(vector * S::LANES * (inputs + 1)),
        x,
        y.add(vector * S::LANES),
        inputs,
        units - vector * S::LANES
    ));
}

/// C vectors of units.
#[inline(always)]
unsafe fn vectors_of_units<S: Simd, const C: usize>(
    packed: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    units: usize,
) {
    let width = C * S::LANES;
    let mut sums = tile::load::<S, 1, C>(packed, 0);
    tile::multiply::<S, 1, C>(&mut sums, x, 0, 1, packed.add(width), width as isize, inputs);
    for j in 0..C {
        store::<S>(y.add(j * S::LANES), sums[0][j], units - j * S::LANES);
    }
}
