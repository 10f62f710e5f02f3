//! The state of an optimizer with names: what a checkpoint needs besides the parameters, to continue with the same bits.

use super::update::{Steps, Update};
use crate::optimizers::Rule;
use crate::plan::Tensor;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::parallel::SLICE_PARAMETERS;

/// The state of an optimizer. It belongs to one rule with all its options; learning rate and clipping are not part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimizerState {
    /// The rule.
    pub rule: Rule,
    /// Its counters.
    pub steps: Steps,
    /// The ranges `[from, to]` of the parameters that every step has trained.
    pub trained: Vec<[usize; 2]>,
    /// Its tensors: for each trained tensor of the network one per name of the rule's state.
    pub tensors: Vec<StateTensor>,
}

/// A tensor of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct StateTensor {
    /// `<layer>.<part>/<name>`: `dense1.weight/velocity`, `conv1.bias/m`, ….
    pub name: String,
    /// The shape of the parameter tensor.
    pub shape: Vec<usize>,
    /// Its values.
    pub values: Vec<f32>,
}

/// The place of number `part` of `width` floats of a parameter's state, of `count` parameters: see [`Update::step`].
fn place(parameter: usize, part: usize, width: usize, count: usize) -> usize {
    let from = parameter / SLICE_PARAMETERS * SLICE_PARAMETERS;
    let length = SLICE_PARAMETERS.min(count - from);
    from * width + part * length + parameter - from
}

impl Update {
    /// The state of the current rule; `None` if there is none. `tensors` are those of the network, `count` the floats of those
    /// that are trained.
    #[inline(never)] // Several call it, and it is long.
    pub fn save(&self, tensors: &[Tensor], count: usize) -> Result<Option<OptimizerState>> {
        let Some(rule) = self.rule() else { return Ok(None) };
        let (names, mut all) = (rule.state_names(), Vec::new());
        for tensor in tensors.iter().filter(|tensor| tensor.trained) {
            for (part, name) in names.iter().enumerate() {
                let mut values: Vec<f32> = zeros(tensor.size, "the optimizer's state")?;
                for (at, value) in values.iter_mut().enumerate() {
                    *value = self.state[place(tensor.offset + at, part, names.len(), count)];
                }
                let name = format!("{}/{name}", tensor.name);
                all.push(StateTensor { name, shape: tensor.shape.clone(), values });
            }
        }
        let trained = self.trained.iter().map(|range| [range.start, range.end]).collect();
        Ok(Some(OptimizerState { rule: rule.clone(), steps: self.remembered(rule), trained, tensors: all }))
    }

    /// Replaces the state by one that [`Update::save`] gave, for a network with the same tensors. An error changes nothing.
    pub fn restore(&mut self, saved: &OptimizerState, tensors: &[Tensor], count: usize) -> Result<()> {
        let names = saved.rule.state_names();
        let mut state: Vec<f32> = zeros(names.len() * count, "the optimizer's state")?;
        let mut given = saved.tensors.iter();
        for tensor in tensors.iter().filter(|tensor| tensor.trained) {
            for (part, name) in names.iter().enumerate() {
                let (name, shape) = (format!("{}/{name}", tensor.name), &tensor.shape);
                let one = given
                    .next()
                    .filter(|one| one.name == name && one.shape == *shape && one.values.len() == tensor.size);
                let one = one.ok_or_else(|| {
                    Error::shape(format!(
                        "the optimizer's state does not fit the network: it needs \"{name}\" {shape:?}"
                    ))
                })?;
                if let Some(bad) = one.values.iter().find(|value| !value.is_finite()) {
                    return Err(Error::data(format!("the optimizer's state \"{name}\" contains {bad}")));
                }
                for (at, value) in one.values.iter().enumerate() {
                    state[place(tensor.offset + at, part, names.len(), count)] = *value;
                }
            }
        }
        if let Some(more) = given.next() {
            return Err(Error::shape(format!(
                "the optimizer's state does not fit the network: \"{}\" is unknown",
                more.name
            )));
        }
        let trained = saved.trained.iter().map(|&[from, to]| from..to).collect();
        self.replace(saved.rule.clone(), saved.steps, state, trained);
        Ok(())
    }
}
