//! Runs a plan: forward and backward over blocks of samples, in memory that is allocated once, and the update of the parameters.

mod arenas;
mod executor;
mod gradients;
#[cfg(feature = "checked")]
mod guards;
mod optimizer_state;
mod parameters;
mod pass;
mod report;
mod small;
mod states;
mod update;
mod wide;

pub(crate) use arenas::Arenas;
pub(crate) use executor::{Executor, backward};
pub(crate) use gradients::TrainingState;
pub use optimizer_state::{OptimizerState, StateTensor};
pub(crate) use parameters::Parameters;
pub(crate) use pass::Pass;
pub use report::Report;
pub(crate) use states::Carried;
pub use update::Steps;
#[cfg(any(test, feature = "selftest"))]
pub(crate) use update::Update;
