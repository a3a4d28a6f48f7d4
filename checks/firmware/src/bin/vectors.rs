//! Runs every vector on the device and compares rule and headers with the reference's.
#![no_std]
#![no_main]

use semihosting::println;
use semihosting::process::exit;

#[path = "../suite.rs"]
mod suite;

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    let (passed, failed) = suite::run(|name| println!("failed: {}", name));
    println!("{} passed, {} failed", passed, failed);
    exit(i32::from(failed > 0))
}
