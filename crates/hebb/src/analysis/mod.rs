//! What a network computes, laid open: traces, gradient checks, collapsed layers. Nothing here changes a network.

mod activation_at;
mod collapse;
mod gradient_check;
mod trace;

pub use gradient_check::GradientCheck;
pub use trace::Trace;
