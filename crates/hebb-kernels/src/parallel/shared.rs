//! Memory that tasks on several threads write, each a part of its own.

/// A pointer that tasks on other threads may use, each for a part of its own. With debug assertions it knows where its
/// memory ends.
pub struct Shared<T> {
    first: *mut T,
    #[cfg(any(debug_assertions, feature = "checked"))]
    count: usize,
}

// SAFETY: every task that receives one writes a part that no other task touches meanwhile.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Of all these values.
    pub fn new(values: &mut [T]) -> Self {
        Self::of(values.as_mut_ptr(), values.len())
    }

    /// Of a vector's whole capacity, which need not be initialised.
    pub fn room(values: &mut Vec<T>) -> Self {
        Self::of(values.as_mut_ptr(), values.capacity())
    }

    fn of(first: *mut T, _count: usize) -> Self {
        Self {
            first,
            #[cfg(any(debug_assertions, feature = "checked"))]
            count: _count,
        }
    }

    /// The place of the value with this number, or the end.
    pub fn at(&self, offset: usize) -> *mut T {
        #[cfg(any(debug_assertions, feature = "checked"))]
        assert!(offset <= self.count, "value {offset} of {} is asked for", self.count);
        self.first.wrapping_add(offset)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(any(debug_assertions, feature = "checked"))]
    #[should_panic(expected = "value 4 of 3 is asked for")]
    fn what_is_shared_ends() {
        let mut values = [0.0f32; 3];
        let shared = super::Shared::new(&mut values);
        shared.at(3);
        shared.at(4);
    }
}
