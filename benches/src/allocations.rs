//! An allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The system's allocator, with a counter. A program installs it with `#[global_allocator]`.
pub struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
/// Whether bytes are counted: not while times are measured, as each count is one more atomic step.
static COUNTS_BYTES: AtomicBool = AtomicBool::new(false);

/// The number of allocations since the program began; it grows only if [`Counting`] is installed.
pub fn allocations() -> usize {
    ALLOCATIONS.load(Ordering::Relaxed)
}

/// What `make` returns, and the bytes of memory that stay allocated with it, each block with what the
/// allocator of glibc adds to it. Only if [`Counting`] is installed, and in a program of one thread.
pub fn bytes_kept<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = BYTES.load(Ordering::Relaxed);
    COUNTS_BYTES.store(true, Ordering::Relaxed);
    let made = make();
    COUNTS_BYTES.store(false, Ordering::Relaxed);
    (made, BYTES.load(Ordering::Relaxed).wrapping_sub(before))
}

fn count_bytes(count: impl FnOnce(&AtomicUsize)) {
    if COUNTS_BYTES.load(Ordering::Relaxed) {
        count(&BYTES);
    }
}

/// A block as glibc keeps it: eight bytes more, in steps of sixteen, at least 32.
fn block(size: usize) -> usize {
    (size + 8).next_multiple_of(16).max(32)
}

// SAFETY: passes every call to the system's allocator, unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        count_bytes(|bytes| {
            bytes.fetch_add(block(layout.size()), Ordering::Relaxed);
        });
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        count_bytes(|bytes| {
            bytes.fetch_add(block(size), Ordering::Relaxed);
            bytes.fetch_sub(block(layout.size()), Ordering::Relaxed);
        });
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count_bytes(|bytes| {
            bytes.fetch_sub(block(layout.size()), Ordering::Relaxed);
        });
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}
