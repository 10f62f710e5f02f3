//! The valid subspace (Aiyer and Fallside, "A subspace approach to solving combinatorial optimization problems with Hopfield
//! networks", Cambridge, CUED/F-INFENG/TR 55, 1991) of permutations: units in N rows of N, each row and each column with the
//! sum 1. Its vertices are the permutations.
//!
//! Aiyer and Fallside project the state orthogonally and cut it off at 0 and 1. Here outputs stay above 0 because their gain is
//! exponential, and currents aₓ and bᵢ common to a row and to a column keep them in the subspace: v = e^(λ(u + aₓ + bᵢ)). This
//! is the projection that fits the energy's integral term, and is found by Sinkhorn's iteration, which scales rows and columns
//! in turn (Gold and Rangarajan, "Softmax to softassign", 1996).

/// The most scalings for some outputs.
const MAX_SCALINGS: usize = 200;
/// Smaller exponents count as this, so that no column is 0.
const MIN_EXPONENT: f64 = -600.0;

/// Keeps outputs in the subspace.
#[derive(Clone, Debug)]
pub(super) struct Subspace {
    side: usize,
    /// The deviation of a row's sum from 1 that ends the scaling.
    accuracy: f64,
    /// bᵢ of the last outputs, from which the next scaling starts.
    currents: Vec<f64>,
    /// The factors and the sums of the columns.
    scales: Vec<f64>,
    sums: Vec<f64>,
}

impl Subspace {
    pub fn new(side: usize, accuracy: f64) -> Self {
        Self { side, accuracy, currents: vec![0.0; side], scales: vec![1.0; side], sums: vec![0.0; side] }
    }

    /// Outputs for the potentials `u`. Columns have the sum 1 exactly, rows nearly.
    #[inline(never)]
    pub fn outputs(&mut self, gain: f64, u: &[f64], v: &mut [f64]) {
        let n = self.side;
        for (v, u) in v.chunks_exact_mut(n).zip(u.chunks_exact(n)) {
            let mut most = f64::NEG_INFINITY;
            for ((v, u), current) in v.iter_mut().zip(u).zip(&self.currents) {
                *v = gain * (u + current);
                most = most.max(*v);
            }
            v.iter_mut().for_each(|v| *v = (*v - most).max(MIN_EXPONENT).exp());
        }
        self.scales.fill(1.0);
        for _ in 0..MAX_SCALINGS {
            let mut deviation = 0.0f64;
            self.sums.fill(0.0);
            for v in v.chunks_exact_mut(n) {
                let sum = multiply(v, &self.scales);
                deviation = deviation.max((sum - 1.0).abs());
                normalize(v, 1.0 / sum, &mut self.sums);
            }
            for ((scale, sum), current) in self.scales.iter_mut().zip(&self.sums).zip(&mut self.currents) {
                *scale = 1.0 / sum;
                *current -= sum.ln() / gain;
            }
            if deviation < self.accuracy {
                break;
            }
        }
        for v in v.chunks_exact_mut(n) {
            multiply(v, &self.scales);
        }
    }
}

/// v ← v · scales, and the sum; four at a time, so that it is vectorised at any level of optimisation.
#[inline(never)]
fn multiply(v: &mut [f64], scales: &[f64]) -> f64 {
    let (chunks, rest) = v.as_chunks_mut::<4>();
    let (factors, last) = scales.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (chunk, factors) in chunks.iter_mut().zip(factors) {
        for i in 0..4 {
            chunk[i] *= factors[i];
            sums[i] += chunk[i];
        }
    }
    let mut sum = (sums[0] + sums[2]) + (sums[1] + sums[3]);
    for (v, factor) in rest.iter_mut().zip(last) {
        *v *= factor;
        sum += *v;
    }
    sum
}

/// v ← v · scale, added to the sums of the columns.
#[inline(never)]
fn normalize(v: &mut [f64], scale: f64, columns: &mut [f64]) {
    let (chunks, rest) = v.as_chunks_mut::<4>();
    let (sums, last) = columns.as_chunks_mut::<4>();
    for (chunk, sums) in chunks.iter_mut().zip(sums) {
        for i in 0..4 {
            chunk[i] *= scale;
            sums[i] += chunk[i];
        }
    }
    for (v, sum) in rest.iter_mut().zip(last) {
        *v *= scale;
        *sum += *v;
    }
}
