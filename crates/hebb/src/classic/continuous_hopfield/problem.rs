//! A network as it is given: by weights and bias, or by the energy that it minimises.

use super::options::Options;
use super::run::Run;
use super::statement::{Constraint, Statement, check_symmetric};
use super::weights::Weights;
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;

/// A constraint without its coefficients.
#[derive(Clone, Debug)]
pub struct Named {
    name: String,
    equals: f64,
    weight: f64,
}

/// What states an energy, besides its matrix and vectors.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The weight of v(1 − v), one for all units or one per unit.
    pub binary: Vec<f64>,
    /// The constraints.
    pub constraints: Vec<Named>,
}

deserialize! { Stated, "the energy"; }

impl Read for Named {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            name: f.required("name")?,
            equals: f.number("equals", None),
            weight: f.number("weight", None),
        };
        f.end(read)
    }
}

impl Read for Stated {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self { binary: f.required("binary")?, constraints: f.required("constraints")? };
        f.end(read)
    }
}

impl Stated {
    fn with(self, quadratic: Vec<f64>, linear: Vec<f64>, coefficients: &[f64]) -> Result<Statement> {
        let (units, count) = (linear.len(), self.constraints.len());
        if coefficients.len() != units * count {
            let n = coefficients.len();
            return Err(Error::shape(format!(
                "energy: {n} coefficients for {count} constraints of {units} units"
            )));
        }
        let binary = match self.binary.len() {
            1 => vec![self.binary[0]; units],
            n if n == units => self.binary,
            n => return Err(Error::shape(format!("energy: {n} values of binary for {units} units"))),
        };
        let rows = coefficients.chunks_exact(units.max(1));
        let constraint = |(Named { name, equals, weight }, row): (Named, &[f64])| {
            if row.iter().all(|a| *a == 0.0) {
                return Err(Error::data(format!("energy: all coefficients of constraint {name} are 0")));
            }
            Ok(Constraint { name, coefficients: row.to_vec(), equals, weight })
        };
        let constraints = self.constraints.into_iter().zip(rows).map(constraint).collect::<Result<_>>()?;
        Ok(Statement { quadratic, linear, binary, constraints })
    }
}

/// A network that runs, and the energy by which it was given.
pub struct Problem {
    /// The run.
    pub run: Run,
    /// The energy, if the network was given by it.
    pub statement: Option<Statement>,
}

impl Problem {
    /// From weights `[units, units]` and bias; with `stated` from a quadratic term, which may be empty, a linear one and the
    /// coefficients of all constraints.
    pub fn new(
        options: Options,
        stated: Option<Stated>,
        matrix: Vec<f64>,
        vector: Vec<f64>,
        coefficients: &[f64],
        start: &[f64],
    ) -> Result<Self> {
        if vector.is_empty() {
            return Err(Error::data("continuousHopfield: it needs at least one unit"));
        }
        let Some(stated) = stated else {
            check_symmetric("continuousHopfield: weights", &matrix, vector.len())?;
            if let Some(i) = vector.iter().position(|value| !value.is_finite()) {
                let value = vector[i];
                return Err(Error::data(format!(
                    "continuousHopfield: bias[{i}] is {value}: it must be a finite number"
                )));
            }
            let run = Run::new(Weights::Dense(matrix), vector, start, options)?;
            return Ok(Self { run, statement: None });
        };
        let statement = stated.with(matrix, vector, coefficients)?;
        let (weights, bias) = statement.network()?;
        let run = Run::new(Weights::Dense(weights), bias, start, options)?;
        Ok(Self { run, statement: Some(statement) })
    }
}
