//! The micro-kernel under dense and convolution: a tile of `R` rows × one block, held in registers.
//!
//! Four rows × two vectors is eight accumulators: enough to hide the latency of madd (four cycles, two a
//! cycle), few enough that V8's register allocator keeps them all; with ten or twelve it spills.

use crate::simd::Simd;

/// The most rows of a tile.
pub const ROWS: usize = 4;

/// The accumulators of a tile.
pub type Tile<V, const R: usize> = [[V; 2]; R];

/// A tile whose row r is filled with `values[r]`, or with zeros where there are none.
#[inline(always)]
pub unsafe fn splat<S: Simd, const R: usize>(values: Option<*const f32>) -> Tile<S::V, R> {
    let mut tile = [[S::splat(0.0); 2]; R];
    if let Some(values) = values {
        for r in 0..R {
            tile[r] = [S::splat(*values.add(r)); 2];
        }
    }
    tile
}

/// tile[r] += Σₖ a[r·a_row + k·a_step] · b[k·b_step ..][block], k below `len`.
#[inline(always)]
pub unsafe fn multiply<S: Simd, const R: usize>(
    tile: &mut Tile<S::V, R>,
    mut a: *const f32,
    a_row: usize,
    a_step: usize,
    mut b: *const f32,
    b_step: isize,
    len: usize,
) {
    for _ in 0..len {
        let b0 = S::load(b);
        let b1 = S::load(b.add(S::LANES));
        for r in 0..R {
            let w = S::splat(*a.add(r * a_row));
            tile[r][0] = S::madd(w, b0, tile[r][0]);
            tile[r][1] = S::madd(w, b1, tile[r][1]);
        }
        a = a.wrapping_add(a_step);
        b = b.wrapping_offset(b_step);
    }
}

/// Loads a tile whose rows lie `row` apart.
#[inline(always)]
pub unsafe fn load<S: Simd, const R: usize>(p: *const f32, row: usize) -> Tile<S::V, R> {
    let mut tile = [[S::splat(0.0); 2]; R];
    for r in 0..R {
        tile[r] = [S::load(p.add(r * row)), S::load(p.add(r * row + S::LANES))];
    }
    tile
}

/// Stores a tile whose rows lie `row` apart.
#[inline(always)]
pub unsafe fn store<S: Simd, const R: usize>(tile: &Tile<S::V, R>, p: *mut f32, row: usize) {
    for r in 0..R {
        S::store(p.add(r * row), tile[r][0]);
        S::store(p.add(r * row + S::LANES), tile[r][1]);
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
