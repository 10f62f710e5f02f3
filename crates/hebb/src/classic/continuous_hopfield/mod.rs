//! The continuous Hopfield network ("Neurons with graded response have collective computational properties like those of
//! two-state neurons", PNAS 81, 1984): outputs v = g(λu) in 0…1, whose potentials follow
//!
//! C·du/dt = Wv − u/R + I,
//!
//! so that E = −½ΣΣwᵢⱼvᵢvⱼ + (1/λ)Σ(1/Rᵢ)∫₀^{vᵢ}g⁻¹(v)dv − ΣIᵢvᵢ never rises if W is symmetric. g(x) = 1/(1 + e⁻ˣ), which is
//! Hopfield and Tank's ½(1 + tanh(u/u₀)) with λ = 2/u₀.

mod network;
mod options;
mod problem;
mod run;
mod statement;
mod subspace;
mod travelling_salesman;
mod weights;

pub use network::{Energy, Point};
pub use options::{Anneal, Integrator, Options};
pub use problem::{Problem, Stated};
pub use run::{Moment, Run, Stop};
pub use statement::{Constraint, Statement, Verdict, check_symmetric};
pub use travelling_salesman::{Method, Salesman, Tour, TourOptions};
pub use weights::Weights;

#[cfg(test)]
mod tests;
