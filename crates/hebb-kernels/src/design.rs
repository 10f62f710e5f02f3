//! The design matrix of radial basis functions in 64 bits: H, whose columns are the functions at the samples, some rows at a
//! time.

use crate::kmeans::Samples;
use crate::parallel::{self, Shared};
use std::ops::Range;

/// Samples side by side: with two centers eight vectors of accumulators in WebAssembly.
const SIDE: usize = 8;

/// exp(−factor·‖x − c‖²) of the samples of some blocks, a row each, for all centers `[units, features]`; rows are `columns` long,
/// and what they have after the units is left as it is. By the sum of squared differences: nothing cancels.
pub fn radial_rows(
    samples: &Samples,
    blocks: Range<usize>,
    centers: &[f64],
    factors: &[f64],
    rows: &mut [f64],
    columns: usize,
) {
    let (lanes, features) = (samples.lanes(), samples.features());
    assert!(centers.len() == factors.len() * features && factors.len() <= columns);
    assert!(rows.len() == blocks.len() * lanes * columns);
    let into = Shared::new(rows);
    parallel::for_each(blocks.len(), |number| {
        let x: Vec<f64> = samples.block(blocks.start + number).iter().map(|&x| f64::from(x)).collect();
        // SAFETY: each task has the rows of its block.
        let rows =
            unsafe { std::slice::from_raw_parts_mut(into.at(number * lanes * columns), lanes * columns) };
        for (pair, own) in centers.chunks(2 * features).enumerate() {
            // An odd last center is its own partner.
            let (a, b) = (&own[..features], &own[own.len() - features..]);
            for first in (0..lanes).step_by(SIDE) {
                let squares = squares(&x[first..], lanes, a, b);
                for (i, squares) in squares.iter().take(own.len() / features).enumerate() {
                    let unit = 2 * pair + i;
                    for (lane, square) in squares.iter().enumerate() {
                        rows[(first + lane) * columns + unit] = (-factors[unit] * square).exp();
                    }
                }
            }
        }
    });
}

/// The squared distances of [`SIDE`] samples to two centers.
fn squares(x: &[f64], lanes: usize, a: &[f64], b: &[f64]) -> [[f64; SIDE]; 2] {
    let mut sums = [[0.0; SIDE]; 2];
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let x = &x[i * lanes..i * lanes + SIDE];
        for k in 0..SIDE {
            let (to_a, to_b) = (x[k] - a, x[k] - b);
            sums[0][k] += to_a * to_a;
            sums[1][k] += to_b * to_b;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naive;
    use crate::random::{Random, Stream};
    use crate::simd::Level;
    use ndarray::{Array1, ArrayView1, ArrayView2};

    #[test]
    fn rows_equal_their_naive_twin() {
        let mut random = Random::new(1, Stream::Test(0));
        for round in 0..60 {
            let [count, features, units] = [0; 3].map(|_| random.below(40) + 1);
            let x: Vec<f32> = (0..count * features).map(|_| random.normal()).collect();
            let centers: Vec<f64> = (0..units * features).map(|_| f64::from(random.normal())).collect();
            let widths: Vec<f64> = (0..units).map(|_| f64::from(random.uniform(0.5, 2.0))).collect();
            let factors: Vec<f64> = widths.iter().map(|width| 0.5 / (width * width)).collect();
            let samples = Samples::pack(Level::best(), x.clone(), features).unwrap();
            let from = random.below(samples.blocks());
            let (first, columns) = (from * samples.lanes(), units + random.below(3));
            let mut rows = vec![0.5; (samples.blocks() - from) * samples.lanes() * columns];
            parallel::with_threads(round % 4 + 1, || {
                let blocks = from..samples.blocks();
                radial_rows(&samples, blocks, &centers, &factors, &mut rows, columns);
            });
            let centers = ArrayView2::from_shape((units, features), &centers).unwrap();
            for (row, x) in rows.chunks(columns).zip(x.chunks(features).skip(first)) {
                let x: Array1<f64> = x.iter().map(|&x| f64::from(x)).collect();
                let y = naive::rbf(centers, ArrayView1::from(&widths), x.view());
                assert!(row.iter().zip(&y).all(|(own, y)| (own - y).abs() < 1e-14));
                assert!(row[units..].iter().all(|&after| after == 0.5));
            }
        }
    }
}
