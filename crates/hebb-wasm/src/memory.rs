//! Where large values lie: at multiples of a cache line, so that no vector is read from two lines. The allocator of Rust for
//! WebAssembly gives multiples of 8 bytes, by chance.

use std::alloc::{GlobalAlloc, Layout, System};

struct Aligned;

#[global_allocator]
static MEMORY: Aligned = Aligned;

/// The bytes of a cache line.
const LINE: usize = 64;

/// Values of fewer bytes lie anywhere.
const LEAST: usize = 1 << 13;

/// The layout that the system is asked for, which depends on the given one alone.
fn aligned(layout: Layout) -> Layout {
    let align = if layout.size() < LEAST { 1 } else { LINE };
    layout.align_to(align).unwrap_or(layout)
}

// SAFETY: all requests go to the system's allocator; a value is freed with the layout that it was made with. What grows moves (the
// trait's own `realloc`), because its alignment may change.
unsafe impl GlobalAlloc for Aligned {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        unsafe { System.alloc(aligned(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        unsafe { System.alloc_zeroed(aligned(layout)) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's.
        unsafe { System.dealloc(ptr, aligned(layout)) }
    }
}
