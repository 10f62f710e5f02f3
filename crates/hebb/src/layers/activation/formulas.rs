//! The formulas of the activations that have no kernel of their own.

use crate::expression::{Expression, Operation};
use crate::options::Activation;
use std::f32::consts::FRAC_1_SQRT_2;

/// Builds a formula: each method adds an operation and returns its number.
struct Formula(Vec<Operation>);

impl Formula {
    fn add(&mut self, operation: Operation) -> usize {
        self.0.push(operation);
        self.0.len() - 1
    }

    fn number(&mut self, value: f32) -> usize {
        self.add(Operation::Number(value.into()))
    }

    /// A value times a number.
    fn scaled(&mut self, a: usize, by: f32) -> usize {
        let by = self.number(by);
        self.add(Operation::Times(a, by))
    }

    /// A value plus a number.
    fn shifted(&mut self, a: usize, by: f32) -> usize {
        let by = self.number(by);
        self.add(Operation::Plus(a, by))
    }
}

/// The formula of an activation; `None` if it has a kernel of its own or is user-defined.
pub(crate) fn formula(activation: &Activation) -> Option<Expression> {
    use Operation::{Abs, Erf, Exp, Maximum, Minimum, Over, Softplus, Tanh, Times, Where};
    let mut f = Formula(vec![Operation::Input(0)]);
    let x = 0;
    match *activation {
        // x above 0, else slope·x.
        Activation::LeakyRelu { slope } => {
            let (zero, below) = (f.number(0.0), f.scaled(x, slope));
            f.add(Where(x, zero, x, below));
        }
        // x above 0, else α·(eˣ − 1).
        Activation::Elu { alpha } => exponential(&mut f, alpha, 1.0),
        Activation::Selu => exponential(&mut f, SELU_ALPHA, SELU_SCALE),
        // x·Φ(x) = ½·x·(1 + erf(x/√2)).
        Activation::Gelu => {
            let inner = f.scaled(x, FRAC_1_SQRT_2);
            let erf = f.add(Erf(inner));
            let twice = f.shifted(erf, 1.0);
            let half = f.scaled(x, 0.5);
            f.add(Times(half, twice));
        }
        Activation::Mish => {
            let inner = f.add(Softplus(x));
            let tanh = f.add(Tanh(inner));
            f.add(Times(x, tanh));
        }
        Activation::Softplus => {
            f.add(Softplus(x));
        }
        Activation::Softsign => {
            let size = f.add(Abs(x));
            let below = f.shifted(size, 1.0);
            f.add(Over(x, below));
        }
        Activation::Gaussian => {
            let square = f.add(Times(x, x));
            let minus = f.scaled(square, -1.0);
            f.add(Exp(minus));
        }
        Activation::LecunTanh => {
            let inner = f.scaled(x, 2.0 / 3.0);
            let tanh = f.add(Tanh(inner));
            f.scaled(tanh, 1.7159);
        }
        // x/6 + ½, clamped to 0 … 1.
        Activation::HardSigmoid => {
            let sixth = f.scaled(x, 1.0 / 6.0);
            let line = f.shifted(sixth, 0.5);
            let (zero, one) = (f.number(0.0), f.number(1.0));
            let above = f.add(Maximum(line, zero));
            f.add(Minimum(above, one));
        }
        Activation::Step => threshold(&mut f, 0.0),
        Activation::Sign => threshold(&mut f, -1.0),
        _ => return None,
    }
    Some(Expression { operations: f.0 })
}

/// The constants that give SELU its fixed point at mean 0 and variance 1 (Klambauer et al. 2017).
const SELU_ALPHA: f32 = 1.673_263_2;
const SELU_SCALE: f32 = 1.050_701;

/// scale·x above 0, else scale·α·(eˣ − 1).
fn exponential(f: &mut Formula, alpha: f32, scale: f32) {
    let (x, zero) = (0, f.number(0.0));
    // In this order, so that the slope at 0 is that of the exponential: the minimum of equal values is the second.
    let below = f.add(Operation::Minimum(zero, x));
    let rest = f.add(Operation::Expm1(below));
    let (left, right) = (f.scaled(x, scale), f.scaled(rest, alpha * scale));
    f.add(Operation::Where(x, zero, left, right));
}

/// `low` below 0, else 1.
fn threshold(f: &mut Formula, low: f32) {
    let (zero, low, one) = (f.number(0.0), f.number(low), f.number(1.0));
    f.add(Operation::Where(zero, 0, low, one));
}
