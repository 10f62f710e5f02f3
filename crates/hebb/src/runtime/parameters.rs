//! The parameters of a network, with a version that changes with them.

use std::ops::{Deref, DerefMut};

pub(crate) struct Parameters {
    values: Vec<f32>,
    version: u64,
}

impl Parameters {
    pub fn new(values: Vec<f32>) -> Self {
        Self { values, version: 1 }
    }

    /// A different number after every change; never 0.
    pub fn version(&self) -> u64 {
        self.version
    }
}

impl Deref for Parameters {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values
    }
}

impl DerefMut for Parameters {
    fn deref_mut(&mut self) -> &mut [f32] {
        self.version += 1;
        &mut self.values
    }
}
