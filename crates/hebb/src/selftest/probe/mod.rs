//! Measurements for benchmarks: the passes of a convolution one by one, and the peak of the machine.

pub mod convolution;
pub use hebb_kernels::peak;
