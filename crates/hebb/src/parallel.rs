//! The one place that knows rayon: independent tasks over the threads of the pool.

use rayon::prelude::*;

/// How many threads take part.
pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// Runs `task(index, slot)` for every index below `tasks`. `slot` is the number of the thread that runs
/// it, below [`threads`]: no two tasks with the same slot run at once. Which thread takes which task is
/// left to chance, so a task's result must depend on its index alone.
pub fn for_each(tasks: usize, task: impl Fn(usize, usize) + Sync) {
    run(tasks, &task);
}

/// Not generic, so that there is one copy of rayon's part, not one for each task.
fn run(tasks: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    if tasks <= 1 || threads() == 1 {
        // On a page's main thread nothing may wait, so one thread never enters the pool.
        (0..tasks).for_each(|index| task(index, 0));
        return;
    }
    (0..tasks).into_par_iter().with_max_len(1).for_each(|index| {
        task(index, rayon::current_thread_index().expect("a task of the pool runs on a thread of the pool"));
    });
}

/// A pointer that tasks on other threads may use, each for a part of its own.
pub(crate) struct Shared<T>(*mut T);

// SAFETY: every task that receives one writes a part that no other task touches meanwhile.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub fn new(values: &mut [T]) -> Self {
        Self(values.as_mut_ptr())
    }

    /// Of memory that holds nothing yet.
    pub fn of(values: *mut T) -> Self {
        Self(values)
    }

    pub fn at(&self, offset: usize) -> *mut T {
        self.0.wrapping_add(offset)
    }
}
