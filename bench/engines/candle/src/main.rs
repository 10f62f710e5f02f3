//! candle, Hugging Face's framework in Rust, on the CPU.

use bench_work::{
    CHECKED_STEPS, LEARNING_RATE, Layer, MOMENTUM, Model, Prepared, SAMPLES, Work, classes, fill, probe,
    serve, threads,
};
use candle_core::{D, DType, Device, Result, Tensor, Var};
use candle_nn::{loss, ops};

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(threads()).build_global().expect("the first pool");
    serve("0.11.1", |work| match work {
        &Work::Gemm { m, k, n } => gemm(m, k, n).expect("a product"),
        Work::Conv(_) | Work::Peak { .. } => None,
        Work::Train(model) => train(model.clone()).expect("a training"),
        Work::Infer(model) => infer(model.clone()).expect("a network"),
    });
}

fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1()
}

fn gemm(m: usize, k: usize, n: usize) -> Result<Option<Prepared>> {
    let a = Tensor::from_vec(fill(m * k, 1), (m, k), &Device::Cpu)?;
    let b = Tensor::from_vec(fill(k * n, 2), (k, n), &Device::Cpu)?;
    let check = probe(&values(&a.matmul(&b)?)?);
    Ok(Prepared::new(check, 1, move || {
        a.matmul(&b).expect("a product");
    }))
}

struct Network {
    model: Model,
    parameters: Vec<Var>,
}

impl Network {
    fn new(model: Model) -> Result<Self> {
        let parameters = model.parameters().into_iter();
        let parameters = parameters
            .map(|(shape, values)| Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu)?))
            .collect::<Result<_>>()?;
        Ok(Self { model, parameters })
    }

    fn samples(&self, count: usize) -> Result<Tensor> {
        let shape: Vec<usize> = [&[count], self.model.input.as_slice()].concat();
        Tensor::from_vec(self.model.samples(count), shape, &Device::Cpu)
    }

    fn logits(&self, x: &Tensor) -> Result<Tensor> {
        let mut own = self.parameters.iter();
        let mut next = || own.next().expect("a parameter");
        let activate = |x: Tensor, activation: &str| match activation {
            "relu" => x.relu(),
            "tanh" => x.tanh(),
            _ => Ok(x),
        };
        let mut x = x.clone();
        for layer in &self.model.layers {
            x = match layer {
                Layer::Conv { filters, padding, activation, .. } => {
                    let y = x.conv2d(next(), *padding, 1, 1, 1)?;
                    activate(y.broadcast_add(&next().reshape((1, *filters, 1, 1))?)?, activation)?
                }
                Layer::Pool { pool } if pool == "max" => x.max_pool2d(2)?,
                Layer::Pool { .. } => x.avg_pool2d(2)?,
                Layer::Flatten => x.flatten_from(1)?,
                Layer::Dense { activation, .. } => {
                    activate(x.matmul(&next().t()?)?.broadcast_add(next())?, activation)?
                }
            };
        }
        Ok(x)
    }

    fn predict(&self, x: &Tensor) -> Result<Vec<f32>> {
        values(&ops::softmax(&self.logits(x)?.detach(), D::Minus1)?)
    }
}

fn infer(model: Model) -> Result<Option<Prepared>> {
    let (batch, network) = (model.batch, Network::new(model)?);
    let x = network.samples(batch)?;
    let check = probe(&network.predict(&x)?);
    Ok(Prepared::new(check, batch, move || {
        network.predict(&x).expect("an answer");
    }))
}

fn train(model: Model) -> Result<Option<Prepared>> {
    let (batch, network) = (model.batch, Network::new(model)?);
    let x = network.samples(SAMPLES)?;
    let t = Tensor::from_vec(classes(SAMPLES), SAMPLES, &Device::Cpu)?;
    let few = network.samples(2)?;
    // Its SGD has no momentum; here v ← α·v + g, w ← w − ε·v.
    let mut velocities =
        network.parameters.iter().map(|p| p.zeros_like()).collect::<Result<Vec<Tensor>>>()?;
    let mut at = 0;
    let mut step = move |network: &Network| -> Result<()> {
        let (x, t) = (x.narrow(0, at, batch)?, t.narrow(0, at, batch)?);
        let gradients = loss::cross_entropy(&network.logits(&x)?, &t.to_dtype(DType::U32)?)?.backward()?;
        for (parameter, velocity) in network.parameters.iter().zip(&mut velocities) {
            let gradient = gradients.get(parameter).expect("a gradient");
            *velocity = velocity.affine(MOMENTUM, 0.0)?.add(gradient)?.detach();
            parameter.set(&parameter.sub(&velocity.affine(LEARNING_RATE, 0.0)?)?)?;
        }
        at = (at + batch) % SAMPLES;
        Ok(())
    };
    for _ in 0..CHECKED_STEPS {
        step(&network)?;
    }
    let check = probe(&network.predict(&few)?);
    Ok(Prepared::new(check, batch, move || step(&network).expect("a step")))
}
