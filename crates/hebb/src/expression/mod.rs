//! User-defined functions, given as formulas: activations and losses. They are differentiated here and computed by
//! vectors.
//!
//! An expression is a list of operations, each on results of earlier ones; the last is the value. As JSON:
//! `[["x"], ["sigmoid", 0], ["times", 0, 1]]` is x·σ(x).

mod derivative;
mod function;

pub(crate) use function::Function;
pub(crate) use hebb_kernels::expression::{Operation, Program};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Maximum operations of an expression.
const LIMIT: usize = 256;

/// A function of one value, `x`, or of two, `output` and `target`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub(crate) operations: Vec<Operation>,
}

impl Expression {
    /// The value, from input 0 and, for a loss, 1.
    pub(crate) fn value(&self) -> Result<Program, String> {
        Program::new(&self.operations, &[self.operations.len() - 1])
    }

    /// The derivative by x, times input 1: computes dx from dy.
    pub(crate) fn gradient(&self) -> Result<Program, String> {
        let (operations, derivative) = derivative::derive(&self.operations, Operation::Input(1), 1);
        Program::new(&operations, &derivative)
    }

    /// The value, and the derivative by input 0.
    pub(crate) fn value_and_derivative(&self) -> Result<Program, String> {
        let (operations, derivative) = derivative::derive(&self.operations, Operation::Number(1.0), 1);
        Program::new(&operations, &[self.operations.len() - 1, derivative[0]])
    }

    /// Whether it reads a target.
    pub(crate) fn reads_target(&self) -> bool {
        self.operations.contains(&Operation::Input(1))
    }

    pub(crate) fn parse(json: &serde_json::Value) -> Result<Self, String> {
        Ok(Self { operations: operations(json, LIMIT, operation)? })
    }

    fn json(&self) -> serde_json::Value {
        use Operation::*;
        let target = self.reads_target();
        let one = |operation: &Operation| {
            let (name, operands, number): (_, &[usize], _) = match *operation {
                Input(0) if !target => ("x", &[], None),
                Input(0) => ("output", &[], None),
                Input(_) => ("target", &[], None),
                Number(value) => ("number", &[], Some(value)),
                Plus(a, b) => ("plus", &[a, b], None),
                Minus(a, b) => ("minus", &[a, b], None),
                Times(a, b) => ("times", &[a, b], None),
                Over(a, b) => ("over", &[a, b], None),
                Power(a, exponent) => ("power", &[a], Some(exponent)),
                Exp(a) => ("exp", &[a], None),
                Expm1(a) => ("expm1", &[a], None),
                Log(a) => ("log", &[a], None),
                Sqrt(a) => ("sqrt", &[a], None),
                Abs(a) => ("abs", &[a], None),
                Tanh(a) => ("tanh", &[a], None),
                Sigmoid(a) => ("sigmoid", &[a], None),
                Softplus(a) => ("softplus", &[a], None),
                Erf(a) => ("erf", &[a], None),
                Maximum(a, b) => ("maximum", &[a, b], None),
                Minimum(a, b) => ("minimum", &[a, b], None),
                Where(a, b, c, d) => ("where", &[a, b, c, d], None),
            };
            let mut list = vec![serde_json::Value::from(name)];
            list.extend(operands.iter().map(|&operand| operand.into()));
            list.extend(number.map(serde_json::Value::from));
            serde_json::Value::Array(list)
        };
        self.operations.iter().map(one).collect()
    }
}

/// The operations of a list of at most `limit`; `read` gets each one's index and JSON.
fn operations(
    json: &serde_json::Value,
    limit: usize,
    read: impl Fn(usize, &serde_json::Value) -> Result<Operation, String>,
) -> Result<Vec<Operation>, String> {
    let list =
        json.as_array().filter(|list| !list.is_empty()).ok_or("an expression is a list of operations")?;
    if list.len() > limit {
        return Err(format!("an expression of {} operations is too long: at most {limit}", list.len()));
    }
    list.iter().enumerate().map(|(at, one)| read(at, one)).collect()
}

/// The operation at an index: a name, and indices of earlier ones.
fn operation(at: usize, json: &serde_json::Value) -> Result<Operation, String> {
    use Operation::*;
    let wrong = || format!("operation {at} of the expression, {json}, is none that there is");
    let list = json.as_array().ok_or_else(wrong)?;
    let name = list.first().and_then(|name| name.as_str()).ok_or_else(wrong)?;
    let number = |i: usize| -> Result<f64, String> {
        let value = list.get(i).and_then(serde_json::Value::as_f64).ok_or_else(wrong)?;
        if (value as f32).is_finite() {
            return Ok(value);
        }
        Err(format!("{value} in the expression is not finite in 32 bits"))
    };
    let earlier = |i: usize| -> Result<usize, String> {
        let value = list.get(i).and_then(serde_json::Value::as_u64).filter(|&value| value < at as u64);
        value.map(|value| value as usize).ok_or_else(wrong)
    };
    let unary = |make: fn(usize) -> Operation| earlier(1).map(make);
    let binary = |make: fn(usize, usize) -> Operation| Ok(make(earlier(1)?, earlier(2)?));
    match name {
        "x" | "output" => Ok(Input(0)),
        "target" => Ok(Input(1)),
        "number" => number(1).map(Number),
        "plus" => binary(Plus),
        "minus" => binary(Minus),
        "times" => binary(Times),
        "over" => binary(Over),
        "power" => Ok(Power(earlier(1)?, number(2)?)),
        "exp" => unary(Exp),
        "expm1" => unary(Expm1),
        "log" => unary(Log),
        "sqrt" => unary(Sqrt),
        "abs" => unary(Abs),
        "tanh" => unary(Tanh),
        "sigmoid" => unary(Sigmoid),
        "softplus" => unary(Softplus),
        "erf" => unary(Erf),
        "maximum" => binary(Maximum),
        "minimum" => binary(Minimum),
        "where" => Ok(Where(earlier(1)?, earlier(2)?, earlier(3)?, earlier(4)?)),
        _ => Err(wrong()),
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&serde_json::Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(serializer)
    }
}
