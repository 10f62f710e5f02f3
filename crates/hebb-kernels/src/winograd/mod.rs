//! Convolution by fewer multiplications (Winograd 1980; Lavin and Gray 2016): a tile of 4 × 4 outputs of a 3 × 3 kernel, or of
//! 2 × 2 outputs of a 5 × 5 kernel, is read from 6 × 6 inputs. Like two polynomials, inputs and weights are evaluated at points, 6 × 6
//! of them, and multiplied there: 36 multiplications for a channel instead of 144 or 100.
//!
//! ```text
//! x tile 6 × 6 ──window──► V[36 points][channels][tiles]  ┐
//!                                                         ├─► M[point] = U[point]·V[point] ──collect──► y tile 4 × 4
//! w 3 × 3 ────evaluate───► U[36 points][filters][channels]┘
//! ```
//!
//! A lane is a sample: the maps work on whole vectors. The backward pass is the adjoint of the same maps for the weights,
//! `dU[point] = dM[point]·V[point]ᵀ`, and for the input the same convolution with the weights turned around. Some tiles are computed
//! at a time, with some channels at a time, so that V, U and M stay in the second-level cache.
//!
//! Relative to the largest output the error is some 1e-5 with 64 to 384 channels, against 1e-6 of the direct sum.
//!
//! The naive twins are those of [`conv2d`](super::conv2d).

/// Calls `$f::<S, KERNEL, SIDE>` for the kernel of a convolution.
macro_rules! by_kernel {
    ($t:ident, $f:ident :: <$s:ident>($($arg:expr),*)) => {
        if $t.g.kernel[0] == 3 { $f::<$s, 3, 4>($($arg),*) } else { $f::<$s, 5, 2>($($arg),*) }
    };
}

mod blocks;
mod product;
pub mod single;
mod transform;
mod weights;

use super::tile;
use super::window::Window;
use crate::simd::Level;
use blocks::{add_biases, transform_gradient, transform_input, transform_output};
use product::{CHANNELS, correlate, multiply};
use std::ops::Range;
use transform::{PLANES, POINTS};
pub use weights::Strides;
use weights::{add_weights, transform_weights};

/// The most filters at a time: V is made for each of these groups anew, which costs a tenth of its products.
const ROWS: usize = 48;

/// The most values of a point and channel at a time: in WebAssembly, 16 tiles of 8 samples.
const WIDTH: usize = 128;

/// Beyond the values of a point: else the same value of all points would be in a few sets of the caches.
const APART: usize = 16;

/// `total` in ranges of at most `most`, as equal as possible.
fn ranges(total: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let count = total.div_ceil(most);
    (0..count).map(move |i| total * i / count..total * (i + 1) / count)
}

/// The filters of part `part`: whole tiles of the products, as equal as possible.
pub fn part(part: usize, filters: usize) -> Range<usize> {
    let tiles = ranges(filters.div_ceil(tile::ROWS), ROWS / tile::ROWS).nth(part).unwrap_or(0..0);
    (tiles.start * tile::ROWS).min(filters)..(tiles.end * tile::ROWS).min(filters)
}

/// The number of parts.
pub fn parts(filters: usize) -> usize {
    filters.div_ceil(tile::ROWS).div_ceil(ROWS / tile::ROWS)
}

/// The sizes of one step.
pub struct Sizes {
    /// Whole tiles of rows: the last row is repeated.
    rows: usize,
    channels: usize,
    columns: usize,
}

impl Sizes {
    fn new(rows: usize, channels: usize, columns: usize) -> Self {
        Self { rows: rows.next_multiple_of(tile::ROWS), channels, columns }
    }

    /// Floats from a point of U, V or M to the next.
    fn u(&self) -> usize {
        self.rows * CHANNELS + APART
    }
    fn v(&self, block: usize) -> usize {
        self.channels * self.columns * block + APART
    }
    fn m(&self, block: usize) -> usize {
        self.rows * self.columns * block + APART
    }
}

/// A convolution that is computed so.
#[derive(Clone, Debug)]
pub struct Winograd {
    /// Its window.
    g: Window,
    /// Tiles in each dimension.
    tiles: [usize; 2],
}

impl Winograd {
    /// Nothing if the window has another kernel, stride or dilation, or wider borders.
    pub fn of(g: &Window) -> Option<Self> {
        let fits = g.stride == [1, 1] && g.dilation == [1, 1] && matches!(g.kernel, [3, 3] | [5, 5]);
        let own = fits && g.padding.iter().chain(&g.end).all(|&side| side < g.kernel[0]);
        own.then(|| Self::new(*g))
    }

    fn new(g: Window) -> Self {
        let tiles = g.output.map(|size| size.div_ceil(POINTS + 1 - g.kernel[0]));
        Self { g, tiles }
    }

    /// Whether it saves time: the products are few enough, and large enough for what the maps cost.
    pub fn pays(&self) -> bool {
        let g = &self.g;
        let [products, direct] =
            [self.tiles[0] * self.tiles[1] * PLANES, g.output[0] * g.output[1] * g.kernel[0] * g.kernel[0]];
        g.channels.min(g.filters) >= 16 && 3 * products <= 2 * direct
    }

    /// The convolution of dy that gives dx.
    #[must_use]
    pub fn backward(&self) -> Self {
        let g = self.g;
        let turned = |padding: [usize; 2]| padding.map(|side| g.kernel[0] - 1 - side);
        Self::new(Window {
            channels: g.filters,
            filters: g.channels,
            input: g.output,
            output: g.input,
            padding: turned(g.padding),
            end: turned(g.end),
            ..g
        })
    }

    /// The outputs of a tile in one dimension.
    fn side(&self) -> usize {
        POINTS + 1 - self.g.kernel[0]
    }

    /// The strides of its weights `[F][C][KH][KW]`.
    pub fn strides(&self) -> Strides {
        let taps = (self.g.kernel[0] * self.g.kernel[1]) as isize;
        Strides { row: self.g.channels as isize * taps, channel: taps, tap: 1, first: 0 }
    }

    /// The strides of the weights `[F][C][KH][KW]` for [`Winograd::backward`], of which this is the result.
    pub fn turned_strides(&self) -> Strides {
        let taps = (self.g.kernel[0] * self.g.kernel[1]) as isize;
        Strides { row: taps, channel: self.g.filters as isize * taps, tap: -1, first: taps - 1 }
    }

    /// Floats of U, V and M in a step, for any block.
    fn most(&self) -> [usize; 3] {
        let most = Sizes::new(self.g.filters.min(ROWS), self.g.channels.min(CHANNELS), WIDTH);
        [most.u(), most.v(1), most.m(1)].map(|floats| PLANES * floats)
    }

    /// Floats of scratch that a part needs.
    pub fn scratch(&self) -> usize {
        self.most().iter().sum()
    }

    /// Where U, V and M are in the scratch.
    fn places(&self, scratch: *mut f32) -> [*mut f32; 3] {
        let [u, v, _] = self.most();
        [scratch, scratch.wrapping_add(u), scratch.wrapping_add(u + v)]
    }

    /// y = w ∗ x + b for `rows`, at most `ROWS` filters; b may be null.
    ///
    /// # Safety
    /// The window gives all sizes, and [`Winograd::scratch`] that of the scratch.
    pub unsafe fn forward(
        &self,
        level: Level,
        (w, strides): (*const f32, Strides),
        bias: *const f32,
        x: *const f32,
        y: *mut f32,
        rows: Range<usize>,
        scratch: *mut f32,
    ) {
        let block = level.block();
        let [u, v, m] = self.places(scratch);
        let several = self.g.channels > CHANNELS;
        for tiles in ranges(self.tiles[0] * self.tiles[1], WIDTH / block) {
            for channels in ranges(self.g.channels, CHANNELS) {
                let n = Sizes::new(rows.len(), channels.len(), tiles.len());
                let steps = [block, n.channels * block];
                // SAFETY: the caller's; a step has at most the sizes that the scratch has room for.
                unsafe {
                    if several || tiles.start == 0 {
                        let from = w.wrapping_offset(
                            rows.start as isize * strides.row + channels.start as isize * strides.channel,
                        );
                        transform_weights(level, self, &n, rows.len(), from, strides, u);
                    }
                    transform_input(level, self, &n, x, channels.clone(), tiles.clone(), steps, v);
                    multiply(level, &n, u, v, m, channels.start == 0);
                    if channels.end == self.g.channels {
                        transform_output(level, self, &n, m, bias, y, rows.clone(), tiles.clone());
                    }
                }
            }
        }
    }

    /// dw += the gradient, and unless null db, for `rows`, at most `ROWS` filters.
    ///
    /// # Safety
    /// As [`Winograd::forward`].
    pub unsafe fn backward_parameters(
        &self,
        level: Level,
        x: *const f32,
        dy: *const f32,
        dw: *mut f32,
        db: *mut f32,
        rows: Range<usize>,
        scratch: *mut f32,
    ) {
        let block = level.block();
        let [du, v, dm] = self.places(scratch);
        let taps = self.g.kernel[0] * self.g.kernel[1];
        for channels in ranges(self.g.channels, CHANNELS) {
            let mut n = Sizes::new(rows.len(), channels.len(), 0);
            // SAFETY: as above.
            unsafe {
                du.write_bytes(0, PLANES * n.u());
                for tiles in ranges(self.tiles[0] * self.tiles[1], WIDTH / block) {
                    n.columns = tiles.len();
                    let steps = [n.columns * block, block];
                    transform_gradient(level, self, &n, dy, rows.clone(), tiles.clone(), dm);
                    transform_input(level, self, &n, x, channels.clone(), tiles.clone(), steps, v);
                    correlate(level, &n, dm, v, du);
                    if channels.start == 0 && !db.is_null() {
                        add_biases(level, &n, rows.len(), dm, db.add(rows.start));
                    }
                }
                let into = dw.add((rows.start * self.g.channels + channels.start) * taps);
                add_weights(level, self, &n, rows.len(), du, into);
            }
        }
    }
}
