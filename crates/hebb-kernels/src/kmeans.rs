//! Distances of many samples to many centers, and the sums of clusters. Samples are packed by blocks, as the layers have them,
//! and the distances are those of [`rbf`]. What a task does follows from the shapes alone.

use crate::dense::Blocks;
use crate::error::{Error, Result, zeros};
use crate::parallel::{self, Shared};
use crate::rbf;
use crate::simd::{Level, MAX_BLOCK};
use std::ops::Range;

/// Centers per call of the kernel: some rows of a layer's part.
const CENTERS: usize = 16;
/// Multiply–adds of a task: about a quarter of a millisecond.
const TASK_MULTIPLY_ADDS: usize = 1 << 20;
/// Features of a task of [`add_to_sums`].
const FEATURES: usize = 64;

/// Samples as blocks `[features][lanes]`; the lanes after the last sample repeat it.
pub struct Samples {
    values: Vec<f32>,
    count: usize,
    features: usize,
    level: Level,
}

impl Samples {
    /// Packs samples `[count, features]`, in place: a block of them becomes a block of features.
    ///
    /// # Errors
    /// `memory` if the last block does not fit.
    pub fn pack(level: Level, mut x: Vec<f32>, features: usize) -> Result<Self> {
        let (lanes, count) = (level.block(), x.len() / features);
        let size = lanes * features;
        let missing = count.next_multiple_of(lanes) - count;
        x.try_reserve_exact(missing * features).map_err(|_| Error::memory("the last samples do not fit"))?;
        let last = x.len() - features;
        (0..missing).for_each(|_| x.extend_from_within(last..last + features));
        let mut block: Vec<f32> = zeros(size, "a block of samples")?;
        for own in x.chunks_exact_mut(size) {
            block.copy_from_slice(own);
            for (lane, sample) in block.chunks_exact(features).enumerate() {
                own[lane..].iter_mut().step_by(lanes).zip(sample).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(Self { values: x, count, features, level })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Values of each.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Samples per block.
    pub fn lanes(&self) -> usize {
        self.level.block()
    }

    /// The number of blocks.
    pub fn blocks(&self) -> usize {
        self.count.div_ceil(self.lanes())
    }

    /// The values of a sample.
    pub fn sample(&self, number: usize) -> impl Iterator<Item = f32> + '_ {
        let block = self.block(number / self.lanes());
        block[number % self.lanes()..].iter().step_by(self.lanes()).copied()
    }

    /// `[features][lanes]`.
    pub fn block(&self, number: usize) -> &[f32] {
        let size = self.lanes() * self.features;
        &self.values[number * size..(number + 1) * size]
    }
}

/// The nearest center of a sample so far, and the squared distance to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// The number of the center.
    pub center: u32,
    /// ‖x − c‖².
    pub square: f32,
}

impl Default for Nearest {
    fn default() -> Self {
        Self { center: 0, square: f32::INFINITY }
    }
}

/// Replaces the nearest centers of the samples of some blocks by those of `centers` that are nearer; of equal ones the first
/// stays. `best` has as many entries as these blocks have lanes; `first` is the number of the first center.
pub fn nearest(samples: &Samples, blocks: Range<usize>, centers: &[f32], first: usize, best: &mut [Nearest]) {
    let (lanes, features) = (samples.lanes(), samples.features);
    let each = (TASK_MULTIPLY_ADDS / (centers.len() * lanes)).max(1);
    assert!(best.len() == blocks.len() * lanes && centers.len().is_multiple_of(features));
    let tasks = blocks.len().div_ceil(each);
    let into = Shared::new(best);
    parallel::for_each(tasks, |task| {
        let own = blocks.start + task * each..blocks.end.min(blocks.start + (task + 1) * each);
        for block in own {
            let at = (block - blocks.start) * lanes;
            // SAFETY: each task has blocks of its own.
            let best = unsafe { std::slice::from_raw_parts_mut(into.at(at), lanes) };
            nearest_of_block(samples, block, centers, first, best);
        }
    });
}

fn nearest_of_block(samples: &Samples, block: usize, centers: &[f32], first: usize, best: &mut [Nearest]) {
    let (lanes, features) = (samples.lanes(), samples.features);
    let (x, one) = (samples.block(block), Blocks { count: 1, x: 0, y: 0, samples: lanes });
    let mut squares = [0.0f32; CENTERS * MAX_BLOCK];
    for (number, centers) in centers.chunks(CENTERS * features).enumerate() {
        let count = centers.len() / features;
        // SAFETY: there are `count` centers of these features, and room for their distances; x is a block.
        unsafe {
            let (c, squares) = (centers.as_ptr(), squares.as_mut_ptr());
            rbf::distances(samples.level, one, c, x.as_ptr(), squares, features, 0..count);
        }
        for (row, squares) in squares.chunks_exact(lanes).take(count).enumerate() {
            for (best, &square) in best.iter_mut().zip(squares) {
                if square < best.square {
                    *best = Nearest { center: (first + number * CENTERS + row) as u32, square };
                }
            }
        }
    }
}

/// Adds the samples of some blocks to the sums `[clusters, features]` of the clusters that they are in.
pub fn add_to_sums(samples: &Samples, blocks: Range<usize>, nearest: &[Nearest], sums: &mut [f64]) {
    let (lanes, features) = (samples.lanes(), samples.features);
    let into = Shared::new(sums);
    parallel::for_each(features.div_ceil(FEATURES), |task| {
        let columns = task * FEATURES..features.min((task + 1) * FEATURES);
        for block in blocks.clone() {
            let x = &samples.block(block)[columns.start * lanes..columns.end * lanes];
            let from = block * lanes;
            let own = nearest[from..samples.count.min(from + lanes)].iter();
            for (lane, nearest) in own.enumerate() {
                let at = nearest.center as usize * features + columns.start;
                // SAFETY: each task has columns of its own.
                let sums = unsafe { std::slice::from_raw_parts_mut(into.at(at), columns.len()) };
                let x = x[lane..].iter().step_by(lanes);
                sums.iter_mut().zip(x).for_each(|(sum, &x)| *sum += f64::from(x));
            }
        }
    });
}

/// The sum of the squared distances of all samples to the centers `[clusters, features]` that they are in, in 64 bits.
///
/// # Errors
/// `memory`
pub fn inertia(samples: &Samples, nearest: &[Nearest], centers: &[f64]) -> Result<f64> {
    let (lanes, features, count) = (samples.lanes(), samples.features, samples.count);
    let mut sums: Vec<f64> = zeros(samples.blocks(), "the distances")?;
    let into = Shared::new(&mut sums);
    parallel::for_each(samples.blocks(), |block| {
        let mut sum = 0.0;
        for sample in block * lanes..count.min((block + 1) * lanes) {
            let center = &centers[nearest[sample].center as usize * features..][..features];
            for (x, c) in samples.sample(sample).zip(center) {
                let difference = f64::from(x) - c;
                sum += difference * difference;
            }
        }
        // SAFETY: each block has its own sum.
        unsafe { *into.at(block) = sum };
    });
    Ok(sums.iter().sum())
}
