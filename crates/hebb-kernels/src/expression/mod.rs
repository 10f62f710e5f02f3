//! Formulas that users write: operations, compiled to programs, which run over rows of values.

mod program;
mod run;

pub use program::{Program, SLOTS, Step, Target};
pub use run::run;

/// An operation on the results of earlier ones, given by their indices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// An input: 0 is x or the output, 1 the target; for a function of several variables the one with this index.
    Input(usize),
    /// A constant.
    Number(f64),
    /// a + b.
    Plus(usize, usize),
    /// a − b.
    Minus(usize, usize),
    /// a·b.
    Times(usize, usize),
    /// a / b.
    Over(usize, usize),
    /// x to a fixed power.
    Power(usize, f64),
    /// eˣ.
    Exp(usize),
    /// eˣ − 1.
    Expm1(usize),
    /// ln x.
    Log(usize),
    /// √x.
    Sqrt(usize),
    /// |x|.
    Abs(usize),
    /// tanh x.
    Tanh(usize),
    /// 1 / (1 + e⁻ˣ).
    Sigmoid(usize),
    /// ln(1 + eˣ).
    Softplus(usize),
    /// The error function.
    Erf(usize),
    /// The larger; NaN if either is.
    Maximum(usize, usize),
    /// The smaller; NaN if either is.
    Minimum(usize, usize),
    /// The third if the first is greater than the second, else the fourth; NaN if the first or the second is.
    Where(usize, usize, usize, usize),
}
