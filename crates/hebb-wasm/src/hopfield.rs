//! Associative memories.

use crate::{Doubles, parse, throw, to_js};
use hebb::classic::hopfield::{
    Dense, Kind, Learning, Memory, Network, Outcome, Reason, Recall, StoreOptions, Update,
};
use hebb::error::Error;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A network that learns.
#[wasm_bindgen]
pub struct RawLearning(Option<Learning>);

#[wasm_bindgen]
impl RawLearning {
    /// From JSON options, and patterns one after another.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, patterns: Vec<f64>) -> Result<RawLearning, JsValue> {
        Learning::new(parse(options)?, patterns).map(|learning| Self(Some(learning))).map_err(throw)
    }

    /// Learns for some milliseconds; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.as_mut().map_or(Ok(true), Learning::advance).map_err(throw)
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        self.0.as_ref().map_or(1.0, Learning::progress)
    }

    /// The memory, once.
    pub fn finish(&mut self) -> Result<RawMemory, JsValue> {
        let learning = self.0.take().ok_or_else(|| throw(Error::data("it has finished")))?;
        let (network, warning) = learning.finish().map_err(throw)?;
        Ok(RawMemory { memory: Memory::Network(network), warning })
    }
}

/// A memory.
#[wasm_bindgen]
pub struct RawMemory {
    memory: Memory,
    warning: Option<String>,
}

#[wasm_bindgen]
impl RawMemory {
    /// A network of given weights; patterns and thresholds may be none.
    pub fn network(
        options: &str,
        weights: Vec<f64>,
        patterns: Vec<f64>,
        thresholds: Vec<f64>,
    ) -> Result<RawMemory, JsValue> {
        let network = Network::given(parse(options)?, weights, patterns, thresholds).map_err(throw)?;
        Ok(Self { memory: Memory::Network(network), warning: None })
    }

    /// A dense memory.
    pub fn dense(options: &str, patterns: Vec<f64>) -> Result<RawMemory, JsValue> {
        let dense = Dense::new(parse::<StoreOptions>(options)?, patterns).map_err(throw)?;
        let warning = dense.warning();
        Ok(Self { memory: Memory::Dense(dense), warning })
    }

    /// What is to be said about it.
    pub fn warning(&self) -> Option<String> {
        self.warning.clone()
    }

    /// The bytes that it holds.
    pub fn bytes(&self) -> f64 {
        self.memory.bytes() as f64
    }

    /// The weights; empty for a dense memory.
    pub fn weights(&self) -> Vec<f64> {
        match &self.memory {
            Memory::Network(network) => network.weights().to_vec(),
            Memory::Dense(_) => Vec::new(),
        }
    }

    /// The thresholds; empty for a dense memory.
    pub fn thresholds(&self) -> Vec<f64> {
        match &self.memory {
            Memory::Network(network) => network.thresholds(),
            Memory::Dense(_) => Vec::new(),
        }
    }

    /// The least sh of a pattern.
    pub fn stability(&self, pattern: u32) -> Result<f64, JsValue> {
        match &self.memory {
            Memory::Network(network) => network.stability(pattern as usize).map_err(throw),
            Memory::Dense(_) => Err(throw(Error::option("a dense memory has no weights"))),
        }
    }
}

/// A recall.
#[wasm_bindgen]
pub struct RawRecall(Recall);

#[wasm_bindgen]
impl RawRecall {
    /// From JSON options and cues.
    #[wasm_bindgen(constructor)]
    pub fn new(memory: &RawMemory, options: &str, cues: Vec<f64>) -> Result<RawRecall, JsValue> {
        Recall::new(&memory.memory, parse(options)?, cues).map(Self).map_err(throw)
    }

    /// Goes on for a short time; true at the end.
    pub fn advance(&mut self, memory: &RawMemory) -> Result<bool, JsValue> {
        self.0.advance(&memory.memory).map_err(throw)
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        self.0.progress()
    }

    /// What came of each cue.
    pub fn report(&self) -> JsValue {
        to_js(&self.0.outcomes().iter().map(OutcomeReport::from).collect::<Vec<_>>())
    }
}

/// What came of a cue.
#[derive(Serialize)]
struct OutcomeReport {
    state: Doubles,
    other: Option<Doubles>,
    energy: f64,
    steps: u64,
    changes: u64,
    reason: &'static str,
    kind: Option<&'static str>,
    patterns: Vec<u32>,
    signs: Vec<f64>,
    overlap: Option<f64>,
    updates: Updates,
}

/// The recorded updates, column by column.
#[derive(Serialize)]
struct Updates {
    step: Doubles,
    unit: Doubles,
    net: Doubles,
    output: Doubles,
    energy: Doubles,
}

impl From<&Outcome> for OutcomeReport {
    fn from(outcome: &Outcome) -> Self {
        let column =
            |of: fn(&Update) -> f64| Doubles::from(&*outcome.updates.iter().map(of).collect::<Vec<f64>>());
        let likeness = outcome.likeness.as_ref();
        Self {
            state: outcome.state.as_slice().into(),
            other: outcome.other.as_deref().map(Doubles::from),
            energy: outcome.energy,
            steps: outcome.steps,
            changes: outcome.changes,
            reason: match outcome.reason {
                Reason::FixedPoint => "fixedPoint",
                Reason::Cycle => "cycle",
                Reason::Steps => "steps",
            },
            kind: likeness.map(|one| match one.kind {
                Kind::Stored => "stored",
                Kind::Reversed => "reversed",
                Kind::Mixture => "mixture",
                Kind::Unknown => "unknown",
            }),
            patterns: likeness.map_or(Vec::new(), |one| one.patterns.clone()),
            signs: likeness.map_or(Vec::new(), |one| one.signs.clone()),
            overlap: likeness.map(|one| one.overlap),
            updates: Updates {
                step: column(|update| update.step as f64),
                unit: column(|update| f64::from(update.unit)),
                net: column(|update| update.net),
                output: column(|update| update.output),
                energy: column(|update| update.energy),
            },
        }
    }
}
