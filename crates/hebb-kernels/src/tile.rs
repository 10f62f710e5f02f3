//! The micro-kernel of matrix products, dense layers and convolutions: a tile of `R` rows × `C` vectors, held in
//! registers.
//!
//! ```text
//! for k in 0..len             b[k]:  C vectors, whose lanes are samples       ┌────────┬────────┐
//!     for r in 0..R                                                           │ b[k,0] │ b[k,1] │
//!         tile[r] += a[r,k] · b[k]                                            └────────┴────────┘
//!                                    a[r,k]: R weights,       ┌────┐          ┌────────┬────────┐
//!                                    each in all lanes        │ a0 │          │ t[0,0] │ t[0,1] │
//!                                                             │ a1 │    ──►   │ t[1,0] │ t[1,1] │
//!                                                             │ …  │          │   …    │   …    │
//!                                                             └────┘          └────────┴────────┘
//! ```
//!
//! The naive twins are `dense` and `conv2d` in `naive.rs`.
//!
//! A step takes R·C accumulators, C vectors and a weight: with 6 × 2 all of V8's fifteen registers. Without a fused madd the
//! product takes one more. Eight accumulators just hide the latency of madd (four cycles, two per cycle); twelve leave room for
//! late loads. LLVM's WebAssembly would turn two steps in a row into one expression, accumulator by accumulator, which keeps the
//! vectors of both alive. Therefore loops over steps have lengths that the compiler cannot see, so that it does not unroll
//! them. V8 does, in order.

use crate::simd::{FUSED, Simd, on_level};

/// Maximum rows of a tile over a block of samples, which is two vectors.
pub const ROWS: usize = if FUSED { 6 } else { 5 };

/// The accumulators of a tile.
pub type Tile<V, const R: usize, const C: usize> = [[V; C]; R];

/// A tile whose row r is filled with `values[r]`, or with zeros if there are none.
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

/// tile[r] += weight(r) · b.
#[inline(always)]
unsafe fn add_products<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    weight: impl Fn(usize) -> S::V,
    b: [S::V; C],
) {
    for r in 0..R {
        let w = weight(r);
        for j in 0..C {
            tile[r][j] = S::madd(w, b[j], tile[r][j]);
        }
    }
}

/// `tile[r] += a[r·a_row] · b`.
#[inline(always)]
pub unsafe fn step<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    a: *const f32,
    a_row: usize,
    b: [S::V; C],
) {
    // In bytes, so that no step computes a shift.
    let a_row = size_of::<f32>() * a_row;
    add_products::<S, R, C>(tile, |r| S::splat(*a.byte_add(r * a_row)), b);
}

/// `tile[r] += a[r·a_row ..] · b[j·b_row ..]`, vectors times vectors.
#[inline(always)]
pub unsafe fn vector_step<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    a: *const f32,
    a_row: usize,
    b: *const f32,
    b_row: usize,
) {
    // In bytes, as above.
    let [a_row, b_row] = [a_row, b_row].map(|floats| size_of::<f32>() * floats);
    let mut values = [S::splat(0.0); C];
    for j in 0..C {
        values[j] = S::load(b.byte_add(j * b_row));
    }
    add_products::<S, R, C>(tile, |r| S::load(a.byte_add(r * a_row)), values);
}

/// `tile[r] += Σₖ a[r·a_row + k·a_step] · b[k·b_step ..][C vectors]`, k below `len`.
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

/// The weights of a product: that of row r and step k is at r·`row` + k·`step`.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// That of row 0 and step 0.
    pub at: *const f32,
    /// From a row to the next.
    pub row: usize,
    /// From a step to the next.
    pub step: usize,
}

/// What a product is added to.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// A value for each row, in all its lanes; null for zeros.
    Values(*const f32),
    /// What was stored before.
    Stored,
}

impl Start {
    /// That of a run of steps from `first` on: what the runs before it have stored, or for the first one the values.
    pub fn of_run(first: usize, values: *const f32) -> Self {
        if first == 0 { Self::Values(values) } else { Self::Stored }
    }
}

on_level! {
    /// `y[r] = start[r] + Σₖ a[r, k]·b[k]` for some rows, `y_row` floats apart: k below `len`, b `[len][two vectors]`.
    pub fn product(a: Weights, b: *const f32, len: usize, start: Start, y: *mut f32, y_row: usize, rows: usize) = product_kernel
}

#[inline(always)]
unsafe fn product_kernel<S: Simd>(
    a: Weights,
    b: *const f32,
    len: usize,
    start: Start,
    y: *mut f32,
    y_row: usize,
    rows: usize,
) {
    tiles!(0..rows, |row| product_tile::<S>(a, row, b, len, start, y.add(row * y_row), y_row));
}

#[inline(always)]
unsafe fn product_tile<S: Simd, const R: usize>(
    a: Weights,
    row: usize,
    b: *const f32,
    len: usize,
    start: Start,
    y: *mut f32,
    y_row: usize,
) {
    let mut sums = match start {
        Start::Values(values) => splat::<S, R, 2>((!values.is_null()).then(|| values.add(row))),
        Start::Stored => load::<S, R, 2>(y, y_row),
    };
    multiply::<S, R, 2>(&mut sums, a.at.add(row * a.row), a.row, a.step, b, 2 * S::LANES as isize, len);
    store::<S, R, 2>(&sums, y, y_row);
}

/// Copies of a packed weight, side by side. V8's broadcast from memory has no displacement, and so costs an instruction more
/// than a load: in WebAssembly a full vector of copies.
const fn copies<S: Simd>() -> usize {
    if cfg!(target_arch = "wasm32") { S::LANES } else { 1 }
}

/// The floats of `len` packed weights of R rows each.
pub const fn packed<S: Simd, const R: usize>(len: usize) -> usize {
    len * R * copies::<S>()
}

/// Packs `len` weights of R rows that lie `row` apart: `[len][R][copies]`.
#[inline(always)]
pub unsafe fn pack<S: Simd, const R: usize>(from: *const f32, row: usize, len: usize, to: *mut f32) {
    for k in 0..len {
        for r in 0..R {
            let (value, to) = (*from.add(r * row + k), to.add((k * R + r) * copies::<S>()));
            if copies::<S>() == 1 {
                *to = value;
            } else {
                S::store(to, S::splat(value));
            }
        }
    }
}

/// tile[r] += packed weight r · b.
#[inline(always)]
unsafe fn packed_step<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    a: *const f32,
    b: [S::V; C],
) {
    let weight =
        |r: usize| if copies::<S>() == 1 { S::splat(*a.add(r)) } else { S::load(a.add(r * S::LANES)) };
    add_products::<S, R, C>(tile, weight, b);
}

/// `tile[r] += Σₖ a[k·a_step][r] · b[k·b_step ..][C vectors]`, k below `len`, for packed weights.
#[inline(always)]
pub unsafe fn multiply_packed<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    mut a: *const f32,
    a_step: usize,
    mut b: *const f32,
    b_step: isize,
    len: usize,
) {
    for _ in 0..len {
        packed_step::<S, R, C>(tile, a, vectors::<S, C>(b));
        a = a.wrapping_add(packed::<S, R>(a_step));
        b = b.wrapping_offset(b_step);
    }
}

/// `tile[r] += Σₖ a[k][r] · b[offsets[k]·unit ..][C vectors]`, for packed weights.
#[inline(always)]
pub unsafe fn multiply_at<S: Simd, const R: usize, const C: usize>(
    tile: &mut Tile<S::V, R, C>,
    mut a: *const f32,
    b: *const f32,
    unit: usize,
    offsets: &[u32],
) {
    for &offset in offsets {
        packed_step::<S, R, C>(tile, a, vectors::<S, C>(b.add(offset as usize * unit)));
        a = a.wrapping_add(packed::<S, R>(1));
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

/// The rows of the first of the tiles of at most [`ROWS`], as equal as possible, that cover `rows`. But six are four and two if
/// they are not a single tile: two take two positions at a time, and six accumulators hide no latency.
#[inline(always)]
pub const fn height(rows: usize) -> usize {
    if ROWS < 6 && rows == 6 {
        return 4;
    }
    let even = rows.div_ceil(rows.div_ceil(ROWS));
    // It is never more; repeated here for the compiler.
    if even < ROWS { even } else { ROWS }
}

/// Calls `$f::<S, R>($row, …)` for tiles of such [`height`]s that cover `$rows`.
macro_rules! tiles {
    ($rows:expr, |$row:ident| $f:ident :: <$s:ident>($($arg:expr),*)) => {{
        use $crate::tile::{ROWS, height};
        let rows = $rows;
        let mut $row = rows.start;
        while $row < rows.end {
            let size = height(rows.end - $row);
            match size {
                1 => $f::<$s, 1>($($arg),*),
                2 => $f::<$s, 2>($($arg),*),
                3 => $f::<$s, 3>($($arg),*),
                4 => $f::<$s, 4>($($arg),*),
                5 => $f::<$s, 5>($($arg),*),
                _ => $f::<$s, ROWS>($($arg),*),
            }
            $row += size;
        }
    }};
}
pub(crate) use tiles;
