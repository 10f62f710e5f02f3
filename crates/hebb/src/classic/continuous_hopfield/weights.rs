//! The weights: a matrix, or those of the travelling salesman, whose matrix of N⁴ numbers is never built.

use hebb_kernels::vector::add_scaled;

/// The weights of Hopfield and Tank's travelling salesman ("Neural" computation of decisions in optimization problems, 1985)
/// with unit x·N + i for city x at position i:
///
/// w = −A δₓᵧ(1 − δᵢⱼ) − B δᵢⱼ(1 − δₓᵧ) − C − D dₓᵧ(δⱼ,ᵢ₊₁ + δⱼ,ᵢ₋₁) + own δₓᵧδᵢⱼ
#[derive(Clone, Debug)]
pub struct TourWeights {
    /// N.
    pub cities: usize,
    /// `[N, N]`, symmetric.
    pub distances: Vec<f64>,
    /// A: against several positions of a city.
    pub rows: f64,
    /// B: against several cities at a position.
    pub columns: f64,
    /// C: for the right number of active units.
    pub total: f64,
    /// D: the weight of the length.
    pub length: f64,
    /// Each unit's connection to itself: above 0, it makes the energy concave, so that outputs tend to 0 and 1.
    pub own: f64,
}

/// Symmetric weights.
#[derive(Clone, Debug)]
pub enum Weights {
    /// `[units, units]`.
    Dense(Vec<f64>),
    /// The travelling salesman's.
    Tour(TourWeights),
}

impl Weights {
    /// Writes Wv. A column of a symmetric matrix is a row: rows are added, which keeps the order of each sum.
    #[inline(never)]
    pub fn times(&self, v: &[f64], product: &mut [f64]) {
        product.fill(0.0);
        match self {
            Weights::Dense(w) => {
                for (row, &v) in w.chunks_exact(v.len()).zip(v) {
                    add_scaled(product, v, row);
                }
            }
            Weights::Tour(tour) => tour.times(v, product),
        }
    }

    /// The number of multiplications of a product.
    pub fn work(&self, units: usize) -> usize {
        match self {
            Weights::Dense(_) => units * units,
            Weights::Tour(tour) => units * tour.cities,
        }
    }
}

impl TourWeights {
    #[inline(never)]
    fn times(&self, v: &[f64], product: &mut [f64]) {
        let n = self.cities;
        let mut columns = vec![0.0; n];
        let mut beside = vec![0.0; n];
        for (y, row) in v.chunks_exact(n).enumerate() {
            add_scaled(&mut columns, 1.0, row);
            // v at the positions before and after.
            beside[0] = row[n - 1] + row[1];
            beside[n - 1] = row[n - 2] + row[0];
            for (beside, three) in beside[1..].iter_mut().zip(row.windows(3)) {
                *beside = three[0] + three[2];
            }
            let distances = &self.distances[y * n..][..n];
            for (product, &distance) in product.chunks_exact_mut(n).zip(distances) {
                add_scaled(product, -self.length * distance, &beside);
            }
        }
        let total: f64 = columns.iter().sum();
        let own = self.own + self.rows + self.columns;
        for (product, row) in product.chunks_exact_mut(n).zip(v.chunks_exact(n)) {
            let common = self.rows * row.iter().sum::<f64>() + self.total * total;
            for ((product, v), column) in product.iter_mut().zip(row).zip(&columns) {
                *product += own * v - common - self.columns * column;
            }
        }
    }
}
