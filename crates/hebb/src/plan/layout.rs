//! The offsets of all buffers in an arena, from the steps at which each is used.

use super::placement::{Lifetime, place};
use super::{Buffer, GUARD, Gradients, Layout, LossBuffers, Plan, Trained};
use hebb_kernels::single::BEYOND;

/// Until when buffers keep their values.
#[derive(Clone, Copy)]
pub(crate) enum Life<'a> {
    /// Values until their last reader.
    Inference,
    /// Values to the end.
    Activations,
    /// Values and gradients until the gradients before them are computed, of the layers that are trained.
    Training(&'a Trained),
    /// Values and gradients to the end.
    Trace,
}

impl Plan {
    /// The layout for blocks of `lanes` samples; with a single lane for the kernels of a single sample.
    pub fn layout(&self, lanes: usize, life: Life) -> Layout {
        let training = matches!(life, Life::Training(_) | Life::Trace);
        let all = Trained::all(self);
        let trained = if let Life::Training(trained) = life { trained } else { &all };
        // Moments: 0 gathers; i + 1 is node i forward; n + 1 the loss; 2n + 2 − i is node i backward.
        let n = self.nodes.len();
        let end = 2 * n + 3;
        let (forward, backward) = (|i: usize| i + 1, |i: usize| 2 * n + 2 - i);
        let mut values: Vec<(usize, usize)> = vec![(end, 0); self.places.len()];
        let mut gradients = values.clone();
        let touch = |list: &mut Vec<(usize, usize)>, b: usize, at: usize| {
            list[b] = (list[b].0.min(at), list[b].1.max(at));
        };
        let base = |b: Buffer| self.places[b.0].within.map_or(b.0, |(base, _)| base.0);
        touch(&mut values, 0, 0);
        for (i, (node, &Gradients { parameters, inputs })) in
            self.nodes.iter().zip(&trained.gradients).enumerate()
        {
            let backward_pass = training && (parameters || inputs);
            for buffer in node.inputs.iter().chain([&node.output]).chain(&node.saved_for_backward) {
                touch(&mut values, base(*buffer), forward(i));
                if backward_pass {
                    touch(&mut values, base(*buffer), backward(i));
                }
            }
            if lanes > 1 {
                node.forward_scratch.iter().for_each(|buffer| touch(&mut values, buffer.0, forward(i)));
            } else {
                node.single_scratch.iter().for_each(|buffer| touch(&mut values, buffer.0, forward(i)));
                // Kept from one sample to the next.
                for buffer in &node.packed {
                    [0, end].into_iter().for_each(|at| touch(&mut values, buffer.0, at));
                }
            }
            if backward_pass {
                for input in node.inputs.iter().filter(|_| inputs) {
                    touch(&mut gradients, input.0, backward(i));
                }
                touch(&mut gradients, node.output.0, backward(i));
                node.scratch.iter().for_each(|scratch| touch(&mut values, scratch.0, backward(i)));
            }
        }
        // A loss reads the output and the net input of its activation, and writes a gradient to one of them.
        for output in &self.outputs {
            let net = output.node.map(|node| self.nodes[node].inputs[0]);
            output.lengths.inspect(|&lengths| touch(&mut values, base(lengths), n + 1));
            for buffer in [Some(output.buffer), net].into_iter().flatten() {
                touch(&mut values, base(buffer), n + 1);
                if training {
                    touch(&mut gradients, buffer.0, n + 1);
                }
            }
            let LossBuffers { targets, probabilities, saved } = output.loss;
            touch(&mut values, targets.0, 0);
            [targets, probabilities, saved].iter().for_each(|buffer| touch(&mut values, buffer.0, n + 1));
        }
        for state in &self.states {
            touch(&mut values, state.before.0, 0);
            [Some(state.after), state.each]
                .into_iter()
                .flatten()
                .for_each(|b| touch(&mut values, base(b), n + 1));
        }
        let lifetime = |(at, &(first, last)): (usize, &(usize, usize))| {
            let size = if first <= last { self.places[at % self.places.len()].features * lanes } else { 0 };
            let last = if matches!(life, Life::Activations | Life::Trace) { end } else { last.max(first) };
            if cfg!(feature = "checked") {
                // Every buffer has a place of its own, with a guard after it.
                return Lifetime { first: 0, last: end, size: size + GUARD };
            }
            Lifetime { first, last, size }
        };
        let all: Vec<Lifetime> = values.iter().chain(&gradients).enumerate().map(lifetime).collect();
        let (offsets, size) = place(&all);
        let (values, gradients) = offsets.split_at(self.places.len());
        let mut values = values.to_vec();
        for (at, place) in self.places.iter().enumerate() {
            if let Some((base, from)) = place.within {
                values[at] = values[base.0] + from * lanes;
            }
        }
        let size = if lanes == 1 { size + BEYOND } else { size };
        Layout {
            values,
            gradients: gradients.to_vec(),
            size,
            lanes,
            #[cfg(any(debug_assertions, feature = "checked"))]
            features: self.places.iter().map(|place| place.features).collect(),
            #[cfg(feature = "checked")]
            guards: all.iter().zip(&offsets).map(|(one, offset)| offset + one.size - GUARD).collect(),
        }
    }
}
