//! Recall: from a cue to a state that no update changes.

use super::Memory;
use super::network::Network;
use super::options::{Order, RecallOptions};
use super::patterns::Likeness;
use hebb_kernels::error::{Result, zeros};
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector::add_scaled;

/// How a recall ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A pass changed nothing.
    FixedPoint,
    /// Synchronous updates alternate between two states.
    Cycle,
    /// The maximum of passes was reached.
    Steps,
}

/// An update of a unit.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// The pass, from 1.
    pub step: u64,
    /// From 0.
    pub unit: u32,
    /// Its field Σwy − θ; in a dense memory half the gap of the energy between its two states.
    pub net: f64,
    /// Its output after it.
    pub output: f64,
    /// The energy after it; in synchronous order after the whole pass.
    pub energy: f64,
}

/// What came of a cue.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The state at the end.
    pub state: Vec<f64>,
    /// The other state of a cycle.
    pub other: Option<Vec<f64>>,
    /// The energy at the end.
    pub energy: f64,
    /// Passes.
    pub steps: u64,
    /// Changes of a unit.
    pub changes: u64,
    /// How it ended.
    pub reason: Reason,
    /// Which pattern it is; `None` if nothing is stored.
    pub likeness: Option<Likeness>,
    /// The recorded updates.
    pub updates: Vec<Update>,
}

/// Updates recorded at most.
const RECORDED: usize = 1 << 20;
/// Units updated between two looks at the clock.
const UNITS: usize = 64;

/// Recalls, one cue after another.
pub struct Recall {
    options: RecallOptions,
    cues: Vec<f64>,
    units: usize,
    current: Option<Current>,
    outcomes: Vec<Outcome>,
}

impl Recall {
    /// Of cues `[count, units]`; NaN is an unknown value, for bipolar units 0 too.
    pub fn new(memory: &Memory, options: RecallOptions, cues: Vec<f64>) -> Result<Self> {
        let cues = memory.patterns().cues(cues)?;
        Ok(Self { options, cues, units: memory.patterns().units(), current: None, outcomes: Vec::new() })
    }

    /// Goes on a little; returns whether that was all.
    pub fn advance(&mut self, memory: &Memory) -> Result<bool> {
        let units = self.units;
        let Some(current) = &mut self.current else {
            let cue = self.cues.chunks_exact(units).nth(self.outcomes.len());
            let Some(cue) = cue else { return Ok(true) };
            self.current = Some(Current::new(memory, &self.options, cue.to_vec())?);
            return Ok(false);
        };
        if let Some(reason) = current.advance(memory, &self.options)? {
            let outcome = self.current.take().expect("a recall").end(memory, reason)?;
            self.outcomes.push(outcome);
        }
        Ok(self.outcomes.len() * units == self.cues.len())
    }

    /// The part of the cues that is done.
    pub fn progress(&self) -> f64 {
        (self.outcomes.len() * self.units) as f64 / self.cues.len() as f64
    }

    /// What came of each cue.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }
}

/// The recall of one cue.
struct Current {
    state: Vec<f64>,
    /// The fields of a network; the overlaps Σxs of a dense memory with its patterns.
    sums: Vec<f64>,
    /// The state two synchronous passes ago.
    earlier: Vec<f64>,
    random: Random,
    order: Vec<u32>,
    /// The next unit of the order.
    at: usize,
    /// Whether the sums have been computed anew since the last change.
    fresh: bool,
    changed: bool,
    energy: f64,
    step: u64,
    changes: u64,
    updates: Vec<Update>,
}

impl Current {
    fn new(memory: &Memory, options: &RecallOptions, state: Vec<f64>) -> Result<Self> {
        let count = match memory {
            Memory::Network(_) => state.len(),
            Memory::Dense(dense) => dense.patterns().count(),
        };
        let mut current = Self {
            sums: zeros(count, "the fields")?,
            earlier: Vec::new(),
            random: Random::new(options.seed, Stream::Shuffle(0)),
            order: (0..state.len() as u32).collect(),
            at: 0,
            fresh: true,
            changed: false,
            energy: 0.0,
            step: 1,
            changes: 0,
            updates: Vec::new(),
            state,
        };
        current.refresh(memory);
        current.random.shuffle(&mut current.order);
        // Unknown units first: the known ones decide them.
        let Self { order, state, .. } = &mut current;
        let unknown = |unit: &u32| state[*unit as usize] == 0.0;
        let (mut first, rest): (Vec<u32>, Vec<u32>) = order.iter().partition(|unit| unknown(unit));
        first.extend(rest);
        *order = first;
        Ok(current)
    }

    /// Computes sums and energy anew.
    #[inline(never)]
    fn refresh(&mut self, memory: &Memory) {
        self.fresh = true;
        self.energy = match memory {
            Memory::Network(network) => {
                network.fields(&self.state, &mut self.sums);
                network.energy(&self.state, &self.sums)
            }
            Memory::Dense(dense) => {
                dense.overlaps(&self.state, &mut self.sums);
                dense.energy(&self.state, &self.sums)
            }
        };
    }

    fn advance(&mut self, memory: &Memory, options: &RecallOptions) -> Result<Option<Reason>> {
        match memory {
            Memory::Dense(dense) if dense.beta().is_some() => {
                let done = dense.settle(&mut self.state, &mut self.sums)?;
                self.energy = dense.energy(&self.state, &self.sums);
                self.record(options, 0, 0.0, 0.0);
                Ok(self.next_step(options, !done))
            }
            Memory::Network(network) if options.order == Order::Synchronous => {
                self.all_at_once(network, memory, options)
            }
            _ => self.one_by_one(memory, options),
        }
    }

    fn one_by_one(&mut self, memory: &Memory, options: &RecallOptions) -> Result<Option<Reason>> {
        let end = self.order.len().min(self.at + UNITS);
        for at in self.at..end {
            let unit = self.order[at] as usize;
            let now = self.state[unit];
            let (net, next) = match memory {
                Memory::Network(network) => {
                    let field = self.sums[unit];
                    (network.net(field), network.next(unit, field, now))
                }
                Memory::Dense(dense) => dense.update(unit, now, &self.sums),
            };
            // An unknown unit without a field is decided by chance.
            let next = if next == 0.0 { self.coin() } else { next };
            if next != now {
                self.set(unit, next, memory);
            }
            self.record(options, unit, net, written(memory, next));
        }
        self.at = end;
        if end < self.order.len() {
            return Ok(None);
        }
        // Before it ends the fields are computed anew, without the rounding of many small changes.
        if let (false, false, Memory::Network(network)) = (self.changed, self.fresh, memory) {
            self.refresh(memory);
            let mut units = self.state.iter().zip(&self.sums).enumerate();
            self.changed = units.any(|(unit, (&now, &field))| network.next(unit, field, now) != now);
        }
        let changed = self.changed;
        Ok(self.next_step(options, changed))
    }

    fn set(&mut self, unit: usize, next: f64, memory: &Memory) {
        let change = next - self.state[unit];
        self.state[unit] = next;
        match memory {
            Memory::Network(network) => {
                self.energy -= network.scaled(change * self.sums[unit]);
                add_scaled(&mut self.sums, change, network.row(unit));
            }
            Memory::Dense(dense) => {
                add_scaled(&mut self.sums, change, dense.column(unit));
                self.energy = dense.energy(&self.state, &self.sums);
            }
        }
        self.changes += 1;
        (self.changed, self.fresh) = (true, false);
    }

    fn all_at_once(
        &mut self,
        network: &Network,
        memory: &Memory,
        options: &RecallOptions,
    ) -> Result<Option<Reason>> {
        let mut next = Vec::with_capacity(self.state.len());
        for unit in 0..self.state.len() {
            let one = network.next(unit, self.sums[unit], self.state[unit]);
            next.push(if one == 0.0 { self.coin() } else { one });
        }
        let different = next.iter().zip(&self.state).filter(|(a, b)| a != b).count();
        let cycle = different > 0 && next == self.earlier;
        self.changes += different as u64;
        self.earlier = std::mem::replace(&mut self.state, next);
        let nets = if options.trace { self.sums.clone() } else { Vec::new() };
        if different > 0 {
            self.refresh(memory);
        }
        for (unit, field) in nets.into_iter().enumerate() {
            self.record(options, unit, network.net(field), written(memory, self.state[unit]));
        }
        if cycle {
            return Ok(Some(Reason::Cycle));
        }
        Ok(self.next_step(options, different > 0))
    }

    /// Begins the next pass, unless the last changed nothing or was the last allowed.
    #[inline(never)]
    fn next_step(&mut self, options: &RecallOptions, changed: bool) -> Option<Reason> {
        if !changed {
            return Some(Reason::FixedPoint);
        }
        if self.step == options.steps {
            return Some(Reason::Steps);
        }
        self.step += 1;
        (self.at, self.changed) = (0, false);
        self.random.shuffle(&mut self.order);
        None
    }

    fn coin(&mut self) -> f64 {
        if self.random.bits() & 1 == 1 { 1.0 } else { -1.0 }
    }

    #[inline(never)]
    fn record(&mut self, options: &RecallOptions, unit: usize, net: f64, output: f64) {
        if options.trace && self.updates.len() < RECORDED {
            let (step, energy) = (self.step, self.energy);
            self.updates.push(Update { step, unit: unit as u32, net, output, energy });
        }
    }

    fn end(mut self, memory: &Memory, reason: Reason) -> Result<Outcome> {
        if !self.fresh {
            self.refresh(memory);
        }
        let patterns = memory.patterns();
        let likeness = match memory {
            Memory::Dense(dense) if dense.beta().is_some() => Some(dense.blend(&self.sums)),
            _ => patterns.likeness(&self.state)?,
        };
        Ok(Outcome {
            state: patterns.written(&self.state),
            other: (reason == Reason::Cycle).then(|| patterns.written(&self.earlier)),
            energy: self.energy,
            steps: self.step,
            changes: self.changes,
            reason,
            likeness,
            updates: self.updates,
        })
    }
}

/// An output as it is written.
fn written(memory: &Memory, state: f64) -> f64 {
    memory.patterns().value(state)
}
