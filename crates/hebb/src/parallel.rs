//! Independent tasks over a pool of threads.
//!
//! A region of tasks takes from tens of microseconds to milliseconds, and soon another follows; a thread that sleeps needs
//! some 50 µs to wake up. So whoever waits watches for a while before it sleeps. (rayon does natively; in WebAssembly
//! its threads sleep at once, because there yielding is nothing.)
//!
//! One region is open at a time. What is asked for meanwhile, from within a task or by another thread, is done by
//! whoever asks, alone.

use crate::error::{Error, Result};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering::*};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

/// The most threads that can take part: each costs an arena and a stack, and more than cores bring nothing.
pub const MAX_THREADS: usize = 128;

/// Looks of a thread that waits, before it sleeps: 50 to 100 µs.
const LOOKS: usize = if cfg!(miri) { 8 } else { 1 << 15 };

static THREADS: OnceLock<usize> = OnceLock::new();

/// How many threads take part, the one that asks for a region among them. Unless that was [`start`]ed otherwise, natively
/// as many as the machine runs at once, up to [`MAX_THREADS`].
pub fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    let threads = *THREADS.get_or_init(|| spawn(default_threads()));
    #[cfg(target_arch = "wasm32")]
    let threads = *THREADS.get_or_init(|| 1);
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

/// Settles how many threads take part; a second call changes nothing. In WebAssembly JavaScript starts those that [`join`].
pub fn start(threads: usize) -> Result<()> {
    if !(1..=MAX_THREADS).contains(&threads) {
        return Err(Error::option(format!("threads is {threads}: from 1 to {MAX_THREADS} can take part")));
    }
    THREADS.get_or_init(|| spawn(threads));
    Ok(())
}

fn spawn(threads: usize) -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    (1..threads).for_each(|_| drop(std::thread::spawn(|| join())));
    threads
}

/// Lends the calling thread to the pool, for good.
pub fn join() -> ! {
    static JOINED: AtomicUsize = AtomicUsize::new(0);
    let slot = JOINED.fetch_add(1, Relaxed) + 1;
    let mut last = 0;
    loop {
        POOL.wait(|state| state & OPEN != 0 && state / OPEN != last);
        let state = POOL.state.load(SeqCst);
        if state & OPEN == 0 || POOL.state.compare_exchange(state, state + 1, SeqCst, SeqCst).is_err() {
            continue;
        }
        last = state / OPEN;
        // SAFETY: whoever opened the region keeps it until nobody is inside any more.
        unsafe { (*POOL.region.load(SeqCst)).work(slot) };
        POOL.change(|state| state - 1);
    }
}

/// Runs `task(index)` for every index below `tasks`. Which thread takes which task is left to chance, so a task's
/// result must depend on its index alone.
pub fn for_each(tasks: usize, task: impl Fn(usize) + Sync) {
    run(tasks, usize::MAX, &|index, _| task(index));
}

/// Runs `task(index, slot)` likewise, for tasks that need memory to work in: a slot is below `slots`, and no two tasks
/// with the same slot run at once. So no more threads take part than there are slots.
pub(crate) fn for_each_slot(tasks: usize, slots: usize, task: impl Fn(usize, usize) + Sync) {
    assert!(slots > 0 || tasks == 0, "tasks without a slot");
    run(tasks, slots, &task);
}

/// How many slots so many tasks can use.
pub(crate) fn slots(tasks: usize) -> usize {
    threads().min(tasks)
}

/// Not generic, so that there is one copy, not one for each task.
fn run(tasks: usize, slots: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    // On a page's main thread nothing may wait, so one thread has no pool.
    let slots = slots.min(tasks).min(threads());
    if slots <= 1 || POOL.busy.swap(true, SeqCst) {
        return (0..tasks).for_each(|index| task(index, 0));
    }
    let region = Region { tasks, slots, task, next: AtomicUsize::new(0), panicked: AtomicBool::new(false) };
    // The pool forgets the region before it ends.
    let forever = std::ptr::from_ref(&region).cast::<Region<'static>>();
    POOL.region.store(forever.cast_mut(), SeqCst);
    POOL.change(|state| state.wrapping_add(3 * OPEN));
    region.work(0);
    POOL.change(|state| state & !OPEN);
    POOL.wait(|state| state % OPEN == 0);
    POOL.busy.store(false, SeqCst);
    assert!(!region.panicked.into_inner(), "a task panicked");
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

/// Whether a region is open. Below it in a state: how many of the pool are inside; above: the number of the region.
const OPEN: u32 = 1 << 8;

// However many are inside, their number does not reach the next bit.
const _: () = assert!(MAX_THREADS < OPEN as usize);

/// What the threads share.
struct Pool {
    busy: AtomicBool,
    region: AtomicPtr<Region<'static>>,
    state: AtomicU32,
    sleepers: AtomicUsize,
    lock: Mutex<()>,
    changed: Condvar,
}

static POOL: Pool = Pool {
    busy: AtomicBool::new(false),
    region: AtomicPtr::new(std::ptr::null_mut()),
    state: AtomicU32::new(0),
    sleepers: AtomicUsize::new(0),
    lock: Mutex::new(()),
    changed: Condvar::new(),
};

impl Pool {
    /// Waits for such a state.
    fn wait(&self, ready: impl Fn(u32) -> bool) {
        let now = || ready(self.state.load(SeqCst));
        for _ in 0..LOOKS {
            if now() {
                return;
            }
            std::hint::spin_loop();
        }
        // Either the state has changed by the time it is looked at, or who changes it sees a sleeper.
        self.sleepers.fetch_add(1, SeqCst);
        let mut guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !now() {
            guard = self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        self.sleepers.fetch_sub(1, SeqCst);
    }

    fn change(&self, to: impl Fn(u32) -> u32) {
        let mut state = self.state.load(SeqCst);
        while let Err(other) = self.state.compare_exchange(state, to(state), SeqCst, SeqCst) {
            state = other;
        }
        if self.sleepers.load(SeqCst) > 0 {
            // A sleeper that has looked at the state before holds the lock until it sleeps.
            drop(self.lock.lock());
            self.changed.notify_all();
        }
    }
}

/// A pointer that tasks on other threads may use, each for a part of its own. With debug assertions it knows where its
/// memory ends.
pub(crate) struct Shared<T> {
    first: *mut T,
    #[cfg(any(debug_assertions, feature = "checked"))]
    count: usize,
}

// SAFETY: every task that receives one writes a part that no other task touches meanwhile.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub fn new(values: &mut [T]) -> Self {
        Self::of(values.as_mut_ptr(), values.len())
    }

    /// Of the room of a vector, which holds nothing yet.
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

    /// Where the value with this number lies, or the end.
    pub fn at(&self, offset: usize) -> *mut T {
        #[cfg(any(debug_assertions, feature = "checked"))]
        assert!(offset <= self.count, "value {offset} of {} is asked for", self.count);
        self.first.wrapping_add(offset)
    }
}

/// Parameters per slice.
pub(crate) const SLICE_PARAMETERS: usize = 1 << 13;

/// Below this many parameters the slices run on the calling thread: they take about 25 µs there, and waking a sleeping pool
/// takes longer.
pub(crate) const INLINE_PARAMETERS: usize = 1 << 15;

/// Runs `task(number, range)` for each slice of `parameters`, in parallel if there are enough. The cut depends on
/// `parameters` alone.
pub(crate) fn slices(parameters: usize, task: impl Fn(usize, Range<usize>) + Sync) {
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

    #[test]
    #[cfg(any(debug_assertions, feature = "checked"))]
    #[should_panic(expected = "value 4 of 3 is asked for")]
    fn what_is_shared_ends() {
        let mut values = [0.0f32; 3];
        let shared = Shared::new(&mut values);
        shared.at(3);
        shared.at(4);
    }
}
