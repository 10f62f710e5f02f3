//! Radial basis functions on blocks of samples: y = exp(−r²/2σ²) of the squared distances r² = Σ (x − c)² to the centers
//! `[units, features]`. The widths are given as log σ.
//!
//! The distances are sums of squared differences, not ‖x‖² − 2x·c + ‖c‖²: in 32 bits that loses all digits of r² when samples
//! and centers are near each other and far from the origin. For the same reason the gradients sum products with x − c.

use crate::dense::Blocks;
use crate::simd::{Simd, math, on_level};
use crate::tile;
use std::ops::Range;

/// Rows of a tile, with the registers for two vectors of samples and a difference.
const ROWS: usize = 4;

/// Calls `$f::<S, ROWS>($row, …)` or `$f::<S, 1>($row, …)` for tiles that cover `$rows`. Fewer heights than a dense layer's,
/// for each is a copy of the code.
macro_rules! tiles {
    ($rows:expr, $most:expr, |$row:ident| $f:ident :: <$s:ident>($($arg:expr),*)) => {{
        let rows: Range<usize> = $rows;
        let mut $row = rows.start;
        while $row < rows.end {
            if rows.end - $row >= $most {
                $f::<$s, { $most }>($($arg),*);
                $row += $most;
            } else {
                $f::<$s, 1>($($arg),*);
                $row += 1;
            }
        }
    }};
}

on_level! {
    /// r² `[units][block]` for the units of `rows`; x is `[features][block]`.
    pub fn distances(blocks: Blocks, centers: *const f32, x: *const f32, squares: *mut f32, features: usize, rows: Range<usize>) = distances_kernel
}

#[inline(always)]
unsafe fn distances_kernel<S: Simd>(
    blocks: Blocks,
    centers: *const f32,
    x: *const f32,
    squares: *mut f32,
    features: usize,
    rows: Range<usize>,
) {
    let block = 2 * S::LANES;
    for i in 0..blocks.count {
        let (x, squares) = (x.add(i * blocks.x), squares.add(i * blocks.y));
        tiles!(rows.clone(), ROWS, |row| distances_tile::<S>(
            centers.add(row * features),
            x,
            squares.add(row * block),
            features
        ));
    }
}

#[inline(always)]
unsafe fn distances_tile<S: Simd, const R: usize>(
    centers: *const f32,
    x: *const f32,
    squares: *mut f32,
    features: usize,
) {
    let block = 2 * S::LANES;
    let mut sums = tile::splat::<S, R, 2>(None);
    for i in 0..features {
        let x = [S::load(x.add(i * block)), S::load(x.add(i * block + S::LANES))];
        for r in 0..R {
            let center = S::splat(*centers.add(r * features + i));
            for j in 0..2 {
                let difference = S::sub(x[j], center);
                sums[r][j] = S::madd(difference, difference, sums[r][j]);
            }
        }
    }
    tile::store::<S, R, 2>(&sums, squares, block);
}

/// Maximum of 1/2σ²: smaller σ would give 0·∞ at a center.
const MAX_FACTOR: f32 = 1e30;
/// e to the minus this is 0.
const MAX_EXPONENT: f32 = 200.0;

/// (1/2σ², r²/2σ²); the second is finite unless it is NaN, so that 0 times it is 0.
#[inline(always)]
unsafe fn exponent<S: Simd>(log_width: f32, squares: *const f32) -> (S::V, S::V) {
    let factor = S::mul(S::splat(0.5), math::exp::<S>(S::splat(-2.0 * log_width)));
    let factor = S::at_most(factor, S::splat(MAX_FACTOR));
    let squares = S::at_most(S::load(squares), S::splat(f32::MAX));
    (factor, S::at_most(S::mul(squares, factor), S::splat(MAX_EXPONENT)))
}

on_level! {
    /// y `[units][block]` = exp(−r²/2σ²).
    pub fn bells(log_widths: &[f32], squares: *const f32, y: *mut f32) = bells_kernel
}

#[inline(always)]
unsafe fn bells_kernel<S: Simd>(log_widths: &[f32], squares: *const f32, y: *mut f32) {
    for (unit, &log_width) in log_widths.iter().enumerate() {
        for at in [2 * unit * S::LANES, (2 * unit + 1) * S::LANES] {
            let (_, exponent) = exponent::<S>(log_width, squares.add(at));
            S::store(y.add(at), math::exp_negative::<S>(S::sub(S::splat(0.0), exponent)));
        }
    }
}

on_level! {
    /// The gradient by r², −dy·y/2σ².
    pub fn bells_backward(log_widths: &[f32], squares: *const f32, y: *const f32, dy: *const f32, gradient: *mut f32) = bells_backward_kernel
}

#[inline(always)]
unsafe fn bells_backward_kernel<S: Simd>(
    log_widths: &[f32],
    squares: *const f32,
    y: *const f32,
    dy: *const f32,
    gradient: *mut f32,
) {
    for (unit, &log_width) in log_widths.iter().enumerate() {
        for at in [2 * unit * S::LANES, (2 * unit + 1) * S::LANES] {
            let (factor, _) = exponent::<S>(log_width, squares.add(at));
            let slope = S::mul(S::mul(S::load(y.add(at)), factor), S::load(dy.add(at)));
            S::store(gradient.add(at), S::sub(S::splat(0.0), slope));
        }
    }
}

on_level! {
    /// Adds the gradient by log σ, Σ dy·y·r²/σ², of one block.
    pub fn widths_backward(log_widths: &[f32], squares: *const f32, y: *const f32, dy: *const f32, gradient: *mut f32) = widths_backward_kernel
}

#[inline(always)]
unsafe fn widths_backward_kernel<S: Simd>(
    log_widths: &[f32],
    squares: *const f32,
    y: *const f32,
    dy: *const f32,
    gradient: *mut f32,
) {
    for (unit, &log_width) in log_widths.iter().enumerate() {
        let mut sum = S::splat(0.0);
        for at in [2 * unit * S::LANES, (2 * unit + 1) * S::LANES] {
            let (_, exponent) = exponent::<S>(log_width, squares.add(at));
            sum = S::madd(S::mul(S::load(y.add(at)), exponent), S::load(dy.add(at)), sum);
        }
        *gradient.add(unit) += 2.0 * S::sum(sum);
    }
}

on_level! {
    /// dx `[features][block]` = 2·Σ g·(x − c) over the units, for the features of `rows`; g `[units][block]` is the gradient
    /// by r².
    pub fn backward_input(blocks: Blocks, centers: *const f32, x: *const f32, g: *const f32, dx: *mut f32, features: usize, units: usize, rows: Range<usize>) = backward_input_kernel
}

#[inline(always)]
unsafe fn backward_input_kernel<S: Simd>(
    blocks: Blocks,
    centers: *const f32,
    x: *const f32,
    g: *const f32,
    dx: *mut f32,
    features: usize,
    units: usize,
    rows: Range<usize>,
) {
    let block = 2 * S::LANES;
    for i in 0..blocks.count {
        let (x, g, dx) = (x.add(i * blocks.x), g.add(i * blocks.y), dx.add(i * blocks.x));
        // Two rows: their samples take registers too.
        tiles!(rows.clone(), 2, |row| backward_input_tile::<S>(
            centers.add(row),
            x.add(row * block),
            g,
            dx.add(row * block),
            features,
            units
        ));
    }
}

#[inline(always)]
unsafe fn backward_input_tile<S: Simd, const R: usize>(
    centers: *const f32,
    x: *const f32,
    g: *const f32,
    dx: *mut f32,
    features: usize,
    units: usize,
) {
    let block = 2 * S::LANES;
    let x = tile::load::<S, R, 2>(x, block);
    let mut sums = tile::splat::<S, R, 2>(None);
    for unit in 0..units {
        for j in 0..2 {
            let g = S::load(g.add(unit * block + j * S::LANES));
            for r in 0..R {
                let center = S::splat(*centers.add(unit * features + r));
                sums[r][j] = S::madd(g, S::sub(x[r][j], center), sums[r][j]);
            }
        }
    }
    for r in 0..R {
        for j in 0..2 {
            S::store(dx.add(r * block + j * S::LANES), S::add(sums[r][j], sums[r][j]));
        }
    }
}

on_level! {
    /// Adds the gradient by the centers of `rows`, 2·Σ g·(c − x) over all samples; g as in [`backward_input`].
    pub fn centers_backward(blocks: Blocks, centers: *const f32, x: *const f32, g: *const f32, gradient: *mut f32, features: usize, rows: Range<usize>) = centers_backward_kernel
}

#[inline(always)]
unsafe fn centers_backward_kernel<S: Simd>(
    blocks: Blocks,
    centers: *const f32,
    x: *const f32,
    g: *const f32,
    gradient: *mut f32,
    features: usize,
    rows: Range<usize>,
) {
    let block = 2 * S::LANES;
    for unit in rows {
        let at = unit * features;
        tiles!(0..features, ROWS, |i| centers_backward_tile::<S>(
            blocks,
            centers.add(at + i),
            x.add(i * block),
            g.add(unit * block),
            gradient.add(at + i)
        ));
    }
}

/// R features of one center.
#[inline(always)]
unsafe fn centers_backward_tile<S: Simd, const R: usize>(
    blocks: Blocks,
    centers: *const f32,
    x: *const f32,
    g: *const f32,
    gradient: *mut f32,
) {
    let block = 2 * S::LANES;
    let mut sums = [S::splat(0.0); R];
    for i in 0..blocks.count {
        let (x, g) = (x.add(i * blocks.x), g.add(i * blocks.y));
        for j in 0..2 {
            let g = S::load(g.add(j * S::LANES));
            for r in 0..R {
                let x = S::load(x.add(r * block + j * S::LANES));
                sums[r] = S::madd(g, S::sub(S::splat(*centers.add(r)), x), sums[r]);
            }
        }
    }
    for r in 0..R {
        *gradient.add(r) += 2.0 * S::sum(sums[r]);
    }
}
