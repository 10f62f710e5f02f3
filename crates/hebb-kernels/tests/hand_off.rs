//! The hand-off of regions to the pool's threads, in all orders in which its steps can interleave: loom runs the model once
//! for each, and reports a region used after its end, a thread that waits for ever, and memory that two threads touch.

#[path = "../src/parallel/hand_off.rs"]
#[allow(missing_docs)]
mod hand_off;

mod sync {
    pub use loom::hint::spin_loop;
    pub use loom::sync::atomic::{AtomicU32, Ordering};
    pub use loom::sync::{Condvar, Mutex};
    pub use std::sync::PoisonError;

    pub const SPIN_LIMIT: usize = 1;
}

use hand_off::HandOff;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::thread::{self, JoinHandle};

struct Pool {
    hand_off: HandOff,
    /// What a region is to those inside: they read it, the opener writes it before and after.
    region: UnsafeCell<usize>,
    entered: AtomicUsize,
}

fn watch(pool: &Pool) {
    let mut last = None;
    while pool.hand_off.enter(&mut last) {
        // SAFETY: loom checks that no thread writes meanwhile.
        pool.region.with(|region| assert_ne!(unsafe { *region }, 0, "entered after the end"));
        pool.entered.fetch_add(1, Relaxed);
        pool.hand_off.leave();
    }
}

/// Opens so many regions, one after the other, for so many watchers; with `wait` closes each only after all have entered it.
fn model(watchers: u32, regions: usize, wait: bool) {
    let pool = Arc::new(Pool {
        hand_off: HandOff {
            state: sync::AtomicU32::new(0),
            lock: sync::Mutex::new(()),
            empty: sync::Condvar::new(),
        },
        region: UnsafeCell::new(0),
        entered: AtomicUsize::new(0),
    });
    let mut jobs: Vec<JoinHandle<()>> = Vec::new();
    for number in 1..=regions {
        // SAFETY: loom checks that no thread reads meanwhile.
        pool.region.with_mut(|region| unsafe { *region = number });
        for _ in 0..pool.hand_off.open(watchers) {
            let pool = pool.clone();
            jobs.push(thread::spawn(move || watch(&pool)));
        }
        while wait && pool.entered.load(Relaxed) < number * watchers as usize {
            thread::yield_now();
        }
        pool.hand_off.close();
        // SAFETY: as above.
        pool.region.with_mut(|region| unsafe { *region = 0 });
    }
    jobs.into_iter().for_each(|job| job.join().unwrap());
    assert!(pool.entered.load(Relaxed) <= watchers as usize * regions, "a region was entered twice");
    // Neither inside, nor watching, nor open, nor asleep.
    assert_eq!(pool.hand_off.state.load(Relaxed), (regions as u32) << 18);
}

fn explore(watchers: u32, regions: usize, wait: bool, preemptions: Option<usize>) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.check(move || model(watchers, regions, wait));
}

#[test]
fn one_watcher_one_region() {
    explore(1, 1, false, None);
}

#[test]
fn one_watcher_that_may_return_to_rayon_between_regions() {
    explore(1, 2, false, None);
    explore(1, 3, false, Some(4));
}

#[test]
fn two_watchers() {
    explore(2, 1, false, Some(4));
    explore(2, 2, false, Some(3));
}

#[test]
fn every_watcher_counted_comes() {
    explore(1, 2, true, Some(3));
    explore(2, 1, true, Some(2));
}
