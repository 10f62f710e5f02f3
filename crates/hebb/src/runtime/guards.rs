//! Guards between the buffers of an arena (feature `checked`): they must not change, and under AddressSanitizer
//! (`--cfg hebb_asan`) must not even be read.

use super::arenas::Arenas;
use crate::plan::GUARD;
use std::ops::Range;

/// A NaN that no kernel writes.
const GUARDED: u32 = 0x7fc0_57ed;

impl Arenas {
    /// The ranges of all guards in all arenas.
    fn guards(&self) -> Vec<Range<usize>> {
        let (size, guards) = (self.layout.size.max(1), &self.layout.guards);
        let starts =
            (0..self.values.len() / size).flat_map(|arena| guards.iter().map(move |at| arena * size + at));
        starts.map(|start| start..start + GUARD).collect()
    }

    /// Kernels for a single sample may read beyond a buffer, but do not use what they read.
    fn poisoned(&self) -> bool {
        cfg!(hebb_asan) && self.layout.lanes > 1
    }

    pub fn guard(&mut self) {
        for guard in self.guards() {
            self.values[guard.clone()].fill(f32::from_bits(GUARDED));
            #[cfg(hebb_asan)]
            if self.poisoned() {
                // SAFETY: these floats are the vector's own, and none of its users has a use for them.
                unsafe { __asan_poison_memory_region(self.values[guard].as_ptr().cast(), GUARD * 4) };
            }
        }
    }

    /// # Panics
    /// If an operator wrote beyond its buffers.
    pub fn check_guards(&self) {
        for guard in if self.poisoned() { Vec::new() } else { self.guards() } {
            let whole = self.values[guard.clone()].iter().all(|value| value.to_bits() == GUARDED);
            assert!(whole, "an operator wrote beyond its buffer: {guard:?} of {:?}", self.layout);
        }
    }
}

impl Drop for Arenas {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.check_guards();
        }
    }
}

#[cfg(hebb_asan)]
unsafe extern "C" {
    fn __asan_poison_memory_region(from: *const std::ffi::c_void, bytes: usize);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;
    use crate::plan::{Life, Trained};

    #[test]
    #[should_panic(expected = "wrote beyond its buffer")]
    #[cfg_attr(hebb_asan, ignore = "AddressSanitizer ends the process first")]
    fn a_write_beyond_a_buffer_is_noticed() {
        let spec = r#"{"input":[3],"layers":[{"type":"dense","units":2}]}"#;
        let network = Network::new(serde_json::from_str(spec).unwrap()).unwrap();
        let mut arenas = Arenas::new(
            network.plan.layout(network.level.block(), Life::Training(&Trained::all(&network.plan))),
        );
        arenas.several(2).unwrap();
        let end = arenas.layout.values[0] + 3 * arenas.layout.lanes;
        arenas.values[arenas.layout.size + end] = 0.0;
        arenas.several(1).map(drop).unwrap();
    }
}
