//! Networks.

use crate::data::RawDataset;
use crate::{Floats, parse, throw, to_js};
use hebb::data::Dataset;
use hebb::losses::Decision;
use hebb::network::{Evaluator, LayerInfo, Network, Output, State, Tensor};
use hebb::optimizers::Optimizer;
use hebb::options::{Activation, ActivationProperties};
use hebb::simd::Level;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// An activation at some points.
#[derive(Serialize)]
struct Described {
    value: Floats,
    derivative: Floats,
    properties: Option<ActivationProperties>,
}

/// The values, derivatives and properties of an activation.
#[wasm_bindgen(js_name = describeActivation)]
pub fn describe_activation(activation: &str, places: &[f32]) -> Result<JsValue, JsValue> {
    let activation = parse::<Activation>(activation)?;
    let [value, derivative] =
        if places.is_empty() { Default::default() } else { activation.at(places).map_err(throw)? };
    let (value, derivative) = (value.as_slice().into(), derivative.as_slice().into());
    Ok(to_js(&Described { value, derivative, properties: activation.properties() }))
}

/// What a network consists of.
#[derive(Serialize)]
struct Description<'a> {
    layers: &'a [LayerInfo],
    tensors: &'a [Tensor],
    parameters: usize,
    across: bool,
    inputs: Vec<(String, Vec<usize>)>,
    input: &'a [usize],
    outputs: &'a [Output],
    output: Vec<usize>,
    states: &'a [State],
}

/// The decision for some samples.
#[derive(Serialize)]
struct Classified {
    /// Of labels; none if one class of several is chosen.
    threshold: Option<f32>,
    /// Whether the values are probabilities.
    probable: bool,
    /// Of each sample.
    values: Floats,
}

/// A layer in a training step.
#[derive(Serialize)]
struct LayerTrace {
    net: Floats,
    a: Floats,
    delta: Floats,
}

/// A training step.
#[derive(Serialize)]
struct Traced {
    loss: f64,
    layers: Vec<LayerTrace>,
    /// ∂E/∂w, Δw and the previous Δw of all parameters.
    gradient: Floats,
    step: Floats,
    previous: Floats,
}

/// The dense layer equivalent to several.
#[derive(Serialize)]
struct Collapsed {
    weight: Floats,
    bias: Floats,
}

/// A network.
#[wasm_bindgen]
pub struct RawNetwork(pub(crate) Network);

#[wasm_bindgen]
impl RawNetwork {
    /// From a JSON spec; `blank` without initial weights, for those that are set next.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: &str, blank: bool) -> Result<RawNetwork, JsValue> {
        let make = if blank { Network::blank } else { Network::with_level };
        make(parse(spec)?, Level::best()).map(Self).map_err(throw)
    }

    /// Layers, tensors and shapes.
    pub fn describe(&self) -> JsValue {
        let net = &self.0;
        to_js(&Description {
            layers: net.layers(),
            tensors: net.tensors(),
            parameters: net.weights(),
            across: net.has_batch_operators(),
            inputs: net.inputs(),
            input: net.input(),
            outputs: net.outputs(),
            output: net.output(),
            states: net.states(),
        })
    }

    /// All parameters, in the order of the tensors.
    pub fn parameters(&self) -> Vec<f32> {
        self.0.values().into_owned()
    }

    /// Replaces all parameters.
    #[wasm_bindgen(js_name = setParameters)]
    pub fn set_parameters(&mut self, values: &[f32]) -> Result<(), JsValue> {
        self.0.set_parameters(values).map_err(throw)
    }

    /// Replaces the parameters of some ranges: from, length, from, length, …
    #[wasm_bindgen(js_name = setSome)]
    pub fn set_some(&mut self, values: &[f32], ranges: &[u32]) -> Result<(), JsValue> {
        let ranges: Vec<_> =
            ranges.as_chunks::<2>().0.iter().map(|range| range.map(|n| n as usize)).collect();
        self.0.set_some(values, &ranges).map_err(throw)
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

    /// The outputs for samples given as floats, whose last `carried` values are the states of recurrent layers before the first
    /// time step; those after the last follow the outputs.
    #[wasm_bindgen(js_name = continueFrom)]
    pub fn continue_from(&mut self, mut x: Vec<f32>, carried: usize) -> Result<Vec<f32>, JsValue> {
        let mut states = x.split_off(x.len().saturating_sub(carried));
        let data = Dataset::from_floats(self.0.input(), x).map_err(throw)?;
        let mut all = self.0.continue_from(&data, 0, data.len(), &mut states).map_err(throw)?;
        all.append(&mut states);
        Ok(all)
    }

    /// The states of one sample before its first time step, if none are given.
    #[wasm_bindgen(js_name = initialStates)]
    pub fn initial_states(&self) -> Vec<f32> {
        self.0.initial_states()
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

    /// Classifies the samples of a data set.
    pub fn classify(&mut self, data: &RawDataset, loss: &str) -> Result<JsValue, JsValue> {
        let data = data.get();
        let (decision, probable, values) =
            self.0.classify(data, 0, data.len(), &parse(loss)?).map_err(throw)?;
        let threshold = if let Decision::Labels { threshold } = decision { Some(threshold) } else { None };
        Ok(to_js(&Classified { threshold, probable, values: values.as_slice().into() }))
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

    /// All quantities of a step.
    pub fn trace(&self, data: &RawDataset, loss: &str, optimizer: &str) -> Result<JsValue, JsValue> {
        let trace = self.0.trace(data.get(), &parse(loss)?, &parse(optimizer)?).map_err(throw)?;
        let floats = |values: &Vec<f32>| Floats::from(values.as_slice());
        let layer = |[net, a, delta]: &[Vec<f32>; 3]| LayerTrace {
            net: floats(net),
            a: floats(a),
            delta: floats(delta),
        };
        Ok(to_js(&Traced {
            loss: trace.loss,
            layers: trace.layers.iter().map(layer).collect(),
            gradient: floats(&trace.gradient),
            step: floats(&trace.step),
            previous: floats(&trace.previous),
        }))
    }

    /// The gradient against differences, for each trained tensor.
    #[wasm_bindgen(js_name = checkGradients)]
    pub fn check_gradients(&self, data: &RawDataset, loss: &str) -> Result<JsValue, JsValue> {
        self.0.check_gradients(data.get(), &parse(loss)?).map(|checks| to_js(&checks)).map_err(throw)
    }

    /// The single dense layer equivalent to its layers.
    pub fn collapse(&self) -> Result<JsValue, JsValue> {
        let (weight, bias) = self.0.collapse().map_err(throw)?;
        Ok(to_js(&Collapsed { weight: weight.as_slice().into(), bias: bias.as_slice().into() }))
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

/// An evaluation in progress.
#[wasm_bindgen]
pub struct RawEvaluator(Evaluator);

#[wasm_bindgen]
impl RawEvaluator {
    /// Of a data set, by a loss and metrics in JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(
        network: &RawNetwork,
        data: &RawDataset,
        loss: &str,
        metrics: &str,
    ) -> Result<RawEvaluator, JsValue> {
        let data = Some(data.get());
        Evaluator::new(&network.0, parse(loss)?, parse(metrics)?, data).map(Self).map_err(throw)
    }

    /// Of a stream.
    pub fn stream(network: &RawNetwork, loss: &str, metrics: &str) -> Result<RawEvaluator, JsValue> {
        Evaluator::new(&network.0, parse(loss)?, parse(metrics)?, None).map(Self).map_err(throw)
    }

    /// Adds samples of a data set.
    pub fn add(
        &mut self,
        network: &mut RawNetwork,
        data: &RawDataset,
        from: u32,
        count: u32,
    ) -> Result<(), JsValue> {
        self.0.add(&mut network.0, data.get(), from as usize, count as usize).map_err(throw)
    }

    /// The result.
    pub fn finish(&self, network: &RawNetwork) -> Result<JsValue, JsValue> {
        self.0.finish(&network.0).map(|evaluation| to_js(&evaluation)).map_err(throw)
    }
}
