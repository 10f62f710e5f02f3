//! Runs a plan: forward and backward over blocks of samples, in memory that is allocated once, and the update of the parameters.

mod arenas;
mod executor;
mod gradients;
#[cfg(feature = "checked")]
mod guards;
mod optimizer_state;
mod parameters;
mod report;
mod states;
mod update;

pub(crate) use arenas::Arenas;
pub(crate) use executor::{Executor, backward};
pub(crate) use gradients::{Pass, TrainingState};
pub use optimizer_state::{OptimizerState, StateTensor};
pub(crate) use parameters::Parameters;
pub use report::Report;
pub(crate) use states::Carried;
pub use update::Steps;
#[cfg(any(test, feature = "selftest"))]
pub(crate) use update::Update;
