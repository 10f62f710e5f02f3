//! Independent tasks over rayon's pool of threads.
//!
//! A region of tasks takes from tens of microseconds to milliseconds, and another follows soon; a sleeping thread needs some
//! 50 µs to wake up. So a job of rayon's, `watch`, looks out for regions, and returns to rayon if none has come for a
//! while; then rayon puts the thread to sleep. (By itself rayon does the same natively; in WebAssembly its threads sleep
//! at once, because yielding does nothing there.)
//!
//! One region is open at a time. A nested or concurrent call runs serially on the calling thread.

mod hand_off;
mod shared;

/// What the hand-off is built of; its model has loom's.
mod sync {
    pub use std::hint::spin_loop;
    pub use std::sync::atomic::{AtomicU32, Ordering};
    pub use std::sync::{Condvar, Mutex, PoisonError};

    /// Spin iterations before a waiting thread gives up (50–100 µs).
    pub const SPIN_LIMIT: usize = if cfg!(miri) { 8 } else { 1 << 15 };
}

use crate::error::{Error, Result};
use hand_off::HandOff;
pub use shared::Shared;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering::*};
use std::sync::{Condvar, Mutex};

/// The most threads that can take part: each costs an arena and a stack, and more than cores bring nothing.
pub const MAX_THREADS: usize = 128;

static THREADS: OnceLock<usize> = OnceLock::new();

/// How many threads take part, the one that opens a region among them. Unless [`start`] has been called, natively as many as
/// the machine runs at once, up to [`MAX_THREADS`]; in WebAssembly one.
pub fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    let threads = *THREADS.get_or_init(|| build(default_threads()));
    #[cfg(target_arch = "wasm32")]
    let threads = *THREADS.get().unwrap_or(&1);
    #[cfg(any(test, feature = "selftest"))]
    let threads = threads.min(MOST.get());
    threads
}

#[cfg(not(target_arch = "wasm32"))]
fn default_threads() -> usize {
    // Tests take more than there are cores.
    if cfg!(test) {
        return std::env::var("HEBB_THREADS").map_or(33, |threads| threads.parse().expect("a number"));
    }
    std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS)
}

#[cfg(any(test, feature = "selftest"))]
thread_local! {
    static MOST: std::cell::Cell<usize> = const { std::cell::Cell::new(usize::MAX) };
}

/// Works as if no more threads than that took part in the regions that the calling thread opens.
#[cfg(any(test, feature = "selftest"))]
pub fn with_threads<R>(most: usize, work: impl FnOnce() -> R) -> R {
    let before = MOST.replace(most);
    let result = work();
    MOST.set(before);
    result
}

/// Sets how many threads take part; a second call changes nothing. In WebAssembly rayon's global pool must have one thread
/// less by then, and before it one thread takes part.
pub fn start(threads: usize) -> Result<()> {
    if !(1..=MAX_THREADS).contains(&threads) {
        return Err(Error::option(format!("threads is {threads}: from 1 to {MAX_THREADS} can take part")));
    }
    THREADS.get_or_init(|| build(threads));
    Ok(())
}

/// Builds rayon's global pool. In WebAssembly JavaScript has done so.
fn build(threads: usize) -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    if threads > 1 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads - 1).build_global();
        // The program may have built it before.
        return pool.map_or_else(|_| rayon::current_num_threads().min(MAX_THREADS - 1) + 1, |()| threads);
    }
    threads
}

/// Runs `task(index)` for every index below `tasks`. Which thread takes which task is left to chance, so a task's
/// result must depend on its index alone.
pub fn for_each(tasks: usize, task: impl Fn(usize) + Sync) {
    run(tasks, usize::MAX, &|index, _| task(index));
}

/// Below this many multiply–adds [`tasks`] wakes no other thread: that takes longer.
const INLINE_MULTIPLY_ADDS: usize = 1 << 17;

/// As [`for_each`], in the calling thread alone if all tasks together have few multiply–adds. Not generic, so that there is one
/// copy.
pub fn tasks(count: usize, multiply_adds: usize, task: &(dyn Fn(usize) + Sync)) {
    if multiply_adds < INLINE_MULTIPLY_ADDS {
        (0..count).for_each(task);
    } else {
        for_each(count, task);
    }
}

/// Runs `task(index, slot)` likewise, for tasks that need memory to work in: a slot is below `slots`, and no two tasks
/// with the same slot run at once. So no more threads take part than there are slots.
pub fn for_each_slot(tasks: usize, slots: usize, task: impl Fn(usize, usize) + Sync) {
    assert!(slots > 0 || tasks == 0, "tasks without a slot");
    run(tasks, slots, &task);
}

/// How many slots so many tasks can use.
pub fn slots(tasks: usize) -> usize {
    threads().min(tasks)
}

/// The open region, if there is one.
static REGION: AtomicPtr<Region<'static>> = AtomicPtr::new(std::ptr::null_mut());
static HAND_OFF: HandOff = HandOff { state: AtomicU32::new(0), lock: Mutex::new(()), empty: Condvar::new() };
/// Whether a region is open; whoever sets it may open one.
static BUSY: AtomicBool = AtomicBool::new(false);

/// Not generic, so that there is one copy, not one for each task.
fn run(tasks: usize, slots: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    // On a page's main thread nothing may wait, so one thread has no pool.
    let slots = slots.min(tasks).min(threads());
    if slots <= 1 || BUSY.swap(true, SeqCst) {
        return (0..tasks).for_each(|index| task(index, 0));
    }
    let region = Region { tasks, slots, task, next: AtomicUsize::new(0), panicked: AtomicBool::new(false) };
    // The pool forgets the region before it ends.
    let forever = std::ptr::from_ref(&region).cast::<Region<'static>>();
    REGION.store(forever.cast_mut(), SeqCst);
    // All are woken: which of them sleep, and so have which slot, rayon does not say.
    let watchers = *THREADS.get().expect("threads() is more than 1") - 1;
    for _ in 0..HAND_OFF.open(watchers as u32) {
        rayon::spawn(watch);
    }
    region.work(0);
    HAND_OFF.close();
    BUSY.store(false, SeqCst);
    assert!(!region.panicked.into_inner(), "a task panicked");
}

/// Works in regions, as a job of rayon's, until none has come for a while.
fn watch() {
    // Always the same, so that a thread finds in its cache what it had worked with.
    let slot = rayon::current_thread_index().expect("rayon runs it") + 1;
    let mut last = None;
    while HAND_OFF.enter(&mut last) {
        // SAFETY: whoever opened the region keeps it until nobody is inside any more.
        unsafe { (*REGION.load(SeqCst)).work(slot) };
        HAND_OFF.leave();
    }
}

/// Tasks, and how far they are.
struct Region<'a> {
    tasks: usize,
    /// Only threads whose slot is below take part.
    slots: usize,
    task: &'a (dyn Fn(usize, usize) + Sync),
    next: AtomicUsize,
    panicked: AtomicBool,
}

impl Region<'_> {
    /// Runs tasks until there are none left.
    fn work(&self, slot: usize) {
        if slot >= self.slots {
            return;
        }
        // Whoever asks is the first at work, and would leave nothing to slots beyond the cores.
        #[cfg(feature = "checked")]
        for _ in slot..self.slots {
            std::thread::yield_now();
            (0..1000).for_each(|_| std::hint::spin_loop());
        }
        let work = || loop {
            let index = self.next.fetch_add(1, Relaxed);
            if index >= self.tasks {
                return;
            }
            (self.task)(index, slot);
        };
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            self.panicked.store(true, Relaxed);
        }
    }
}

/// Parameters per slice.
pub const SLICE_PARAMETERS: usize = 1 << 13;

/// Below this many parameters the slices run on the calling thread: they take about 25 µs there, and waking a sleeping pool
/// takes longer.
pub const INLINE_PARAMETERS: usize = 1 << 15;

/// Runs `task(number, range)` for each slice of `parameters`, in parallel if there are enough. The cut depends on
/// `parameters` alone.
pub fn slices(parameters: usize, task: impl Fn(usize, Range<usize>) + Sync) {
    let run = |number: usize| {
        task(number, number * SLICE_PARAMETERS..parameters.min((number + 1) * SLICE_PARAMETERS));
    };
    let count = parameters.div_ceil(SLICE_PARAMETERS);
    if parameters < INLINE_PARAMETERS {
        (0..count).for_each(run);
    } else {
        for_each(count, run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_runs_once_in_a_slot_that_is_there_and_is_its_own() {
        for round in 0..if cfg!(miri) { 60 } else { 6000 } {
            let (tasks, slots) = (round % 50, round % 7 + 1);
            let runs: Vec<AtomicUsize> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
            let inside: Vec<AtomicBool> = (0..slots).map(|_| AtomicBool::new(false)).collect();
            for_each_slot(tasks, slots, |index, slot| {
                assert!(!inside[slot].swap(true, SeqCst));
                runs[index].fetch_add(1, SeqCst);
                inside[slot].store(false, SeqCst);
            });
            assert!(runs.iter().all(|runs| runs.load(SeqCst) == 1));
        }
    }

    #[test]
    fn a_region_in_a_task_is_done_by_its_thread() {
        let sum = AtomicUsize::new(0);
        for_each(10, |_| for_each(10, |index| _ = sum.fetch_add(index, SeqCst)));
        assert_eq!(sum.into_inner(), 450);
    }

    #[test]
    fn a_panic_in_a_task_reaches_who_asked() {
        let tasks = || for_each(100, |index| assert!(index != 50, "task 50"));
        assert!(catch_unwind(tasks).is_err());
        for_each(100, |_| ());
    }

    #[test]
    fn threads_are_limited() {
        assert!(start(0).is_err());
        let error = start(MAX_THREADS + 1).unwrap_err();
        assert_eq!(error.message, "threads is 129: from 1 to 128 can take part");
    }
}
