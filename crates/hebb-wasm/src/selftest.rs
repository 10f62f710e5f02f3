//! The kernels' own tests, for the artifacts that carry them.

use hebb::selftest::probe::convolution::{Convolution, Pass};
use hebb::simd::Level;
use wasm_bindgen::prelude::*;

/// The names of the tests, as JSON.
#[wasm_bindgen(js_name = selftestNames)]
pub fn names() -> String {
    serde_json::json!(hebb::selftest::names()).to_string()
}

/// Runs a test's case for a seed: empty if it passed, else what differed.
#[wasm_bindgen(js_name = selftest)]
pub fn run(name: &str, seed: u32) -> String {
    hebb::selftest::run(name, seed.into()).err().unwrap_or_default()
}

/// Checks a fixture file: empty if all cases passed, else the first that differed.
#[wasm_bindgen(js_name = selftestFixtures)]
pub fn fixtures(json: &str) -> String {
    hebb::selftest::fixtures(json).err().unwrap_or_default()
}

/// A matrix product to be timed: benchmarks live where the kernels can be reached.
#[wasm_bindgen(js_name = BenchGemm)]
pub struct BenchGemm {
    a: ndarray::Array2<f32>,
    b: ndarray::Array2<f32>,
    c: ndarray::Array2<f32>,
}

#[wasm_bindgen(js_class = BenchGemm)]
impl BenchGemm {
    /// A `[m, k]` and B `[k, n]`, row by row.
    #[wasm_bindgen(constructor)]
    pub fn new(m: usize, k: usize, n: usize, a: Vec<f32>, b: Vec<f32>) -> Result<Self, JsValue> {
        let matrix =
            |shape, values| ndarray::Array2::from_shape_vec(shape, values).map_err(|error| error.to_string());
        Ok(Self { a: matrix((m, k), a)?, b: matrix((k, n), b)?, c: matrix((m, n), vec![0.0; m * n])? })
    }

    /// Multiplies so many times.
    pub fn run(&mut self, times: u32) -> Result<(), JsValue> {
        for _ in 0..times {
            let product = hebb::kernels::gemm::gemm(Level::best(), self.a.view(), self.b.view());
            self.c = product.map_err(|error| error.message)?;
        }
        Ok(())
    }

    /// C, row by row.
    pub fn product(&self) -> Vec<f32> {
        self.c.iter().copied().collect()
    }
}

/// A convolution to be timed, each pass by itself: 0 forward, 1 the gradient of its input, 2 that of its weights.
#[wasm_bindgen(js_name = BenchConv)]
pub struct BenchConv {
    convolution: Convolution,
    pass: Pass,
}

#[wasm_bindgen(js_class = BenchConv)]
impl BenchConv {
    /// See [`Convolution::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(pass: usize, sizes: Vec<usize>, x: &[f32], w: Vec<f32>, dy: &[f32]) -> Result<Self, JsValue> {
        let pass = *[Pass::Forward, Pass::Input, Pass::Weights].get(pass).ok_or("there are three passes")?;
        let sizes = sizes.try_into().map_err(|_| "seven sizes")?;
        Ok(Self { convolution: Convolution::new(Level::best(), sizes, x, w, dy), pass })
    }

    /// Computes the pass so many times.
    pub fn run(&mut self, times: u32) {
        for _ in 0..times {
            self.convolution.run(self.pass);
        }
    }

    /// What it gave.
    pub fn product(&self) -> Vec<f32> {
        self.convolution.result(self.pass)
    }
}

/// The machine's roof: so many floating-point operations were done.
#[wasm_bindgen(js_name = benchMadds)]
pub fn madds() -> usize {
    hebb::selftest::probe::peak::madds(Level::best())
}

/// Reads all values once.
#[wasm_bindgen(js_name = BenchRead)]
pub struct BenchRead(Vec<f32>);

#[wasm_bindgen(js_class = BenchRead)]
impl BenchRead {
    /// So many values.
    #[wasm_bindgen(constructor)]
    pub fn new(values: usize) -> Self {
        Self(vec![1.0; values])
    }

    /// Their sum.
    pub fn run(&self) -> f32 {
        hebb::selftest::probe::peak::read(Level::best(), &self.0)
    }
}
