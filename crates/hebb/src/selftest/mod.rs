//! The tests of the kernels as functions of a seed, so that they run natively (cargo test) and inside both WebAssembly
//! artifacts, where cargo's tests cannot run. Each returns its first failing case.

mod accuracy;
mod embedding;
mod fixtures;
mod gradients;
mod layers;
pub mod probe;
mod recurrent;
mod specials;
mod threads;
mod trace;
mod twins;
mod winograd;

pub use fixtures::fixtures;

use hebb_kernels::parallel;
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::simd::Level;

/// A test: one case, drawn by a seed, on a SIMD back end.
type Test = fn(&mut Random, Level) -> Result<(), String>;

const TESTS: &[(&str, Test)] = &[
    ("gemm", twins::gemm),
    ("dense", twins::dense),
    ("embedding", twins::embedding),
    ("radial basis functions", twins::radial_basis),
    ("conv2d", twins::conv2d),
    ("weights in fewer bits", twins::stored),
    ("winograd", twins::winograd),
    ("max pooling", twins::max_pool2d),
    ("average pooling", twins::average_pool2d),
    ("local response normalisation", twins::local_response_norm),
    ("softmax", twins::softmax),
    ("activations", twins::activations),
    ("accuracy of functions", accuracy::accuracy),
    ("dropout", layers::dropout),
    ("batch normalisation", layers::batch_norm),
    ("layers that move values", layers::moves),
    ("layers on each time step", layers::steps),
    ("embedding and one-hot rows", embedding::one_hot),
    ("states of recurrent layers", recurrent::states),
    ("recurrent layers on sequences of their own lengths", recurrent::lengths),
    ("expressions", twins::expressions),
    ("convolutions by fewer multiplications", winograd::as_connections),
    ("gradients by finite differences", gradients::finite_differences),
    ("gradients of convolutions by fewer multiplications", winograd::finite_differences),
    ("steps laid open", trace::steps),
    ("the same bits on any number of threads", threads::same_bits),
    ("NaN through every layer", specials::layers),
    ("NaN through every loss", specials::losses),
    ("the same bits on every back end", specials::bits),
];

/// The numbers of threads used in the tests by turns: up to more than cores, and more than blocks.
const THREADS: [usize; 7] = [1, 2, 3, 5, 8, 16, 33];

/// The names of the tests.
pub fn names() -> Vec<&'static str> {
    TESTS.iter().map(|(name, _)| *name).collect()
}

/// Runs a test's case for a seed on every available back end; the error says what differed.
pub fn run(name: &str, seed: u64) -> Result<(), String> {
    Level::available().into_iter().try_for_each(|level| run_on(name, seed, level))
}

fn run_on(name: &str, seed: u64, level: Level) -> Result<(), String> {
    let (_, test) =
        TESTS.iter().find(|(own, _)| *own == name).ok_or_else(|| format!("there is no test \"{name}\""))?;
    let threads = THREADS[seed as usize % THREADS.len()];
    let mut random = Random::new(seed, Stream::Test(1));
    let done = parallel::with_threads(threads, || test(&mut random, level));
    done.map_err(|why| format!("{name}, seed {seed}, {level:?}, {threads} threads: {why}"))
}

/// Fails with the first value that differs by more than `tolerance`, relative to the largest expected one.
fn close(
    what: &str,
    actual: impl Iterator<Item = f32>,
    expected: impl Iterator<Item = f64>,
    tolerance: f64,
) -> Result<(), String> {
    let expected: Vec<f64> = expected.collect();
    let largest = expected.iter().fold(1e-3, |a: f64, b| a.max(b.abs()));
    within(what, actual, expected.into_iter(), tolerance * largest)
}

/// Fails with the first value that differs by more than `error`.
fn within(
    what: &str,
    actual: impl Iterator<Item = f32>,
    expected: impl Iterator<Item = f64>,
    error: f64,
) -> Result<(), String> {
    let (actual, expected): (Vec<f32>, Vec<f64>) = (actual.collect(), expected.collect());
    if actual.len() != expected.len() {
        return Err(format!("{what}: {} values, expected {}", actual.len(), expected.len()));
    }
    for (i, (&a, &e)) in actual.iter().zip(&expected).enumerate() {
        let difference = (f64::from(a) - e).abs();
        if difference.is_nan() || difference > error {
            return Err(format!("{what}[{i}] is {a}, expected {e}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_equals_its_naive_twin_over_random_shapes() {
        for name in super::names() {
            for seed in 0..200 {
                super::run(name, seed).unwrap();
            }
        }
    }

    /// Few of them, for who looks at every access: Miri, Valgrind.
    #[test]
    fn scalar_kernels_equal_their_twins() {
        for name in super::names() {
            for seed in 0..if cfg!(miri) { 2 } else { 14 } {
                super::run_on(name, seed, Level::Scalar).unwrap();
            }
        }
    }

    #[test]
    fn networks_and_optimizers_equal_pytorch() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test/fixtures");
        let mut files = 0;
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "json") {
                super::fixtures(&std::fs::read_to_string(&file).unwrap()).unwrap();
                files += 1;
            }
        }
        assert!(files > 0, "there are no fixtures in {folder}");
    }
}
