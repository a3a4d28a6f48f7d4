//! Measures the stack of [`answer::answer`]: the start-up code has painted all of it, so
//! overwritten paint shows what was used.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::ptr::{addr_of, read_volatile};

use semihosting::println;
use semihosting::process::exit;

#[path = "../answer.rs"]
mod answer;

/// The value that `cortex-m-rt` paints with.
const PAINT: u32 = 0xcccc_cccc;

unsafe extern "C" {
    /// The lowest and the highest address of the stack, from the linker script.
    static _stack_end: u32;
    static _stack_start: u32;
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let before = used();
    let status = answer::answer(black_box(answer::POLICY));
    let after = used();
    println!(
        "stack: {} bytes, of which {} before the first call",
        after, before
    );
    exit(status)
}

/// Bytes from the deepest point that the stack has reached to its start.
#[inline(never)]
fn used() -> usize {
    let (mut address, top) = (addr_of!(_stack_end), addr_of!(_stack_start));
    // SAFETY: both are aligned and bound the stack's memory, which always exists; reads are volatile.
    while address < top && unsafe { read_volatile(address) } == PAINT {
        // SAFETY: below `top`.
        address = unsafe { address.add(1) };
    }
    top as usize - address as usize
}
