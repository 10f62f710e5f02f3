//! Minibatch optimizers as full-batch methods: each step along one gradient, by their rule.

use super::method::{Method, Move, Point};
use crate::archive::Archive;
use crate::optimizers::{Optimizer, Plateau, Progress, state_of};
use hebb_kernels::error::{Result, zeros};

/// A method by an optimizer's rule. Points and gradients have 64 bits; the step between two points has 32, as everywhere in the
/// rules.
pub struct ByRule {
    optimizer: Optimizer,
    plateau: Option<Plateau>,
    steps: u64,
    step: u64,
    state: Vec<f32>,
    last: Option<f64>,
}

impl ByRule {
    /// For this many steps and variables.
    pub fn new(optimizer: Optimizer, steps: u64, variables: usize) -> Result<Self> {
        optimizer.check()?;
        let state = zeros(optimizer.rule.state() * variables, "the optimizer's memory of the steps before")?;
        let plateau = Plateau::of(&optimizer.learning_rate);
        Ok(Self { optimizer, plateau, steps, step: 0, state, last: None })
    }
}

impl Method for ByRule {
    fn next(&mut self, here: &Point, before: Option<&Point>) -> Move {
        if let (Some(plateau), Some(_)) = (&mut self.plateau, before) {
            plateau.tell(here.value);
        }
        let plateaus = self.plateau.as_ref().map_or(0, |plateau| plateau.lowered);
        let now = Progress { step: self.step, steps: self.steps, epoch: self.step, plateaus };
        let rate = self.optimizer.rate(now);
        self.step += 1;
        self.last = Some(f64::from(rate));
        let weights: Vec<f32> = here.x.iter().map(|&x| x as f32).collect();
        let mut step: Vec<f32> = here.gradient.iter().map(|&g| g as f32).collect();
        if let Some(clip) = &self.optimizer.clip {
            clip.apply(super::dot(&here.gradient, &here.gradient).sqrt(), &mut step);
        }
        let state = state_of(&mut self.state, step.len(), 0..step.len());
        self.optimizer.rule.pass(rate, self.step)(&weights, &mut step, state);
        Move::Go(here.x.iter().zip(step).map(|(x, step)| x + f64::from(step)).collect())
    }

    fn exchange(&mut self, archive: &mut Archive, _: usize) {
        let length = self.state.len();
        archive.floats(&mut self.state, length);
        archive.count(&mut self.step);
        archive.option(&mut self.last);
        if let Some(plateau) = &mut self.plateau {
            plateau.exchange(archive);
        }
    }

    fn rate(&self) -> Option<f64> {
        self.last
    }

    fn adjusts(&self) -> bool {
        false
    }
}
