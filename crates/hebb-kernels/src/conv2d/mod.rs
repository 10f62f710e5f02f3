//! Convolution on one block, directly: x `[C][H][W][block]`, weights `[F][C][KH][KW]`, y `[F][OH][OW][block]`.
//!
//! ```text
//!   x: C planes of H × W positions; a position is a block of samples, two vectors
//!  ┌─────────────────────┐
//!  │ border              │   border    some taps lie outside the image: run by run of j, each cut short
//!  │  ┌───────────────┐  │   interior  the whole window lies inside: one loop over all taps, by a list of offsets
//!  │  │ interior  ┌─────┤
//!  │  │           │i,j  │   window at output position (oh, ow): tap (c, i, j) reads
//!  │  └───────────┤     │     h = oh·stride + i·dilation − padding,  w = ow·stride + j·dilation − padding
//!  └──────────────┴─────┘
//!
//!   packed weights of a tile of R filters: [taps of a piece][R][copies], read from front to back at every position
//!
//!     tap 0: w[f,0] w[f+1,0] … w[f+R−1,0] │ tap 1: w[f,1] w[f+1,1] … │ …
//! ```
//!
//! Nothing is padded or copied. The weights of a tile are packed, as many as fit into a part of the first cache; then the loop
//! runs over all output positions. The two gradients are the same loops from the side of the input and of the weights.
//!
//! The naive twins are `conv2d` and `conv2d_backward` in `naive.rs`.

mod backward_input;
mod backward_parameters;
mod forward;

pub use backward_input::backward_input;
pub use backward_parameters::backward_parameters;
pub use forward::forward;

use crate::simd::Simd;
use crate::tile;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Packed weights in floats: half of a first cache of 32 KiB.
const PACKED: usize = 4096;

/// The weights of a tile.
type Packed = [MaybeUninit<f32>; PACKED];

/// The ranges of taps whose weights are packed at a time, for R rows.
fn pieces<S: Simd, const R: usize>(taps: usize) -> impl Iterator<Item = Range<usize>> {
    let most = PACKED / tile::packed::<S, R>(1);
    (0..taps).step_by(most).map(move |start| start..taps.min(start + most))
}
