//! The kernels' own tests, for the artifacts that carry them.

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
            let product = hebb::kernels::gemm::gemm(hebb::simd::Level::best(), self.a.view(), self.b.view());
            self.c = product.map_err(|error| error.message)?;
        }
        Ok(())
    }

    /// C, row by row.
    pub fn product(&self) -> Vec<f32> {
        self.c.iter().copied().collect()
    }
}
