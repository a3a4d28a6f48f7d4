//! The vectors as a WebAssembly module with a single import: `failed`, which is called with the
//! name of each vector that fails.
#![no_std]
#![no_main]

#[path = "../suite.rs"]
mod suite;

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Called with the offset and the length of a name in the module's memory.
    fn failed(name: *const u8, length: usize);
}

/// Returns the number of passed vectors in the upper half and of failed ones in the lower.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u64 {
    // SAFETY: the host only reads the name, which lives throughout the call.
    let (passed, failed) = suite::run(|name| unsafe { failed(name.as_ptr(), name.len()) });
    u64::from(passed) << 32 | u64::from(failed)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
