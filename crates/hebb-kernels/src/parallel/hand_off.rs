//! The hand-off of a region of tasks from the thread that opens it to the threads that watch for one.
//!
//! One word holds the whole state, so that no two facts about it can disagree:
//!
//! ```text
//! bit  31 … 18            17      16    15 … 8              7 … 0
//!      number of regions  SLEEPS  OPEN  threads that watch  threads inside
//! ```
//!
//! ```text
//! opener    open ──► works itself ──► close: no longer OPEN, then waits until nobody is inside
//! watcher   enter ──► works ──► leave ──► enter … until no region has come for a while
//! ```
//!
//! `tests/hand_off.rs` includes this file with loom's types, and tries all orders in which the threads' steps can interleave.

use super::sync::{AtomicU32, Condvar, Mutex, Ordering::SeqCst, PoisonError, SPIN_LIMIT, spin_loop};

/// One thread inside.
const INSIDE: u32 = 1;
/// One thread that watches; those inside are among them.
const WATCHING: u32 = 1 << 8;
/// A region is open: watchers may enter.
const OPEN: u32 = 1 << 16;
/// The opener sleeps until the last thread has left.
const SLEEPS: u32 = 1 << 17;
/// One region. The number wraps around after 16,384: a thread that has missed so many may take the next for its last.
const REGION: u32 = 1 << 18;

fn inside(state: u32) -> u32 {
    state % WATCHING
}

fn watching(state: u32) -> u32 {
    state / WATCHING % (OPEN / WATCHING)
}

/// The state that all threads share. One thread at a time may open a region.
pub struct HandOff {
    pub state: AtomicU32,
    pub lock: Mutex<()>,
    pub empty: Condvar,
}

impl HandOff {
    /// Opens the next region for so many `watchers`, and returns how many of them do not watch: the caller must start these.
    pub fn open(&self, watchers: u32) -> u32 {
        let missing = |state| watchers.saturating_sub(watching(state));
        let open =
            |state: u32| Some(state.wrapping_add(REGION).wrapping_add(missing(state) * WATCHING) | OPEN);
        missing(self.state.fetch_update(SeqCst, SeqCst, open).expect("it always opens"))
    }

    /// Closes the region, and returns when nobody is inside.
    pub fn close(&self) {
        let is_empty = || inside(self.state.load(SeqCst)) == 0;
        self.state.fetch_and(!OPEN, SeqCst);
        for _ in 0..SPIN_LIMIT {
            if is_empty() {
                return;
            }
            spin_loop();
        }
        let mut guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.state.fetch_or(SLEEPS, SeqCst);
        while !is_empty() {
            guard = self.empty.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        self.state.fetch_and(!SLEEPS, SeqCst);
    }

    /// Watches for a region other than the `last`, and enters it. Returns false if none has come for a while: then the
    /// thread no longer counts as watching.
    pub fn enter(&self, last: &mut Option<u32>) -> bool {
        let mut spins = 0;
        loop {
            let state = self.state.load(SeqCst);
            let region = state / REGION;
            let is_new = state & OPEN != 0 && *last != Some(region);
            if !is_new && spins < SPIN_LIMIT {
                spins += 1;
                spin_loop();
                continue;
            }
            // Fails if a region has been opened meanwhile, which counts on this thread.
            let next = if is_new { state + INSIDE } else { state - WATCHING };
            if self.state.compare_exchange(state, next, SeqCst, SeqCst).is_ok() {
                *last = Some(region);
                return is_new;
            }
        }
    }

    /// Leaves the region entered. It must not be touched afterwards.
    pub fn leave(&self) {
        let before = self.state.fetch_sub(INSIDE, SeqCst);
        if before & SLEEPS != 0 && inside(before) == 1 {
            // An opener that has looked at the state before holds the lock until it sleeps.
            drop(self.lock.lock());
            self.empty.notify_all();
        }
    }
}
