//! Independent tasks over a pool of threads.
//!
//! A region of tasks takes from tens of microseconds to milliseconds, and soon another follows; a thread that sleeps needs
//! some 50 µs to wake up. So whoever waits watches for a while before it sleeps. (rayon does natively; in WebAssembly
//! its threads sleep at once, because there yielding is nothing.)
//!
//! One region is open at a time. What is asked for meanwhile, from within a task or by another thread, is done by
//! whoever asks, alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering::*};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

/// Looks of a thread that waits, before it sleeps: 50 to 100 µs.
const LOOKS: usize = 1 << 15;

static THREADS: OnceLock<usize> = OnceLock::new();

/// How many threads take part, the one that asks for a region among them. Unless that was [`start`]ed otherwise, natively
/// as many as the machine runs at once.
pub fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    return *THREADS.get_or_init(|| spawn(std::thread::available_parallelism().map_or(1, usize::from)));
    #[cfg(target_arch = "wasm32")]
    *THREADS.get_or_init(|| 1)
}

/// Settles how many threads take part; a second call changes nothing. In WebAssembly JavaScript starts those that [`join`].
pub fn start(threads: usize) {
    THREADS.get_or_init(|| spawn(threads));
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

/// Runs `task(index, slot)` for every index below `tasks`. `slot` is the number of the thread that runs
/// it, below [`threads`]: no two tasks with the same slot run at once. Which thread takes which task is
/// left to chance, so a task's result must depend on its index alone.
pub fn for_each(tasks: usize, task: impl Fn(usize, usize) + Sync) {
    run(tasks, &task);
}

/// Not generic, so that there is one copy, not one for each task.
fn run(tasks: usize, task: &(dyn Fn(usize, usize) + Sync)) {
    // On a page's main thread nothing may wait, so one thread has no pool.
    if tasks <= 1 || threads() == 1 || POOL.busy.swap(true, SeqCst) {
        return (0..tasks).for_each(|index| task(index, 0));
    }
    let region = Region { tasks, task, next: AtomicUsize::new(0), panicked: AtomicBool::new(false) };
    // The pool forgets the region before it ends.
    let forever = std::ptr::from_ref(&region).cast::<Region<'static>>();
    POOL.region.store(forever.cast_mut(), SeqCst);
    POOL.change(|state| state + 3 * OPEN);
    region.work(0);
    POOL.change(|state| state & !OPEN);
    POOL.wait(|state| state % OPEN == 0);
    POOL.busy.store(false, SeqCst);
    assert!(!region.panicked.into_inner(), "a task panicked");
}

/// Tasks, and how far they are.
struct Region<'a> {
    tasks: usize,
    task: &'a (dyn Fn(usize, usize) + Sync),
    next: AtomicUsize,
    panicked: AtomicBool,
}

impl Region<'_> {
    /// Runs tasks until there are none left.
    fn work(&self, slot: usize) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_runs_once_and_no_slot_twice_at_once() {
        let inside: Vec<AtomicBool> = (0..threads()).map(|_| AtomicBool::new(false)).collect();
        for tasks in (0..2000).map(|round| round % 50) {
            let runs: Vec<AtomicUsize> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
            for_each(tasks, |index, slot| {
                // Other tests may have the pool meanwhile: then this is slot 0 alone.
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
        for_each(10, |_, _| for_each(10, |index, slot| _ = sum.fetch_add(index + slot, SeqCst)));
        assert_eq!(sum.into_inner(), 450);
    }

    #[test]
    fn a_panic_in_a_task_reaches_who_asked() {
        let tasks = || for_each(100, |index, _| assert!(index != 50, "task 50"));
        assert!(catch_unwind(tasks).is_err());
        for_each(100, |_, _| ());
    }
}
