//! A convolution whose filters read some of the channels each, by a table (LeCun et al. 1998, table I). The channels that each
//! filter reads are gathered side by side, and the filters with as many channels that follow each other are the groups of a
//! convolution, of one filter each:
//!
//! ```text
//! channels 0 1 2 3          gathered 0 1 │ 1 2 │ 0 2 3         weights [connections, KH, KW], in the order of the gathered
//! table    0 1, 1 2, 0 2 3  filter    0      1      2
//!                           convolution ──── 1 ──── ── 2 ──
//! ```

use super::conv2d::{Conv2d, Convolution};
use crate::plan::{Block, Buffer, Builder, InitialValue, Operator, ROWS_PER_PART, Uses, Value, part_rows};
use hebb_kernels::error::Result;
use hebb_kernels::vector;
use hebb_kernels::window::Window;
use std::ops::Range;

/// The channels that each filter reads, in this order.
pub type Connections = Vec<Vec<usize>>;

/// Refuses a table that does not fit the filters and channels.
fn check(builder: &Builder, &Window { channels, filters, .. }: &Window, table: &Connections) -> Result<()> {
    let wrong = table.iter().position(|own| {
        let usable = |(at, c): (usize, &usize)| *c < channels && !own[..at].contains(c);
        own.is_empty() || !own.iter().enumerate().all(usable)
    });
    match wrong {
        Some(filter) => Err(builder.option(format!(
            "connections: each filter reads at least one of the channels 0 to {}, and none twice; filter {filter} reads {:?}",
            channels - 1,
            table[filter]
        ))),
        None if table.len() != filters => Err(builder.option(format!(
            "connections must be {filters} lists, one for each filter, got {}",
            table.len()
        ))),
        None => Ok(()),
    }
}

/// Adds the operators of a convolution with connections; `whole` is the window over all channels.
pub(super) fn plan(
    builder: &mut Builder,
    x: &Value,
    whole: Window,
    table: &Connections,
    options: &Conv2d,
) -> Result<Value> {
    check(builder, &whole, table)?;
    let Window { channels, filters, input: [height, width], output: [oh, ow], kernel: [kh, kw], .. } = whole;
    let sources = table.concat();
    let taps = kh.saturating_mul(kw);
    // On average.
    let weights = sources.len().saturating_mul(taps);
    let fan = (weights / filters, weights.div_ceil(channels));
    let gathered = builder.value(vec![sources.len(), height, width])?;
    let output = builder.value(vec![filters, oh, ow])?;
    let start = InitialValue::weight(options.initializer, &options.activation, fan);
    let weight = builder.weight(vec![sources.len(), kh, kw], start, options.regularization)?;
    let bias = builder.bias(filters, options.bias)?;
    let mut runs = Vec::new();
    let mut first = [0, 0];
    for run in table.chunk_by(|a, b| a.len() == b.len()) {
        let window = Window { channels: run[0].len(), filters: 1, ..whole };
        let tensors = (weight + first[0] * taps, bias.map(|bias| bias + first[1]));
        let mut one = Convolution::new(window, run.len(), tensors, gathered.buffer, output.buffer);
        one.first = first;
        runs.push(one);
        first = [first[0] + run.len() * run[0].len(), first[1] + run.len()];
    }
    let gather =
        Gather { plane: height * width, channels, sources, input: x.buffer, output: gathered.buffer };
    let gathered = builder.node(gather, &[x], gathered, Uses::default());
    let connected = Connected { runs, size: first, cost: first[0] * taps * oh * ow };
    Ok(builder.node(connected, &[&gathered], output, Uses { trains: true, ..Uses::default() }))
}

/// Planes of the input side by side, some of them several times.
struct Gather {
    /// Values of a plane.
    plane: usize,
    channels: usize,
    /// The channel of each plane of the output.
    sources: Vec<usize>,
    input: Buffer,
    output: Buffer,
}

impl Operator for Gather {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the buffers these features; input and output never overlap.
        let (x, y) = unsafe {
            (block.values(self.input, self.channels * self.plane), block.values_mut(self.output, self.cost()))
        };
        let size = self.plane * block.lanes();
        for (y, source) in y.chunks_exact_mut(size).zip(&self.sources) {
            y.copy_from_slice(&x[source * size..][..size]);
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let (dx, dy) = unsafe {
            (
                block.gradients_mut(self.input, self.channels * self.plane),
                block.gradients(self.output, self.cost()),
            )
        };
        let size = self.plane * block.lanes();
        dx.fill(0.0);
        for (dy, source) in dy.chunks_exact(size).zip(&self.sources) {
            vector::add(&mut dx[source * size..][..size], dy);
        }
    }

    fn cost(&self) -> usize {
        self.sources.len() * self.plane
    }
}

/// Convolutions that read and write neighbouring channels.
struct Connected {
    runs: Vec<Convolution>,
    /// The connections and the filters of all.
    size: [usize; 2],
    cost: usize,
}

impl Connected {
    /// Calls `f` for each convolution with its own rows among those of a part: its channels (side 0) or filters (1).
    fn each(&self, part: usize, side: usize, f: impl Fn(&Convolution, Range<usize>)) {
        let rows = part_rows(part, self.size[side]);
        for run in &self.runs {
            let (first, size) = (run.first[side], run.size()[side]);
            let own = rows.start.max(first)..rows.end.min(first + size);
            if !own.is_empty() {
                f(run, own.start - first..own.end - first);
            }
        }
    }
}

impl Operator for Connected {
    fn forward(&self, block: &Block, part: usize) {
        self.each(part, 1, |run, filters| run.forward_rows(block, filters));
    }

    fn backward_input(&self, block: &Block, part: usize) {
        self.each(part, 0, |run, channels| run.backward_input_rows(block, channels));
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        self.each(part, 1, |run, filters| run.backward_parameters_rows(block, gradient, filters));
    }

    fn parts(&self) -> usize {
        self.size[1].div_ceil(ROWS_PER_PART)
    }

    fn input_parts(&self) -> usize {
        self.size[0].div_ceil(ROWS_PER_PART)
    }

    fn cost(&self) -> usize {
        self.cost
    }

    fn multiply_adds(&self) -> usize {
        self.cost
    }
}
