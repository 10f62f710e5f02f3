//! The passes of a convolution one by one, for benchmarks: its kernels in parts over blocks, as in a network.

use crate::plan::{ROWS_PER_PART, part_rows};
use hebb_kernels::conv2d as kernel;
use hebb_kernels::parallel::{self, Shared};
use hebb_kernels::simd::Level;
use hebb_kernels::window::{Offsets, Window};

/// As in networks: up to this many weights, each group of blocks has a gradient of its own.
const SMALL: usize = 1 << 18;

/// Maximum number of groups.
const GROUPS: usize = 16;

/// The passes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// y from x and w.
    Forward,
    /// The gradient of x from dy and w.
    Input,
    /// The gradient of w from x and dy.
    Weights,
}

/// A convolution without bias, of samples `[batch, C, H, W]`.
pub struct Convolution {
    level: Level,
    window: Window,
    batch: usize,
    w: Vec<f32>,
    /// x, dx, y and dy, block by block.
    x: Vec<f32>,
    dx: Vec<f32>,
    y: Vec<f32>,
    dy: Vec<f32>,
    /// One gradient per group.
    dw: Vec<f32>,
    groups: usize,
    offsets: Offsets,
}

impl Convolution {
    /// From `[batch, channels, size, filters, kernel, stride, padding]`, x `[batch, channels, size, size]`, w
    /// `[filters, channels, kernel, kernel]` and dy in the shape of the output.
    pub fn new(level: Level, sizes: [usize; 7], x: &[f32], w: Vec<f32>, dy: &[f32]) -> Self {
        let [batch, channels, size, filters, kernel, stride, padding] = sizes;
        let output = (size + 2 * padding - kernel) / stride + 1;
        let pair = |n| [n, n];
        let window = Window {
            channels,
            input: pair(size),
            filters,
            output: pair(output),
            kernel: pair(kernel),
            stride: pair(stride),
            dilation: pair(1),
            padding: pair(padding),
            end: pair(padding),
        };
        let (x, dy) = (to_blocks(x, batch, level.block()), to_blocks(dy, batch, level.block()));
        let groups = if w.len() <= SMALL { batch.div_ceil(level.block()).min(GROUPS) } else { 1 };
        let (dx, y, dw) = (vec![0.0; x.len()], vec![0.0; dy.len()], vec![0.0; groups * w.len()]);
        Self { level, offsets: Offsets::of(&window), window, batch, w, x, dx, y, dy, dw, groups }
    }

    /// Runs a pass.
    pub fn run(&mut self, pass: Pass) {
        let (level, g, offsets) = (self.level, self.window, &self.offsets);
        let blocks = self.batch.div_ceil(level.block());
        let (input, output) = (self.x.len() / blocks, self.y.len() / blocks);
        let (w, x, dy) = (Shared::new(&mut self.w), Shared::new(&mut self.x), Shared::new(&mut self.dy));
        let (y, dx, dw) = (Shared::new(&mut self.y), Shared::new(&mut self.dx), Shared::new(&mut self.dw));
        let weights = self.w.len();
        let (parts, input_parts) = (g.filters.div_ceil(ROWS_PER_PART), g.channels.div_ceil(ROWS_PER_PART));
        // SAFETY, of all three: the buffers have the window's sizes, and each task writes rows of its own.
        match pass {
            Pass::Forward => parallel::for_each(blocks * parts, |index| {
                let (block, rows) = (index / parts, part_rows(index % parts, g.filters));
                let (x, y) = (x.at(block * input), y.at(block * output));
                // SAFETY: see above.
                unsafe { kernel::forward(level, &g, offsets, w.at(0), std::ptr::null(), x, y, rows) }
            }),
            Pass::Input => parallel::for_each(blocks * input_parts, |index| {
                let (block, rows) = (index / input_parts, part_rows(index % input_parts, g.channels));
                let (dx, dy) = (dx.at(block * input), dy.at(block * output));
                // SAFETY: see above.
                unsafe { kernel::backward_input(level, &g, offsets, w.at(0), dy, dx, rows) }
            }),
            Pass::Weights => {
                let groups = self.groups;
                self.dw.fill(0.0);
                parallel::for_each(groups * parts, |index| {
                    let (group, part) = (index / parts, index % parts);
                    for block in group * blocks / groups..(group + 1) * blocks / groups {
                        let (x, dy) = (x.at(block * input), dy.at(block * output));
                        let (dw, rows) = (dw.at(group * weights), part_rows(part, g.filters));
                        // SAFETY: see above; each group has a gradient of its own.
                        unsafe {
                            kernel::backward_parameters(level, &g, x, dy, dw, std::ptr::null_mut(), rows);
                        }
                    }
                });
                let (sum, others) = self.dw.split_at_mut(weights);
                for other in others.chunks(weights) {
                    sum.iter_mut().zip(other).for_each(|(sum, value)| *sum += value);
                }
            }
        }
    }

    /// The result of the last run of a pass, in the shape of y, x or w.
    pub fn result(&self, pass: Pass) -> Vec<f32> {
        match pass {
            Pass::Forward => to_samples(&self.y, self.batch, self.level.block()),
            Pass::Input => to_samples(&self.dx, self.batch, self.level.block()),
            Pass::Weights => self.dw[..self.w.len()].to_vec(),
        }
    }
}

/// Samples `[batch][features]` as blocks `[features][lanes]`, the last one filled up with zeros.
fn to_blocks(samples: &[f32], batch: usize, lanes: usize) -> Vec<f32> {
    let features = samples.len() / batch;
    let mut blocks = vec![0.0; batch.div_ceil(lanes) * features * lanes];
    for (index, value) in samples.iter().enumerate() {
        let (sample, feature) = (index / features, index % features);
        blocks[(sample / lanes * features + feature) * lanes + sample % lanes] = *value;
    }
    blocks
}

/// The inverse.
fn to_samples(blocks: &[f32], batch: usize, lanes: usize) -> Vec<f32> {
    let features = blocks.len() / (batch.div_ceil(lanes) * lanes);
    let value = |index: usize| {
        let (sample, feature) = (index / features, index % features);
        blocks[(sample / lanes * features + feature) * lanes + sample % lanes]
    };
    (0..batch * features).map(value).collect()
}
