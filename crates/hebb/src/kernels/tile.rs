//! The micro-kernel under matrix products, dense layers and convolutions: a tile of `R` rows × `C` vectors, held
//! in registers.
//!
//! V8 keeps the weights of all rows and the vectors of a step alive at once, so that R·C + R + C registers of
//! fifteen are taken; beyond, it spills, and the speed halves. 4 × 2 and 3 × 3 fit, two steps at a time do not: loops
//! over steps have lengths that the compiler cannot see, so that it does not unroll them. Eight accumulators just hide
//! the latency of madd (four cycles, two a cycle); nine do, with fewer loads for each madd.

use crate::simd::Simd;

/// The most rows of a tile over a block of samples, which is two vectors.
pub const ROWS: usize = 4;

/// The accumulators of a tile.
pub type Tile<V, const R: usize, const C: usize> = [[V; C]; R];

/// A tile whose row r is filled with `values[r]`, or with zeros where there are none.
#[inline(always)]
pub unsafe fn splat<S: Simd, const R: usize, const C: usize>(values: Option<*const f32>) -> Tile<S::V, R, C> {
    let mut tile = [[S::splat(0.0); C]; R];
    if let Some(values) = values {
        for r in 0..R {
            tile[r] = [S::splat(*values.add(r)); C];
        }
    }
    tile
}

/// C vectors side by side.
#[inline(always)]
unsafe fn vectors<S: Simd, const C: usize>(b: *const f32) -> [S::V; C] {
    let mut values = [S::splat(0.0); C];
    for j in 0..C {
        values[j] = S::load(b.add(j * S::LANES));
    }
    values
}

/// tile[r] += a[r·a_row] · b.
#[inline(always)]
pub unsafe fn step<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    a: *const f32,
    a_row: usize,
    b: [S::V; C],
) {
    for r in 0..R {
        let w = S::splat(*a.add(r * a_row));
        for j in 0..C {
            tile[r][j] = S::madd(w, b[j], tile[r][j]);
        }
    }
}

/// tile[r] += Σₖ a[r·a_row + k·a_step] · b[k·b_step ..][C vectors], k below `len`.
#[inline(always)]
pub unsafe fn multiply<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    mut a: *const f32,
    a_row: usize,
    a_step: usize,
    mut b: *const f32,
    b_step: isize,
    len: usize,
) {
    for _ in 0..len {
        step::<S, R, C>(tile, a, a_row, vectors::<S, C>(b));
        a = a.wrapping_add(a_step);
        b = b.wrapping_offset(b_step);
    }
}

/// tile[r] += Σₖ a[r·a_row + k] · b[offsets[k]·unit ..][C vectors], k below `len`.
#[inline(always)]
pub unsafe fn multiply_at<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    mut a: *const f32,
    a_row: usize,
    b: *const f32,
    unit: usize,
    mut offsets: *const u32,
    len: usize,
) {
    for _ in 0..len {
        step::<S, R, C>(tile, a, a_row, vectors::<S, C>(b.add(*offsets as usize * unit)));
        a = a.wrapping_add(1);
        offsets = offsets.wrapping_add(1);
    }
}

/// Loads a tile whose rows lie `row` apart.
#[inline(always)]
pub unsafe fn load<S: Simd, const R: usize, const C: usize>(p: *const f32, row: usize) -> Tile<S::V, R, C> {
    let mut tile = [[S::splat(0.0); C]; R];
    for r in 0..R {
        for j in 0..C {
            tile[r][j] = S::load(p.add(r * row + j * S::LANES));
        }
    }
    tile
}

/// Stores a tile whose rows lie `row` apart.
#[inline(always)]
pub unsafe fn store<S: Simd, const R: usize, const C: usize>(
    tile: &Tile<S::V, R, C>,
    p: *mut f32,
    row: usize,
) {
    for r in 0..R {
        for j in 0..C {
            S::store(p.add(r * row + j * S::LANES), tile[r][j]);
        }
    }
}

/// Calls `$f::<S, R>($row, …)` for tiles of at most [`ROWS`] rows that cover `$rows`.
macro_rules! tiles {
    ($rows:expr, |$row:ident| $f:ident :: <$s:ident>($($arg:expr),*)) => {{
        let rows = $rows;
        let mut $row = rows.start;
        while $row < rows.end {
            match rows.end - $row {
                1 => $f::<$s, 1>($($arg),*),
                2 => $f::<$s, 2>($($arg),*),
                3 => $f::<$s, 3>($($arg),*),
                _ => $f::<$s, 4>($($arg),*),
            }
            $row += $crate::kernels::tile::ROWS;
        }
    }};
}
pub(crate) use tiles;
