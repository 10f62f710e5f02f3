//! Novikoff's bound ("On convergence proofs on perceptrons", 1962): weights that start at 0 are corrected at most (R/γ)² times.
//! R is the greatest length of an (x, 1), and γ the distance of the samples from a plane through the origin that has all of
//! them on their right sides. Any such plane gives a bound; the one with the greatest γ gives the lowest.

use super::net::{Data, net};
use ndarray::aview1;

/// The margin between a unit's class and the rest, and the bound on its updates.
#[derive(Clone, Copy, Debug)]
pub struct Margin {
    /// γ of the best plane found.
    pub margin: f64,
    /// R, the greatest length of a sample extended by 1.
    pub radius: f64,
    /// (R/γ)²: training from weights 0 makes no more updates than this.
    pub bound: f64,
}

/// Maximum products of the search.
const WORK: usize = 50_000_000;
/// Maximum passes over the samples.
const PASSES: usize = 2000;

/// Searches for the greatest margin. The samples with their signs, p = ±(x, 1), have a convex hull, whose point z nearest to
/// the origin is normal to the best plane (Gilbert, "An iterative procedure for computing the minimum of a quadratic form on a
/// convex set", 1966). Each pass moves z towards the p with the smallest product with z. The search starts from the mean of all
/// corrections, which is a point of the hull and separates.
pub(super) fn margin(mut z: Vec<f64>, data: &Data, unit: usize) -> Margin {
    let sign = |i: usize| if data.is(unit, i) { 1.0 } else { -1.0 };
    let square = |i: usize| data.x.row(i).dot(&data.x.row(i)) + 1.0;
    let radius = (0..data.x.nrows()).map(square).fold(0.0, f64::max).sqrt();
    let mut best = 0.0f64;
    for _ in 0..(WORK / data.x.len()).clamp(1, PASSES) {
        let (i, least) = (0..data.x.nrows())
            .map(|i| (i, sign(i) * net(&z, data.x.row(i))))
            .fold((0, f64::INFINITY), |least, one| if one.1 < least.1 { one } else { least });
        let square = dot(&z, &z);
        best = best.max(least / square.sqrt());
        if best >= 0.999 * square.sqrt() {
            break;
        }
        let p: Vec<f64> = data.x.row(i).iter().chain([&1.0]).map(|x| sign(i) * x).collect();
        let part = ((square - least) / (square - 2.0 * least + dot(&p, &p))).clamp(0.0, 1.0);
        z.iter_mut().zip(&p).for_each(|(z, p)| *z += part * (p - *z));
    }
    Margin { margin: best, radius, bound: (radius / best) * (radius / best) }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    aview1(a).dot(&aview1(b))
}
