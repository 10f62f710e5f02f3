//! Reverse-mode differentiation of expressions: from the last operation to the first, each passes its share of the derivative
//! to its operands. Equal operations are merged, constants folded.

use super::Operation::{self, *};

/// The operations, followed by those of the derivatives by the first `inputs` times `seed`, and the indices of these.
pub(super) fn derive(
    operations: &[Operation],
    seed: Operation,
    inputs: usize,
) -> (Vec<Operation>, Vec<usize>) {
    let mut all = Operations(operations.to_vec());
    // The derivative by each operation's result, as far as known.
    let mut shares: Vec<Option<usize>> = vec![None; operations.len()];
    let seed = all.add(seed);
    shares[operations.len() - 1] = Some(seed);
    for at in (0..operations.len()).rev() {
        let Some(share) = shares[at] else { continue };
        let mut give = |all: &mut Operations, to: usize, more: usize| {
            shares[to] = Some(match shares[to] {
                Some(sum) => all.plus(sum, more),
                None => more,
            });
        };
        match operations[at] {
            Input(_) | Number(_) => {}
            Plus(a, b) => {
                give(&mut all, a, share);
                give(&mut all, b, share);
            }
            Minus(a, b) => {
                give(&mut all, a, share);
                let minus = all.negative(share);
                give(&mut all, b, minus);
            }
            Times(a, b) => {
                let (left, right) = (all.times(share, b), all.times(share, a));
                give(&mut all, a, left);
                give(&mut all, b, right);
            }
            Over(a, b) => {
                // d(a/b) = da/b − (a/b)/b·db.
                let left = all.over(share, b);
                give(&mut all, a, left);
                let right = all.times(left, at);
                let right = all.negative(right);
                give(&mut all, b, right);
            }
            Power(a, exponent) => {
                let factor = all.add(Number(exponent));
                // The share first: if it is 0, as of e^−x² far out, the power may overflow.
                let (part, power) = (all.times(share, factor), all.power(a, exponent - 1.0));
                let more = all.times(part, power);
                give(&mut all, a, more);
            }
            Exp(a) => {
                let more = all.times(share, at);
                give(&mut all, a, more);
            }
            Expm1(a) => {
                let slope = all.add(Exp(a));
                let more = all.times(share, slope);
                give(&mut all, a, more);
            }
            Log(a) => {
                let more = all.over(share, a);
                give(&mut all, a, more);
            }
            Sqrt(a) => {
                let half = all.add(Number(0.5));
                let half = all.times(share, half);
                let more = all.over(half, at);
                give(&mut all, a, more);
            }
            Abs(a) => {
                // 0 at 0, as elsewhere.
                let (zero, minus) = (all.add(Number(0.0)), all.negative(share));
                let negative = all.add(Where(zero, a, minus, zero));
                let more = all.add(Where(a, zero, share, negative));
                give(&mut all, a, more);
            }
            Tanh(a) => {
                let (one, square) = (all.add(Number(1.0)), all.times(at, at));
                let slope = all.minus(one, square);
                let more = all.times(share, slope);
                give(&mut all, a, more);
            }
            Sigmoid(a) => {
                let one = all.add(Number(1.0));
                let rest = all.minus(one, at);
                let slope = all.times(at, rest);
                let more = all.times(share, slope);
                give(&mut all, a, more);
            }
            Softplus(a) => {
                let slope = all.add(Sigmoid(a));
                let more = all.times(share, slope);
                give(&mut all, a, more);
            }
            Erf(a) => {
                // 2/√π · e^(−a²).
                let (square, factor) = (all.times(a, a), all.add(Number(std::f64::consts::FRAC_2_SQRT_PI)));
                let minus = all.negative(square);
                let bell = all.add(Exp(minus));
                let slope = all.times(factor, bell);
                let more = all.times(share, slope);
                give(&mut all, a, more);
            }
            // The maximum of equal values is the second, so that max(x, 0) has slope 0 at 0.
            Maximum(a, b) => {
                let zero = all.add(Number(0.0));
                let (left, right) = (all.add(Where(a, b, share, zero)), all.add(Where(a, b, zero, share)));
                give(&mut all, a, left);
                give(&mut all, b, right);
            }
            Minimum(a, b) => {
                let zero = all.add(Number(0.0));
                let (left, right) = (all.add(Where(b, a, share, zero)), all.add(Where(b, a, zero, share)));
                give(&mut all, a, left);
                give(&mut all, b, right);
            }
            Where(a, b, c, d) => {
                let zero = all.add(Number(0.0));
                let (left, right) = (all.add(Where(a, b, share, zero)), all.add(Where(a, b, zero, share)));
                give(&mut all, c, left);
                give(&mut all, d, right);
            }
        }
    }
    // An input may occur several times.
    let mut totals = vec![None; inputs];
    for (at, operation) in operations.iter().enumerate() {
        if let (&Input(input), Some(share)) = (operation, shares[at])
            && let Some(total) = totals.get_mut(input)
        {
            *total = Some(total.map_or(share, |sum| all.plus(sum, share)));
        }
    }
    let totals = totals.into_iter().map(|total| total.unwrap_or_else(|| all.add(Number(0.0)))).collect();
    (all.0, totals)
}

struct Operations(Vec<Operation>);

impl Operations {
    /// The index of an operation, which is added if it is new.
    fn add(&mut self, operation: Operation) -> usize {
        self.0.iter().position(|own| *own == operation).unwrap_or_else(|| {
            self.0.push(operation);
            self.0.len() - 1
        })
    }

    fn number(&self, at: usize) -> Option<f64> {
        match self.0[at] {
            Number(value) => Some(value),
            _ => None,
        }
    }

    fn plus(&mut self, a: usize, b: usize) -> usize {
        match (self.number(a), self.number(b)) {
            (Some(a), Some(b)) => self.add(Number(a + b)),
            (Some(0.0), _) => b,
            (_, Some(0.0)) => a,
            _ => self.add(Plus(a, b)),
        }
    }

    fn minus(&mut self, a: usize, b: usize) -> usize {
        match (self.number(a), self.number(b)) {
            (Some(a), Some(b)) => self.add(Number(a - b)),
            (_, Some(0.0)) => a,
            _ => self.add(Minus(a, b)),
        }
    }

    fn negative(&mut self, a: usize) -> usize {
        let zero = self.add(Number(0.0));
        self.minus(zero, a)
    }

    fn times(&mut self, a: usize, b: usize) -> usize {
        match (self.number(a), self.number(b)) {
            (Some(a), Some(b)) => self.add(Number(a * b)),
            (Some(1.0), _) => b,
            (_, Some(1.0)) => a,
            (Some(0.0), _) => a,
            (_, Some(0.0)) => b,
            _ => self.add(Times(a, b)),
        }
    }

    fn over(&mut self, a: usize, b: usize) -> usize {
        match self.number(b) {
            Some(1.0) => a,
            _ => self.add(Over(a, b)),
        }
    }

    fn power(&mut self, a: usize, exponent: f64) -> usize {
        match exponent {
            0.0 => self.add(Number(1.0)),
            1.0 => a,
            _ => self.add(Power(a, exponent)),
        }
    }
}
