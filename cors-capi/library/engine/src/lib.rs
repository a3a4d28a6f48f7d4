//! libcors_engine: exports the functions of `cors_engine.h`, and has no panic: see scripts/check-capi.
#![no_std]

pub use cors_capi::*;

use core::panic::PanicInfo;

/// Never runs: the library is linked with `prove` to show that no panic can be reached.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    #[cfg(feature = "prove")]
    {
        unsafe extern "C" {
            /// Defined nowhere.
            fn a_panic_can_be_reached() -> !;
        }
        // SAFETY: never runs, because a program with this call does not link.
        unsafe { a_panic_can_be_reached() }
    }
    #[cfg(not(feature = "prove"))]
    loop {
        core::hint::spin_loop();
    }
}

/// A panic that is reached from C.
#[cfg(feature = "planted")]
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_planted(index: usize) -> u8 {
    [1, 2, 3][index]
}
