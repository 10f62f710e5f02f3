//! Where large values lie: at multiples of a cache line, so that no vector is read from two lines. The allocator of Rust for
//! WebAssembly gives multiples of 8 bytes, by chance.

use std::alloc::{GlobalAlloc, Layout, System};
use wasm_bindgen::prelude::*;

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

/// Takes so many bytes from the host at once, which later values then lie in: until they are used up, the memory does not grow.
/// Returns whether the host had them.
#[wasm_bindgen]
pub fn reserve(bytes: usize) -> bool {
    let Ok(layout) = Layout::from_size_align(bytes.max(1), 1) else { return false };
    // SAFETY: the layout is not empty.
    let ptr = unsafe { System.alloc(layout) };
    if !ptr.is_null() {
        // SAFETY: it has just been made with this layout.
        unsafe { System.dealloc(ptr, layout) };
    }
    !ptr.is_null()
}
