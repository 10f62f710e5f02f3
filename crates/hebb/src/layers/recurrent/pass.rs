//! A pass of a recurrent layer: one level, read in one direction.

use super::{Cell, InitialState, Kept, Options, Recurrence, Returns, Single, apart};
use crate::options::Activation;
use crate::plan::{Buffer, Builder, InitialValue, MAX_BLOCK, Uses, Value};
use hebb_kernels::dense as kernel;
use hebb_kernels::error::Result;

/// Which pass it is.
#[derive(Clone, Copy)]
pub(super) struct Pass {
    pub level: usize,
    /// Whether it reads the time steps from the last to the first.
    pub backward: bool,
    pub returns: Returns,
}

/// Adds the pass to the plan.
pub(super) fn plan<C: Cell + 'static>(
    builder: &mut Builder,
    x: &Value,
    options: &Options,
    cell: C,
    Pass { level, backward, returns }: Pass,
) -> Result<Value> {
    let (steps, inputs, units) = (x.steps(), x.channels(), options.units);
    let rows = units.saturating_mul(C::GATES);
    let states = builder.value(vec![steps, units])?;
    let output = match returns {
        Returns::All => states.clone(),
        Returns::Last => builder.value(vec![units])?,
    };
    let last = if backward { 0 } else { (steps - 1) * units };
    let after = match returns {
        Returns::All => builder.draft.part(states.buffer, last, units),
        Returns::Last => output.buffer,
    };
    let way = if backward { "_reverse" } else { "" };
    // As PyTorch names them.
    let part = |of: &str| format!("{of}_l{level}{way}");
    let name = |of: &str| {
        let level = if level > 0 { format!(".l{level}") } else { String::new() };
        format!("{level}{}{of}", if backward { ".reverse" } else { "" })
    };
    let learned = options.initial_state == InitialState::Learned;
    let start = |builder: &mut Builder, of: &str| match learned {
        true => builder.tensor(&part(of), vec![units], InitialValue::Constant(0.0)).map(Some),
        false => Ok(None),
    };
    let each = |states: Buffer| if backward { None } else { Some(states) };
    let initial = start(builder, "initial_h")?;
    let before = builder.state(&name(""), units, (after, each(states.buffer)), initial);
    let mut value = |features: usize| Ok(builder.value(vec![steps, features])?.buffer);
    // A single gate is computed in place.
    let gates = if C::GATES == 1 { states.buffer } else { value(rows)? };
    let kept = if C::KEPT == Kept::Nothing { gates } else { value(units)? };
    let slopes = value(apart(rows))?;
    let product_slopes = if C::KEPT == Kept::Product { value(apart(units))? } else { slopes };
    // For the largest block, because a plan is the same on every back end.
    let transposed = |of: usize| apart(kernel::scratch(of, MAX_BLOCK));
    let (inputs_t, states_t) = (value(transposed(inputs))?, value(transposed(units))?);
    let kept_t = if C::KEPT == Kept::Factor { value(transposed(units))? } else { states_t };
    let (dh, carried) = (builder.buffer(units), builder.buffer(units));
    let held = x.lengths.map(|_| builder.buffer(2 * units));
    let mut initial_memory = None;
    let memory = match C::KEPT {
        Kept::Memory => {
            initial_memory = start(builder, "initial_c")?;
            let after = builder.draft.part(kept, last, units);
            Some(builder.state(&name(".c"), units, (after, each(kept)), initial_memory))
        }
        _ => None,
    };
    let weights = |builder: &mut Builder, of: &str, from: usize| {
        let start = InitialValue::weight(options.initializer, &Activation::Tanh, (from, units));
        builder.regularized(&part(of), vec![rows, from], start, options.regularization)
    };
    let weight_ih = weights(builder, "weight_ih", inputs)?;
    let weight_hh = weights(builder, "weight_hh", units)?;
    let mut biases = [None; 2];
    if options.bias {
        for (bias, of) in biases.iter_mut().zip(["bias_ih", "bias_hh"]) {
            *bias = Some(builder.tensor(&part(of), vec![rows], InitialValue::Constant(0.0))?);
        }
    }
    let [bias_ih, bias_hh] = biases;
    let single = Single::plan::<C>(builder, inputs, units);
    let (packed, single_scratch) = single.as_ref().map(|one| one.buffers()).unzip();
    let operator = Recurrence {
        cell,
        steps,
        inputs,
        units,
        backward,
        lengths: x.lengths,
        weight_ih,
        weight_hh,
        bias_ih,
        bias_hh,
        initial: [initial, initial_memory],
        input: x.buffer,
        before: before.buffer,
        states: states.buffer,
        output: output.buffer,
        gates,
        kept,
        memory: memory.as_ref().map(|value| value.buffer),
        slopes,
        product_slopes,
        dh,
        carried,
        held,
        inputs_t,
        states_t,
        kept_t,
        single,
    };
    let scratch = [slopes, product_slopes, dh, carried, inputs_t, states_t, kept_t];
    let uses = Uses {
        saved_for_backward: vec![states.buffer, gates, kept],
        scratch: scratch.into_iter().chain(held).collect(),
        single_scratch: single_scratch.into_iter().collect(),
        packed: packed.into_iter().collect(),
        trains: true,
        ..Uses::default()
    };
    // The lengths are read after the input itself may be overwritten.
    let lengths = x.lengths.map(|lengths| Value::new(lengths, vec![1], false));
    let inputs: Vec<&Value> = [x, &before].into_iter().chain(&memory).chain(&lengths).collect();
    Ok(builder.node(operator, &inputs, output, uses))
}
