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
    if tasks <= 1 || threads() == 1 {
        // On a page's main thread nothing may wait, so one thread never enters the pool.
        (0..tasks).for_each(|index| task(index, 0));
        return;
    }
    (0..tasks).into_par_iter().with_max_len(1).for_each(|index| {
        task(index, rayon::current_thread_index().expect("a task of the pool runs on a thread of the pool"));
    });
}
