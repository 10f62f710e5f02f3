//! Hebb's core in Rust, with the machine's best SIMD.

use bench_work::{
    CHECKED_STEPS, Conv, LEARNING_RATE, Layer, MOMENTUM, Model, Part, Prepared, READ_VALUES, SAMPLES, Work,
    classes, fill, probe, serve, threads,
};
use hebb::data::Dataset;
use hebb::network::Network;
use hebb::selftest::probe::convolution::{Convolution, Pass};
use hebb::selftest::probe::peak;
use hebb::simd::Level;
use hebb::training::{Feed, Fit};
use ndarray::Array2;
use serde_json::{Value, json};

fn main() {
    hebb::parallel::start(threads()).expect("at most 128 threads");
    serve(&format!("0.1.0, {:?}", Level::best()), |work| match work {
        &Work::Gemm { m, k, n } => gemm(m, k, n),
        Work::Conv(conv) => convolution(conv),
        Work::Peak { what } => roof(what),
        Work::Train(model) => train(model),
        Work::Infer(model) => infer(model),
    });
}

fn gemm(m: usize, k: usize, n: usize) -> Option<Prepared> {
    let matrix = |rows, columns, seed| {
        Array2::from_shape_vec((rows, columns), fill(rows * columns, seed)).expect("as many values")
    };
    let (a, b) = (matrix(m, k, 1), matrix(k, n, 2));
    let multiply =
        move || hebb::kernels::gemm::gemm(Level::best(), a.view(), b.view()).expect("shapes that fit");
    let check = probe(multiply().as_slice().expect("row by row"));
    Prepared::new(check, 1, move || {
        multiply();
    })
}

fn roof(what: &str) -> Option<Prepared> {
    if what == "madds" {
        let amount = peak::madds(Level::best());
        return Prepared::new(Vec::new(), amount, || {
            peak::madds(Level::best());
        });
    }
    let values = vec![1.0f32; READ_VALUES];
    Prepared::new(Vec::new(), size_of_val(values.as_slice()), move || {
        peak::read(Level::best(), &values);
    })
}

fn convolution(conv: &Conv) -> Option<Prepared> {
    let &Conv { part, batch, channels, size, filters, kernel, stride, padding } = conv;
    let output = (size + 2 * padding - kernel) / stride + 1;
    let x = fill(batch * channels * size * size, 1);
    let w = fill(filters * channels * kernel * kernel, 2);
    let dy = fill(batch * filters * output * output, 3);
    let sizes = [batch, channels, size, filters, kernel, stride, padding];
    let mut convolution = Convolution::new(Level::best(), sizes, &x, w, &dy);
    let pass = match part {
        Part::Forward => Pass::Forward,
        Part::DX => Pass::Input,
        Part::DW => Pass::Weights,
    };
    convolution.run(pass);
    Prepared::new(probe(&convolution.result(pass)), 1, move || convolution.run(pass))
}

/// The network with the benchmark's parameters.
fn build(model: &Model) -> Network {
    let last = model.layers.len() - 1;
    let layers = model.layers.iter().enumerate().map(|(index, layer)| match layer {
        Layer::Conv { filters, kernel, padding, activation, .. } => json!({
            "type": "conv2d", "filters": filters, "kernel": [kernel, kernel],
            "padding": [padding, padding], "activation": activation,
        }),
        Layer::Pool { pool } => {
            json!({ "type": format!("{pool}Pool2d"), "kernel": [2, 2], "stride": [2, 2] })
        }
        Layer::Flatten => json!({ "type": "flatten" }),
        Layer::Dense { units, activation, .. } => {
            let activation = if index == last { "softmax" } else { activation.as_str() };
            json!({ "type": "dense", "units": units, "activation": activation })
        }
    });
    let spec = json!({ "input": model.input, "layers": layers.collect::<Vec<Value>>() });
    let mut network = Network::new(serde_json::from_value(spec).expect("a spec")).expect("a network");
    let parameters: Vec<f32> = model.parameters().into_iter().flat_map(|(_, values)| values).collect();
    network.set_parameters(&parameters).expect("as many parameters");
    network
}

fn dataset(model: &Model, count: usize) -> Dataset {
    let samples = Dataset::from_floats(&model.input, model.samples(count)).expect("samples");
    samples.with_classes(classes(count)).expect("classes")
}

fn infer(model: &Model) -> Option<Prepared> {
    let (mut network, batch, model) = (build(model), model.batch, model.clone());
    let samples = model.samples(batch);
    let mut predict = move || {
        // A new data set each time, as in JavaScript.
        let data = Dataset::from_floats(&model.input, samples.clone()).expect("samples");
        network.predict(&data, 0, batch).expect("an answer")
    };
    let check = probe(&predict());
    Prepared::new(check, batch, move || {
        predict();
    })
}

/// An endless training run.
fn training(network: &mut Network, data: Dataset, batch: usize, shuffle: bool) -> Fit {
    let options = json!({
        "epochs": 1_000_000, "batchSize": batch, "shuffle": shuffle, "loss": { "type": "crossEntropy" },
        "optimizer": { "type": "sgd", "learningRate": LEARNING_RATE, "momentum": MOMENTUM },
    });
    Fit::new(network, Feed::Data(data), serde_json::from_value(options).expect("options"))
        .expect("a training")
}

fn train(model: &Model) -> Option<Prepared> {
    let (mut network, batch) = (build(model), model.batch);
    let mut few = training(&mut network, dataset(model, CHECKED_STEPS * batch), batch, false);
    for _ in 0..CHECKED_STEPS {
        few.step(&mut network).expect("a step");
    }
    let check = probe(&network.predict(&dataset(model, 2), 0, 2).expect("an answer"));
    let mut fit = training(&mut network, dataset(model, SAMPLES), batch, true);
    Prepared::new(check, batch, move || {
        fit.step(&mut network).expect("a step");
    })
}
