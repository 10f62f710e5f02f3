//! Networks and their training.

use crate::data::RawDataset;
use crate::{parse, throw};
use hebb::analysis::GradientCheck;
use hebb::data::Dataset;
use hebb::error::Error;
use hebb::losses::{Decision, Losses};
use hebb::metrics::Metrics;
use hebb::network::{Network, Steps};
use hebb::optimizers::Optimizer;
use hebb::options::{Activation, ActivationProperties};
use hebb::training::{Feed, Fit, FullBatchFit};
use wasm_bindgen::prelude::*;

/// An activation at some points: its values, its derivatives, then its properties, if known: [least value, greatest value,
/// bound of the derivative, then the points without one].
#[wasm_bindgen(js_name = activationFacts)]
pub fn activation_facts(activation: &str, places: &[f32]) -> Result<Vec<f64>, JsValue> {
    let activation = parse::<Activation>(activation)?;
    let values = if places.is_empty() { Default::default() } else { activation.at(places).map_err(throw)? };
    let mut all: Vec<f64> = values.concat().into_iter().map(f64::from).collect();
    if let Some(ActivationProperties { range, bound, kinks }) = activation.properties() {
        all.extend(range);
        all.push(bound);
        all.extend(kinks);
    }
    Ok(all)
}

/// Metrics by number.
fn kind(metrics: u32) -> Metrics {
    [Metrics::None, Metrics::Classification, Metrics::Regression, Metrics::Labels][metrics as usize % 4]
}

/// A network.
#[wasm_bindgen]
pub struct RawNetwork(pub(crate) Network);

#[wasm_bindgen]
impl RawNetwork {
    /// From a JSON spec.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: &str) -> Result<RawNetwork, JsValue> {
        Network::new(parse(spec)?).map(Self).map_err(throw)
    }

    /// Layers, tensors and shapes as JSON.
    pub fn describe(&self) -> String {
        let net = &self.0;
        serde_json::json!({
            "layers": net.layers(),
            "tensors": net.tensors(),
            "parameters": net.trained(),
            "across": net.has_batch_operators(),
            "inputs": net.inputs(),
            "input": net.input(),
            "outputs": net.outputs(),
            "output": net.output(),
        })
        .to_string()
    }

    /// All parameters, in the order of the tensors.
    pub fn parameters(&self) -> Vec<f32> {
        self.0.parameters().to_vec()
    }

    /// Replaces all parameters.
    #[wasm_bindgen(js_name = setParameters)]
    pub fn set_parameters(&mut self, values: &[f32]) -> Result<(), JsValue> {
        self.0.set_parameters(values).map_err(throw)
    }

    /// The outputs for samples given as floats.
    pub fn predict(&mut self, x: Vec<f32>) -> Result<Vec<f32>, JsValue> {
        let data = Dataset::from_floats(self.0.input(), x).map_err(throw)?;
        self.0.predict(&data, 0, data.len()).map_err(throw)
    }

    /// The outputs for samples given as bytes.
    #[wasm_bindgen(js_name = predictBytes)]
    pub fn predict_bytes(&mut self, x: Vec<u8>) -> Result<Vec<f32>, JsValue> {
        let data = Dataset::from_bytes(self.0.input(), x).map_err(throw)?;
        self.0.predict(&data, 0, data.len()).map_err(throw)
    }

    /// The outputs for samples of a data set.
    #[wasm_bindgen(js_name = predictData)]
    pub fn predict_data(&mut self, data: &RawDataset, from: u32, count: u32) -> Result<Vec<f32>, JsValue> {
        self.0.predict(data.get(), from as usize, count as usize).map_err(throw)
    }

    /// The outputs of every layer for a data set's samples, one layer after another.
    pub fn activations(&self, data: &RawDataset) -> Result<Vec<f32>, JsValue> {
        let data = data.get();
        self.0.activations(data, 0, data.len()).map(|layers| layers.concat()).map_err(throw)
    }

    /// Adds the evaluation of samples of a data set to the sums.
    pub fn evaluate(
        &mut self,
        data: &RawDataset,
        from: u32,
        count: u32,
        loss: &str,
        metrics: u32,
        mut sums: Vec<f64>,
    ) -> Result<Vec<f64>, JsValue> {
        let (data, loss) = (data.get(), parse::<Losses>(loss)?);
        self.0
            .evaluate(data, from as usize, count as usize, &loss, kind(metrics), &mut sums)
            .map_err(throw)?;
        Ok(sums)
    }

    /// The results of the sums: [loss, regularisation term, accuracy, exact match], then the metrics.
    pub fn evaluated(&self, loss: &str, metrics: u32, sums: &[f64]) -> Result<Vec<f64>, JsValue> {
        self.0.evaluated(&parse(loss)?, kind(metrics), sums).map_err(throw)
    }

    /// Classifies the samples of a data set: [the threshold of labels, or NaN if one class of several is chosen; whether the
    /// values are probabilities], then the values of each sample.
    pub fn classify(&mut self, data: &RawDataset, loss: &str) -> Result<Vec<f32>, JsValue> {
        let data = data.get();
        let (decision, probable, values) =
            self.0.classify(data, 0, data.len(), &parse(loss)?).map_err(throw)?;
        let threshold = if let Decision::Labels { threshold } = decision { threshold } else { f32::NAN };
        Ok([&[threshold, f32::from(u8::from(probable))], values.as_slice()].concat())
    }

    /// The loss of a data set as one batch; keeps its gradient.
    pub fn gradients(&mut self, data: &RawDataset, loss: &str) -> Result<f64, JsValue> {
        let data = data.get();
        self.0.keep_last_step();
        let rows = data.order(false, 0, 0);
        // Dropout's mask changes with each update.
        let step = self.0.steps();
        Ok(self.0.gradients(data, &rows, &parse(loss)?, step).map_err(throw)?.loss)
    }

    /// The gradient, in the order of the trained parameters.
    #[wasm_bindgen(js_name = gradientValues)]
    pub fn gradient_values(&self) -> Result<Vec<f32>, JsValue> {
        self.0.gradient().map(<[f32]>::to_vec).map_err(throw)
    }

    /// One step of an optimizer along a gradient.
    pub fn update(&mut self, gradients: &[f32], optimizer: &str) -> Result<(), JsValue> {
        let optimizer: Optimizer = parse(optimizer)?;
        self.0.set_gradient(gradients).map_err(throw)?;
        self.0.update(&optimizer, None).map_err(throw)
    }

    /// All quantities of a step: [loss; net, a and δ of each layer; then ∂E/∂w, Δw and the previous Δw].
    pub fn trace(&self, data: &RawDataset, loss: &str, optimizer: &str) -> Result<Vec<f64>, JsValue> {
        let trace = self.0.trace(data.get(), &parse(loss)?, &parse(optimizer)?).map_err(throw)?;
        let parameters = [trace.gradient, trace.step, trace.previous];
        let mut all = vec![trace.loss];
        for part in trace.layers.iter().flatten().chain(&parameters) {
            all.extend(part.iter().map(|&value| f64::from(value)));
        }
        Ok(all)
    }

    /// The gradient against differences: [checked, error, index, gradient, difference] for each trained tensor.
    #[wasm_bindgen(js_name = checkGradients)]
    pub fn check_gradients(&self, data: &RawDataset, loss: &str) -> Result<Vec<f64>, JsValue> {
        let checks = self.0.check_gradients(data.get(), &parse(loss)?).map_err(throw)?;
        let one = |c: &GradientCheck| [c.checked as f64, c.error, c.index as f64, c.gradient, c.difference];
        Ok(checks.iter().flat_map(one).collect())
    }

    /// W, then b, of the single dense layer equivalent to its layers.
    pub fn collapse(&self) -> Result<Vec<f32>, JsValue> {
        let (mut weight, bias) = self.0.collapse().map_err(throw)?;
        weight.extend(bias);
        Ok(weight)
    }

    /// The updates in its optimizer state.
    pub fn steps(&self) -> f64 {
        self.0.steps() as f64
    }

    /// Bytes of memory that it holds.
    pub fn bytes(&self) -> f64 {
        self.0.bytes() as f64
    }
}

/// A training in progress.
#[wasm_bindgen]
pub struct RawFit(FitKind);

enum FitKind {
    Minibatch(Box<Fit>),
    FullBatch(Box<FullBatchFit>),
}

#[wasm_bindgen]
impl RawFit {
    /// On a data set, from JSON options; with `full_batch` by a method that takes all samples at once.
    #[wasm_bindgen(constructor)]
    pub fn new(
        network: &mut RawNetwork,
        data: &RawDataset,
        options: &str,
        full_batch: bool,
    ) -> Result<RawFit, JsValue> {
        let (network, data) = (&mut network.0, data.get().clone());
        let kind = if full_batch {
            FullBatchFit::new(network, data, parse(options)?).map(|fit| FitKind::FullBatch(Box::new(fit)))
        } else {
            Fit::new(network, Feed::Data(data), parse(options)?).map(|fit| FitKind::Minibatch(Box::new(fit)))
        };
        kind.map(Self).map_err(throw)
    }

    /// On minibatches that are handed to it, `steps` per epoch, if known.
    pub fn stream(network: &mut RawNetwork, steps: Option<u32>, options: &str) -> Result<RawFit, JsValue> {
        let feed = Feed::Stream { steps: steps.map(u64::from) };
        Fit::new(&mut network.0, feed, parse(options)?)
            .map(|fit| Self(FitKind::Minibatch(Box::new(fit))))
            .map_err(throw)
    }

    fn steps(&mut self) -> Result<&mut Fit, JsValue> {
        match &mut self.0 {
            FitKind::Minibatch(fit) => Ok(fit),
            FitKind::FullBatch(_) => Err(throw(Error::option("this training is one of all samples at once"))),
        }
    }

    /// One minibatch of the data set, or one evaluation of all of it; returns whether it was the epoch's last.
    pub fn step(&mut self, network: &mut RawNetwork) -> Result<bool, JsValue> {
        let last = match &mut self.0 {
            FitKind::Minibatch(fit) => fit.step(&mut network.0),
            FitKind::FullBatch(fit) => fit.step(&mut network.0),
        };
        last.map_err(throw)
    }

    /// The rule of the method that ended the training, and a sentence that explains it.
    pub fn end(&self) -> Option<Vec<String>> {
        match &self.0 {
            FitKind::Minibatch(_) => None,
            FitKind::FullBatch(fit) => fit.end().map(|(rule, why)| vec![(*rule).to_owned(), why.clone()]),
        }
    }

    /// One minibatch of a stream.
    #[wasm_bindgen(js_name = stepOn)]
    pub fn step_on(&mut self, network: &mut RawNetwork, batch: &RawDataset) -> Result<(), JsValue> {
        self.steps()?.step_on(&mut network.0, batch.get()).map_err(throw)
    }

    /// Ends the epoch of a stream.
    #[wasm_bindgen(js_name = endEpoch)]
    pub fn end_epoch(&mut self, network: &mut RawNetwork) -> Result<(), JsValue> {
        self.steps()?.end_epoch(&mut network.0).map_err(throw)
    }

    /// The optimizer's steps before this training: [updates, epochs], zeros if it started anew.
    pub fn start(&self) -> Vec<f64> {
        let steps = match &self.0 {
            FitKind::Minibatch(fit) => fit.start(),
            FitKind::FullBatch(_) => Steps::default(),
        };
        vec![steps.updates as f64, steps.epochs as f64]
    }

    /// The loss at the start, and that of the best constant answer to the targets, each NaN if unknown.
    pub fn measures(&self, network: &RawNetwork) -> Vec<f64> {
        match &self.0 {
            FitKind::Minibatch(fit) => fit.measures(&network.0),
            FitKind::FullBatch(fit) => fit.measures(&network.0),
        }
        .to_vec()
    }

    /// Passes an epoch's loss to a plateau schedule.
    pub fn tell(&mut self, loss: f64) {
        if let FitKind::Minibatch(fit) = &mut self.0 {
            fit.tell(loss);
        }
    }

    /// [epoch, batch, batches, loss, accuracy, samples, learning rate, loss of the last batch, norm of the
    /// gradients, its change, its largest component, gradients, losses, regularisation term, exact match].
    pub fn progress(&self) -> Vec<f64> {
        let p = match &self.0 {
            FitKind::Minibatch(fit) => fit.progress(),
            FitKind::FullBatch(fit) => fit.progress(),
        };
        let (epoch, batch, batches) = (p.epoch as f64, p.batch as f64, p.batches as f64);
        let (samples, rate) = (p.samples as f64, f64::from(p.learning_rate));
        let (gradients, losses) = (p.gradients as f64, p.losses as f64);
        let first = [epoch, batch, batches, p.loss, p.accuracy, samples, rate, p.last, p.gradient_norm];
        let more =
            [p.gradient_change, p.gradient_largest, gradients, losses, p.regularization, p.exact_match];
        [&first[..], &more].concat()
    }
}
