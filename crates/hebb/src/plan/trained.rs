//! What a training trains: every layer, or each at a rate of its own and some not at all.

use super::{Node, Plan};
use crate::options::Rates;
use hebb_kernels::error::{Error, Result};
use std::ops::Range;

/// The gradients that the backward pass computes at a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gradients {
    pub parameters: bool,
    pub inputs: bool,
}

/// The layers that are trained.
#[derive(Clone, Debug)]
pub(crate) struct Trained {
    /// By node.
    pub gradients: Vec<Gradients>,
    /// Their parameters, in order, with the factor on the learning rate, above 0.
    pub ranges: Vec<(Range<usize>, f32)>,
}

impl Trained {
    /// All layers.
    #[inline(never)] // Several call it.
    pub fn all(plan: &Plan) -> Self {
        let of = |node: &Node| Gradients { parameters: node.trains, inputs: node.needs_gradient };
        Self { gradients: plan.nodes.iter().map(of).collect(), ranges: vec![(0..plan.parameters, 1.0)] }
    }

    /// Each layer at its rate. What only frozen layers come before has no gradient. Refuses names of no layer with parameters,
    /// factors below 0 or not finite, and a network with all layers frozen.
    pub fn new(plan: &Plan, rates: &Rates) -> Result<Self> {
        let mut all = Self::all(plan);
        if rates.factors.is_empty() {
            return Ok(all);
        }
        check(plan, rates)?;
        let (mut from, mut ranges) = (0, Vec::new());
        for layer in &plan.layers {
            let (range, factor) = (from..from + layer.parameters, rates.of(&layer.name));
            from = range.end;
            if factor > 0.0 && !range.is_empty() {
                ranges.push((range, factor));
            }
        }
        if ranges.is_empty() {
            return Err(Error::option("rates: all layers are frozen, so that there is nothing to train"));
        }
        all.ranges = ranges;
        let base = |buffer: usize| plan.places[buffer].within.map_or(buffer, |(base, _)| base.0);
        let mut needed = vec![false; plan.places.len()];
        for (node, gradients) in plan.nodes.iter().zip(&mut all.gradients) {
            gradients.parameters &= rates.of(&node.weights_of) > 0.0;
            gradients.inputs &= node.inputs.iter().any(|input| needed[base(input.0)]);
            needed[base(node.output.0)] |= gradients.parameters || gradients.inputs;
        }
        Ok(all)
    }

    /// Whether a node of this number has parameters that are not trained.
    pub fn freezes(&self, number: usize, node: &Node) -> bool {
        node.trains && !self.gradients[number].parameters
    }

    /// Whether the parameter at this place is trained.
    pub fn has(&self, parameter: usize) -> bool {
        self.ranges.iter().any(|(range, _)| range.contains(&parameter))
    }
}

fn check(plan: &Plan, rates: &Rates) -> Result<()> {
    for (name, factor) in &rates.factors {
        let refuse = |why: String| Err(Error::option(format!("rates: {why}")));
        if !(0.0..=f64::from(f32::MAX)).contains(factor) {
            return refuse(format!("{name} must be a finite number of at least 0, got {factor}"));
        }
        let trains = |layer: &&super::LayerInfo| layer.parameters > 0;
        if name != "*" && !plan.layers.iter().filter(trains).any(|layer| layer.name == *name) {
            let names: Vec<&str> = plan.layers.iter().filter(trains).map(|layer| &*layer.name).collect();
            return refuse(format!(
                "\"{name}\" is no layer with parameters of its own; those are {}",
                names.join(", ")
            ));
        }
    }
    Ok(())
}
