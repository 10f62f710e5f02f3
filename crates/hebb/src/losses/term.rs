//! What a loss is: the error term of one output, compiled for a plan.

use super::{Decision, check_reach};
use crate::data::Kinds;
use crate::options::Activation;
use crate::plan::{Block, Buffer, LossBuffers, MAX_BLOCK, Output, Plan};
use hebb_kernels::error::{Error, Result};
use std::fmt::Debug;
use std::ops::Range;

/// The targets of an output: sample by sample, and time step by time step, their number and values.
pub(super) type Targets<'a> = &'a mut dyn Iterator<Item = (usize, Vec<f32>)>;

/// The error term of one output, or of one time step of an output `[T, features]`. Each loss implements it in a file of its own.
pub(super) trait ErrorTerm: Debug + Send + Sync {
    /// Compiles it for an output, and says where it reads and writes. Refuses options out of range and outputs that it is not
    /// for.
    fn compile(&mut self, _plan: &Plan, output: &Output) -> Result<Reading> {
        Ok(Reading::of(output))
    }

    /// Computes what a block's answers and [`Values::saved`] need besides the forward pass.
    fn answer(&self, _block: &Block, _at: &Reading) {}

    /// Computes the terms that only value and slopes need, after [`ErrorTerm::answer`].
    fn prepare(&self, _block: &Block, _at: &Reading) {}

    /// Changes the targets of a block, after they were compared with the answers.
    fn weigh(&self, _targets: &mut [f32], _lanes: usize) {}

    /// The error of one sample, at one time step of a sequence; not yet divided.
    fn value(&self, values: &Values, lane: usize) -> f64;

    /// Writes the gradient of a block: the derivative of [`ErrorTerm::value`], times `scale`, which is
    /// [`ErrorTerm::factor`] divided by [`ErrorTerm::divisor`].
    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]);

    /// Whether it is a sum over samples and time steps, not a mean.
    fn is_sum(&self) -> bool {
        false
    }

    /// The divisor of the sum over a batch of this many samples.
    fn divisor(&self, batch: usize, _outputs: usize) -> f64 {
        batch as f64
    }

    /// A constant factor of the derivative.
    fn factor(&self) -> f64 {
        1.0
    }

    /// Whether the error is ½Σw·(a − t)²; then w is [`ErrorTerm::factor`] divided by [`ErrorTerm::divisor`].
    fn is_square(&self) -> bool {
        false
    }

    /// Whether its value is a user-defined formula.
    fn is_formula(&self) -> bool {
        false
    }

    /// What an output decides because of this loss, whatever its activation; `targets` are those that it is measured by.
    fn decision(&self, _targets: Option<Kinds>) -> Option<Decision> {
        None
    }

    /// Whether it is a loss of labels: targets of 0 and 1, decided at ½.
    fn has_labels(&self) -> bool {
        false
    }

    /// Refuses targets that it does not accept.
    fn check_values(&self, _kinds: Kinds, _targets: Targets, _output: &Output) -> Result<()> {
        Ok(())
    }

    /// Refuses targets that training cannot learn; `all` if they are all of the training data. By default those out of reach of
    /// the output.
    fn check_targets(&self, targets: Targets, output: &Output, _all: Option<usize>) -> Result<()> {
        check_reach(targets, output)
    }

    /// The loss of the best constant answer to targets with these means and variances; `None` if unknown.
    fn constant(&self, moments: &[(f64, f64)], samples: usize) -> Option<f64>;
}

/// Where a loss reads and writes.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// The node of an activation whose derivative is part of the loss's own.
    pub skipped: Option<usize>,
    /// The buffer whose gradient the loss writes.
    pub at: Buffer,
    /// The buffer of the network's answer: activations, or probabilities computed from logits.
    pub answer: Buffer,
    /// Values per time step.
    pub outputs: usize,
    /// Time steps of `[T, features]`; 1 for other outputs.
    pub steps: usize,
    /// The buffer of the number of time steps of each sample, if it varies.
    pub lengths: Option<Buffer>,
    pub buffers: LossBuffers,
    /// Whether the answer is a probability.
    pub probable: bool,
}

impl Reading {
    /// Values of all time steps.
    pub fn features(&self) -> usize {
        self.outputs * self.steps
    }

    /// Of the output itself.
    pub fn of(output: &Output) -> Self {
        Self {
            skipped: None,
            at: output.buffer,
            answer: output.buffer,
            outputs: output.features() / output.steps(),
            steps: output.steps(),
            lengths: output.lengths,
            buffers: output.loss,
            probable: matches!(output.activation, Activation::Softmax | Activation::Sigmoid),
        }
    }

    /// Of the net input of the output's activation, which must be `own` or none; or the logarithm of `own`, if the loss takes
    /// that.
    pub fn of_net_input(
        plan: &Plan,
        output: &Output,
        name: &str,
        own: Activation,
        log: Option<Activation>,
    ) -> Result<Self> {
        let all = Self { probable: true, ..Self::of(output) };
        let log = Some(&output.activation) == log.as_ref();
        if output.activation == own || log {
            let node = output.node.ok_or_else(|| {
                Error::option(format!(
                    "{name} needs the net input of \"{}\", which other layers read too: give the output a layer of its own",
                    output.name
                ))
            })?;
            // With log-probabilities it is the negative log-likelihood: the same value, from the same net input.
            let answer = if log { output.loss.probabilities } else { output.buffer };
            return Ok(Self { skipped: Some(node), at: plan.nodes[node].inputs[0], answer, ..all });
        }
        if output.activation == Activation::Identity {
            return Ok(Self { answer: output.loss.probabilities, ..all });
        }
        let hint = match output.activation {
            Activation::Sigmoid => "; behind sigmoid use binaryCrossEntropy",
            Activation::Softmax => "; behind softmax use crossEntropy",
            _ => "",
        };
        Err(Error::option(format!(
            "{name} needs {} or no activation in the last layer \"{}\", which has {}{hint}",
            own.name(),
            output.name,
            output.activation.name()
        )))
    }
}

/// What a loss reads of a block at one time step, `[outputs][lanes]` each.
pub(super) struct Values<'a> {
    /// The values at [`Reading::at`]: logits for losses of a net input.
    pub raw: &'a [f32],
    pub answer: &'a [f32],
    pub targets: &'a [f32],
    /// What [`ErrorTerm::answer`] and [`ErrorTerm::prepare`] left in these buffers.
    pub saved: &'a [f32],
    pub probabilities: &'a [f32],
    pub shares: &'a Shares,
}

/// The share of each lane's time step in the loss of its sample, the mean over the sample's time steps; 0 in lanes without a
/// sample, and after the end of a sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub lanes: usize,
    of: [f64; MAX_BLOCK],
}

impl Shares {
    /// At a time step of those that count, which are those from `first` on; all 1 for a `sum`.
    pub fn new(block: &Block, reading: &Reading, first: usize, step: usize, sum: bool) -> Self {
        let (lanes, mut of) = (block.lanes(), [0.0; MAX_BLOCK]);
        // SAFETY: the plan gave the lengths one row, which is part of the input.
        let lengths = reading.lengths.map(|lengths| unsafe { block.values(lengths, 1) });
        for (lane, share) in of.iter_mut().enumerate().take(block.count) {
            let end = lengths.map_or(reading.steps, |lengths| lengths[lane] as usize);
            if (first..end).contains(&step) {
                *share = if sum { 1.0 } else { 1.0 / (end - first) as f64 };
            }
        }
        Self { lanes, of }
    }

    /// That of a lane.
    pub fn of(&self, lane: usize) -> f64 {
        self.of[lane]
    }

    /// The lanes with a share.
    pub fn active(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.lanes).filter(|&lane| self.of[lane] > 0.0)
    }
}

impl Values<'_> {
    /// The indices of a sample's values.
    pub fn of(&self, lane: usize) -> std::iter::StepBy<Range<usize>> {
        (lane..self.raw.len()).step_by(self.shares.lanes)
    }

    /// Writes `slope(lane, index)` times `scale` and the lane's share for every value, and 0 in lanes without one.
    #[inline(always)]
    pub fn write(&self, gradient: &mut [f32], scale: f32, slope: impl Fn(usize, usize) -> f32) {
        let lanes = self.shares.lanes;
        let scales = self.shares.of.map(|share| scale * share as f32);
        for (row, gradient) in gradient.chunks_exact_mut(lanes).enumerate() {
            for (lane, gradient) in gradient.iter_mut().enumerate() {
                let slope = slope(lane, row * lanes + lane);
                *gradient = if scales[lane] == 0.0 { 0.0 } else { slope * scales[lane] };
            }
        }
    }
}
