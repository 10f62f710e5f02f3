//! The loss of the best constant answer: the baseline of a network that learns nothing from its inputs.

use super::Losses;
use crate::data::Dataset;
use crate::plan::Plan;

impl Losses {
    /// The loss of the best constant answer to the targets of a data set, which fit the plan; without the regularisation term.
    /// `None` if it is 0, because all targets are the same, if an output's loss is a user-defined formula, or if the lengths of
    /// sequences vary.
    pub(crate) fn constant(&self, data: &Dataset, plan: &Plan) -> Option<f64> {
        let (mut from, mut sum) = (0, 0.0);
        for (loss, output) in self.all(plan).iter().zip(&plan.outputs) {
            let to = from + output.features();
            let (term, steps) = (loss.term(), output.steps());
            if output.lengths.is_some() {
                return None;
            }
            // A constant for each time step.
            for moments in data.moments(from..to).chunks_exact(output.features() / steps) {
                let share = if term.is_sum() { 1.0 } else { 1.0 / steps as f64 };
                sum += term.constant(moments, data.len())? * share;
            }
            from = to;
        }
        let loss = if self.is_root() { sum.sqrt() } else { sum };
        (loss > 0.0).then_some(loss)
    }
}

/// −Σ m·ln(m / Σm): the minimum of −Σ m·ln p over all p.
pub(super) fn entropy(masses: impl Iterator<Item = f64> + Clone) -> f64 {
    let total: f64 = masses.clone().sum();
    masses.filter(|&mass| mass > 0.0).map(|mass| -mass * (mass / total).ln()).sum()
}

#[cfg(test)]
mod tests {
    use crate::losses::Loss;

    /// Of losses −Σ m·ln p and Σ(t − a)² the best constant is found by trying.
    #[test]
    fn no_constant_answer_is_better() {
        let moments = [(0.2, 0.16), (0.5, 0.25), (0.3, 0.21)];
        let weights = vec![1.0, 2.0, 0.5];
        let loss = Loss::CrossEntropy { smoothing: 0.1, weights: weights.clone(), rubbish: None };
        let found = loss.term().constant(&moments, 10).unwrap_or_default();
        let mut least = f64::INFINITY;
        for i in 1..100 {
            for j in 1..100 - i {
                let p = [f64::from(i) / 100.0, f64::from(j) / 100.0, f64::from(100 - i - j) / 100.0];
                let loss: f64 = (0..3)
                    .map(|c| -f64::from(weights[c]) * (0.9 * moments[c].0 + 0.1 / 3.0) * p[c].ln())
                    .sum();
                least = least.min(loss);
            }
        }
        assert!(found <= least && least < found + 1e-3, "{found} {least}");
        let binary = Loss::BinaryCrossEntropy { positive: 3.0 };
        let found = binary.term().constant(&moments[..1], 10).unwrap_or_default();
        let least = (1..1000).map(|i| f64::from(i) / 1000.0);
        let least = least.map(|p| -(0.6 * p.ln() + 0.8 * (1.0 - p).ln())).fold(f64::INFINITY, f64::min);
        assert!(found <= least && least < found + 1e-4, "{found} {least}");
    }
}
