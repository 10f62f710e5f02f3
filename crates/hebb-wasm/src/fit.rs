//! Trainings.

use crate::data::RawDataset;
use crate::network::RawNetwork;
use crate::{parse, throw, to_js};
use hebb::error::Error;
use hebb::network::{Network, Steps};
use hebb::training::{BestWeights, Feed, Fit, FullBatchFit};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A training in progress.
#[wasm_bindgen]
pub struct RawFit {
    kind: FitKind,
    best: BestWeights,
}

enum FitKind {
    Minibatch(Box<Fit>),
    FullBatch(Box<FullBatchFit>),
}

/// The rule of the method that ended the training, and a sentence that explains it.
#[derive(Serialize)]
struct End<'a> {
    rule: &'a str,
    explanation: &'a str,
}

#[wasm_bindgen]
impl RawFit {
    /// On a data set, from JSON options; with `full_batch` by a method that takes all samples at once. `keep_best` keeps the
    /// weights of the epoch with the lowest loss.
    #[wasm_bindgen(constructor)]
    pub fn new(
        network: &mut RawNetwork,
        data: &RawDataset,
        options: &str,
        full_batch: bool,
        keep_best: bool,
    ) -> Result<RawFit, JsValue> {
        let (network, data) = (&mut network.0, data.get().clone());
        let kind = if full_batch {
            FullBatchFit::new(network, data, parse(options)?).map(|fit| FitKind::FullBatch(Box::new(fit)))
        } else {
            Fit::new(network, Feed::Data(data), parse(options)?).map(|fit| FitKind::Minibatch(Box::new(fit)))
        };
        Ok(Self { kind: kind.map_err(throw)?, best: BestWeights::new(keep_best) })
    }

    /// On minibatches that are handed to it, `steps` per epoch, if known.
    pub fn stream(
        network: &mut RawNetwork,
        steps: Option<u32>,
        options: &str,
        keep_best: bool,
    ) -> Result<RawFit, JsValue> {
        let feed = Feed::Stream { steps: steps.map(u64::from) };
        let fit = Fit::new(&mut network.0, feed, parse(options)?).map_err(throw)?;
        Ok(Self { kind: FitKind::Minibatch(Box::new(fit)), best: BestWeights::new(keep_best) })
    }

    fn minibatch(&mut self) -> Result<&mut Fit, JsValue> {
        match &mut self.kind {
            FitKind::Minibatch(fit) => Ok(fit),
            FitKind::FullBatch(_) => Err(throw(Error::option("this training is one of all samples at once"))),
        }
    }

    /// One minibatch of the data set, or one evaluation of all of it; returns whether it was the epoch's last.
    pub fn step(&mut self, network: &mut RawNetwork) -> Result<bool, JsValue> {
        self.best.outdate();
        let last = match &mut self.kind {
            FitKind::Minibatch(fit) => fit.step(&mut network.0),
            FitKind::FullBatch(fit) => fit.step(&mut network.0),
        };
        last.map_err(throw)
    }

    /// Computes the gradients of some of `count` micro-shards of the next minibatch. If it waits for what other processes measured,
    /// returns the address of that and the number of values of each micro-shard; `go_on` is next. Else the addresses of the sums
    /// of the gradients, and of the gradient, where the sum of all belongs; then their outcomes, four numbers each.
    #[wasm_bindgen(js_name = computeShards)]
    pub fn compute_shards(
        &mut self,
        network: &mut RawNetwork,
        count: usize,
        from: usize,
        to: usize,
    ) -> Result<Vec<f64>, JsValue> {
        let (fit, network) = (self.minibatch()?, &mut network.0);
        let outcomes = fit.compute_shards(network, count, from..to).map_err(throw)?;
        shards_answer(fit, network, count, outcomes)
    }

    /// Goes on with `compute_shards`, and returns the same.
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self, network: &mut RawNetwork, count: usize) -> Result<Vec<f64>, JsValue> {
        let (fit, network) = (self.minibatch()?, &mut network.0);
        let outcomes = fit.go_on(network).map_err(throw)?;
        shards_answer(fit, network, count, outcomes)
    }

    /// Completes the gradient; `step` then updates the weights by it.
    pub fn complete(&mut self, network: &mut RawNetwork, outcomes: &[f64]) -> Result<(), JsValue> {
        self.minibatch()?.complete(&mut network.0, outcomes).map_err(throw)
    }

    /// How the method ended the training, if it did.
    pub fn end(&self) -> JsValue {
        match &self.kind {
            FitKind::Minibatch(_) => JsValue::UNDEFINED,
            FitKind::FullBatch(fit) => to_js(&fit.end().map(|(rule, explanation)| End { rule, explanation })),
        }
    }

    /// One minibatch of a stream.
    #[wasm_bindgen(js_name = stepOn)]
    pub fn step_on(&mut self, network: &mut RawNetwork, batch: &RawDataset) -> Result<(), JsValue> {
        self.best.outdate();
        self.minibatch()?.step_on(&mut network.0, batch.get()).map_err(throw)
    }

    /// Ends the epoch of a stream.
    #[wasm_bindgen(js_name = endEpoch)]
    pub fn end_epoch(&mut self, network: &mut RawNetwork) -> Result<(), JsValue> {
        self.minibatch()?.end_epoch(&mut network.0).map_err(throw)
    }

    /// The optimizer's steps before this training; zeros if it started anew.
    pub fn start(&self) -> JsValue {
        to_js(&match &self.kind {
            FitKind::Minibatch(fit) => fit.start(),
            FitKind::FullBatch(_) => Steps::default(),
        })
    }

    /// The loss at the start, and that of the best constant answer.
    pub fn measures(&self, network: &RawNetwork) -> JsValue {
        to_js(&match &self.kind {
            FitKind::Minibatch(fit) => fit.measures(&network.0),
            FitKind::FullBatch(fit) => fit.measures(&network.0),
        })
    }

    /// Notes the loss of a completed epoch, of the selection samples if there are any: a plateau schedule goes by it. Returns
    /// whether it is the lowest so far.
    #[wasm_bindgen(js_name = noteLoss)]
    pub fn note_loss(&mut self, network: &RawNetwork, loss: f64) -> bool {
        if let FitKind::Minibatch(fit) = &mut self.kind {
            fit.tell(loss);
        }
        self.best.note(&network.0, loss)
    }

    /// Restores the best weights, if they were kept and the network has others.
    #[wasm_bindgen(js_name = restoreBest)]
    pub fn restore_best(&self, network: &mut RawNetwork) -> Result<(), JsValue> {
        self.best.restore(&mut network.0).map_err(throw)
    }

    /// The state of the training between two minibatches, or two epochs of all samples at once.
    pub fn save(&mut self, network: &mut RawNetwork) -> Result<Vec<f32>, JsValue> {
        let state = match &mut self.kind {
            FitKind::Minibatch(fit) => fit.save(&mut self.best, &mut network.0),
            FitKind::FullBatch(fit) => fit.save(&mut self.best, &network.0),
        };
        state.map_err(throw)
    }

    /// Goes on from such a state.
    pub fn restore(&mut self, network: &mut RawNetwork, state: Vec<f32>) -> Result<(), JsValue> {
        let restored = match &mut self.kind {
            FitKind::Minibatch(fit) => fit.restore(state, &mut self.best, &mut network.0),
            FitKind::FullBatch(fit) => fit.restore(state, &mut self.best, &network.0),
        };
        restored.map_err(throw)
    }

    /// The progress.
    pub fn progress(&self) -> JsValue {
        to_js(&match &self.kind {
            FitKind::Minibatch(fit) => fit.progress(),
            FitKind::FullBatch(fit) => fit.progress(),
        })
    }
}

fn shards_answer(
    fit: &Fit,
    network: &mut Network,
    count: usize,
    outcomes: Option<Vec<f64>>,
) -> Result<Vec<f64>, JsValue> {
    let Some(outcomes) = outcomes else {
        let measured = network.measured();
        return Ok(vec![measured.as_ptr() as usize as f64, (measured.len() / count) as f64]);
    };
    let gradient = network.gradient_mut().map_err(throw)?.as_ptr();
    let mut answer = [fit.shard_sums().as_ptr(), gradient].map(|at| at as usize as f64).to_vec();
    answer.extend_from_slice(&outcomes);
    Ok(answer)
}
