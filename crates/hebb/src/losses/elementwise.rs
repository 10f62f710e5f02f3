//! A user-defined function of an output and its target: ΣΣ f(a, t) / samples.

use super::decision::SIGN;
use super::targets::{Range, check_range};
use super::term::{ErrorTerm, Reading, Targets, Values};
use super::{Decision, TargetKind};
use crate::data::Kinds;
use crate::expression::{Expression, Program};
use crate::plan::{Block, Output, Plan};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::expression;

#[derive(Debug)]
pub(super) struct Elementwise {
    pub expression: Expression,
    pub targets: TargetKind,
    /// The value of f and its derivative; `None` before [`ErrorTerm::compile`].
    pub program: Option<Program>,
}

impl ErrorTerm for Elementwise {
    fn compile(&mut self, _plan: &Plan, output: &Output) -> Result<Reading> {
        let program = self.expression.value_and_derivative();
        self.program = Some(program.map_err(|why| Error::option(format!("loss: {why}")))?);
        Ok(Reading::of(output))
    }

    fn prepare(&self, block: &Block, at: &Reading) {
        let Some(program) = &self.program else { return };
        let size = at.outputs * block.lanes();
        let [raw, targets] = [at.at, at.buffers.targets].map(|at| block.value(at).cast_const());
        // The value goes to `saved`, the derivative to `probabilities`, which is unused here.
        let into = [at.buffers.saved, at.buffers.probabilities].map(|at| block.value(at));
        // SAFETY: the plan gave every buffer of the loss `outputs` rows; they are all in use at this moment, so they do not
        // overlap.
        unsafe { expression::run(block.level, program, [raw, targets].as_ptr(), into.as_ptr(), size) }
    }

    fn value(&self, values: &Values, lane: usize) -> f64 {
        values.of(lane).fold(0.0, |sum, at| sum + f64::from(values.saved[at]))
    }

    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]) {
        values.write(gradient, scale, |_, at| values.probabilities[at]);
    }

    fn is_formula(&self) -> bool {
        true
    }

    fn decision(&self, targets: Option<Kinds>) -> Option<Decision> {
        let signs = targets.is_none_or(|kinds| kinds.signs);
        (self.targets == TargetKind::Signs && signs).then_some(SIGN)
    }

    fn check_values(&self, kinds: Kinds, targets: Targets, output: &Output) -> Result<()> {
        match self.targets {
            TargetKind::Probabilities if !kinds.classes => {
                check_range(targets, output, Range::Probabilities { sum: true })
            }
            TargetKind::Signs if !kinds.signs => check_range(targets, output, Range::Signs),
            _ => Ok(()),
        }
    }

    fn check_targets(&self, _targets: Targets, _output: &Output, _all: Option<usize>) -> Result<()> {
        Ok(())
    }

    fn constant(&self, _moments: &[(f64, f64)], _samples: usize) -> Option<f64> {
        None
    }
}
