//! Shared code of the Rust engines: harness/work.ts and harness/adapter.ts in Rust.

use serde::Deserialize;
use serde_json::{Value, json};
use std::io::BufRead;
use std::time::Instant;

pub const LEARNING_RATE: f64 = 0.01;
pub const MOMENTUM: f64 = 0.9;
/// Training steps before the results are compared.
pub const CHECKED_STEPS: usize = 3;
/// Number of values to read for the memory bandwidth.
pub const READ_VALUES: usize = 1 << 25;
/// Samples to train on.
pub const SAMPLES: usize = 2048;

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Work {
    Gemm { m: usize, k: usize, n: usize },
    Conv(Conv),
    Peak { what: String },
    Train(Model),
    Infer(Model),
}

/// A convolution or one of its gradients.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Conv {
    pub part: Part,
    pub batch: usize,
    pub channels: usize,
    pub size: usize,
    pub filters: usize,
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub enum Part {
    #[serde(rename = "forward")]
    Forward,
    #[serde(rename = "dX")]
    DX,
    #[serde(rename = "dW")]
    DW,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Model {
    pub batch: usize,
    pub input: Vec<usize>,
    pub layers: Vec<Layer>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Layer {
    Conv { filters: usize, channels: usize, kernel: usize, padding: usize, activation: String },
    Pool { pool: String },
    Flatten,
    Dense { units: usize, inputs: usize, activation: String },
}

/// Pseudo-random numbers in [−½, ½).
pub fn fill(length: usize, seed: u64) -> Vec<f32> {
    (0..length as u64).map(|i| (((i * 7919 + seed * 104_729) % 1009) as f64 / 1009.0 - 0.5) as f32).collect()
}

impl Model {
    /// The parameters with their shapes, uniform within ±1/√inputs: conv OIHW, dense `[units, inputs]`.
    pub fn parameters(&self) -> Vec<(Vec<usize>, Vec<f32>)> {
        let mut all: Vec<(Vec<usize>, Vec<f32>)> = Vec::new();
        for layer in &self.layers {
            let weight = match *layer {
                Layer::Conv { filters, channels, kernel, .. } => vec![filters, channels, kernel, kernel],
                Layer::Dense { units, inputs, .. } => vec![units, inputs],
                _ => continue,
            };
            let scale = (2.0 / (weight[1..].iter().product::<usize>() as f64).sqrt()) as f32;
            for shape in [weight.clone(), vec![weight[0]]] {
                let values = fill(shape.iter().product(), all.len() as u64 + 1);
                all.push((shape, values.into_iter().map(|value| value * scale).collect()));
            }
        }
        all
    }

    /// Samples in [0, 1).
    pub fn samples(&self, count: usize) -> Vec<f32> {
        fill(count * self.input.iter().product::<usize>(), 0).into_iter().map(|value| value + 0.5).collect()
    }
}

/// One of ten classes for each sample.
pub fn classes(count: usize) -> Vec<u32> {
    (0..count as u64).map(|i| (i * 7919 % 1009 % 10) as u32).collect()
}

/// Sixteen values spread over a result: enough to compare it.
pub fn probe(values: &[f32]) -> Vec<f32> {
    (0..16).map(|i| values[i * values.len() / 16]).collect()
}

/// Prepared work.
pub struct Prepared {
    pub check: Vec<f32>,
    pub step: Box<dyn FnMut()>,
    /// How much one call of `step` does.
    pub amount: usize,
}

impl Prepared {
    pub fn new(check: Vec<f32>, amount: usize, step: impl FnMut() + 'static) -> Option<Self> {
        Some(Self { check, step: Box::new(step), amount })
    }
}

/// The engine's number of threads: the program's only argument.
pub fn threads() -> usize {
    std::env::args().nth(1).and_then(|text| text.parse().ok()).expect("usage: ENGINE THREADS")
}

/// Answers jobs line by line; rejects work for which `prepare` returns `None`.
pub fn serve(version: &str, mut prepare: impl FnMut(&Work) -> Option<Prepared>) {
    keep_memory();
    println!("{}", json!({ "version": version }));
    let mut last: Option<(Work, Prepared)> = None;
    for line in std::io::stdin().lock().lines() {
        let job: Value = serde_json::from_str(&line.expect("a line")).expect("a job");
        let work: Work = serde_json::from_value(job["work"].clone()).expect("work");
        if last.as_ref().is_none_or(|(known, _)| *known != work) {
            drop(last.take());
            last = prepare(&work).map(|prepared| (work, prepared));
        }
        let Some((_, Prepared { check, step, amount })) = &mut last else {
            println!("{}", json!({ "cannot": "it has no such thing" }));
            continue;
        };
        let seconds = job["seconds"].as_f64().expect("seconds");
        let (start, mut done) = (Instant::now(), 0);
        let elapsed = loop {
            step();
            done += *amount;
            let elapsed = start.elapsed().as_secs_f64();
            if elapsed >= seconds {
                break elapsed;
            }
        };
        println!("{}", json!({ "perSecond": done as f64 / elapsed, "check": check }));
    }
}

/// Lets the allocator keep freed memory, as those of PyTorch and OpenBLAS do: fresh pages from the system for each
/// product cost up to a third of its time.
fn keep_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const TRIM_THRESHOLD: i32 = -1;
        const MMAP_THRESHOLD: i32 = -3;
        unsafe extern "C" {
            fn mallopt(parameter: i32, value: i32) -> i32;
        }
        // SAFETY: a function of glibc, with two of its parameters.
        unsafe {
            mallopt(TRIM_THRESHOLD, i32::MAX);
            mallopt(MMAP_THRESHOLD, i32::MAX);
        }
    }
}
