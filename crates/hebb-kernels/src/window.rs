//! The positions that a window over an image reads, for convolution and pooling.

use std::ops::Range;

/// The sizes of a convolution or a pooling, all in elements: `[h, w]` pairs throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Channels of the input.
    pub channels: usize,
    /// Height and width of the input.
    pub input: [usize; 2],
    /// Channels of the output: the filters (for a pooling, the channels again).
    pub filters: usize,
    /// Height and width of the output.
    pub output: [usize; 2],
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Steps between neighbouring outputs.
    pub stride: [usize; 2],
    /// Steps between neighbouring taps.
    pub dilation: [usize; 2],
    /// Zero padding above and to the left of the input.
    pub padding: [usize; 2],
    /// Zero padding below and to the right of the input.
    pub end: [usize; 2],
}

impl Window {
    /// The taps k with 0 ≤ at·stride + k·dilation − padding < input, for the output position `at` in
    /// dimension `d`.
    #[inline(always)]
    pub(super) fn taps(&self, d: usize, at: usize) -> Range<usize> {
        let start = at * self.stride[d];
        let low = self.padding[d].saturating_sub(start);
        let high = (self.input[d] + self.padding[d]).saturating_sub(start);
        let (low, high) = match self.dilation[d] {
            1 => (low, high),
            step => (low.div_ceil(step), high.div_ceil(step)),
        };
        let high = high.min(self.kernel[d]);
        low.min(high)..high
    }

    /// The output positions that tap k reads inside the input, in dimension `d`.
    #[inline(always)]
    pub(super) fn positions(&self, d: usize, k: usize) -> Range<usize> {
        let k = k * self.dilation[d];
        let low = self.padding[d].saturating_sub(k).div_ceil(self.stride[d]);
        let high =
            (self.input[d] + self.padding[d]).saturating_sub(k).div_ceil(self.stride[d]).min(self.output[d]);
        low.min(high)..high
    }

    /// The taps that read the input position `at` in dimension `d`: at + padding = o·stride + k·dilation. They and their outputs
    /// are arithmetic sequences.
    #[inline(always)]
    pub(super) fn tap_run(&self, d: usize, at: usize) -> TapRun {
        let (p, stride, dilation) = (at + self.padding[d], self.stride[d], self.dilation[d]);
        let mut run = TapRun { tap: 0, step: stride, output: 0, back: 1, count: 0 };
        if dilation == 1 {
            (run.tap, run.output) = (p % stride, p / stride);
        } else {
            // The distance between two such taps: lcm(stride, dilation) positions.
            let common = gcd(stride, dilation);
            (run.step, run.back) = (stride / common, dilation / common);
            let first =
                (0..run.step).find(|k| p >= k * dilation && (p - k * dilation).is_multiple_of(stride));
            let Some(first) = first else { return run };
            (run.tap, run.output) = (first, (p - first * dilation) / stride);
        }
        if run.output >= self.output[d] {
            // There are no readers beyond the last output.
            let beyond = (run.output + 1 - self.output[d]).div_ceil(run.back);
            if beyond * run.back > run.output {
                return run;
            }
            (run.tap, run.output) = (run.tap + beyond * run.step, run.output - beyond * run.back);
        }
        if run.tap < self.kernel[d] {
            let (taps, outputs) = ((self.kernel[d] - run.tap).div_ceil(run.step), run.output / run.back + 1);
            run.count = taps.min(outputs);
        }
        run
    }
}

/// Taps `tap`, `tap + step`, …, `count` of them, which read for the outputs `output`, `output − back`, ….
pub(super) struct TapRun {
    pub tap: usize,
    pub step: usize,
    pub output: usize,
    pub back: usize,
    pub count: usize,
}

pub(super) fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The offsets of the taps of a window that lies inside the input: a single loop runs over all of them.
#[derive(Clone, Debug, Default)]
pub struct Offsets {
    /// For the weights `[C][KH][KW]` of a filter: offsets from the first tap in x `[C][H][W]`.
    pub forward: Vec<u32>,
    /// For the weights `[F][KH][KW]` of a channel: offsets from the last tap's output in dy `[F][OH][OW]`; for a stride
    /// of 1.
    pub backward: Vec<u32>,
}

/// Maximum weights of a filter, or of a channel, that are listed.
pub(super) const LISTED: usize = 1 << 16;

impl Offsets {
    /// The offsets of a window; empty if there are too many.
    pub fn of(g: &Window) -> Self {
        let [kh, kw] = g.kernel;
        let list = |planes: usize, place: &dyn Fn(usize, usize, usize) -> usize| {
            let size = kh.saturating_mul(kw).saturating_mul(planes);
            let size = if size > LISTED { 0 } else { size };
            (0..size).map(|t| place(t / (kh * kw), t / kw % kh, t % kw) as u32).collect()
        };
        let backward = |f, i, j| {
            (f * g.output[0] + (kh - 1 - i) * g.dilation[0]) * g.output[1] + (kw - 1 - j) * g.dilation[1]
        };
        Self {
            forward: list(g.channels, &|c, i, j| {
                (c * g.input[0] + i * g.dilation[0]) * g.input[1] + j * g.dilation[1]
            }),
            backward: if g.stride == [1, 1] { list(g.filters, &backward) } else { Vec::new() },
        }
    }
}
