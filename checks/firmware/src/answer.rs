//! The question that the smallest firmware answers: `decide` measures it, and `stack` measures its
//! stack.

use core::hint::black_box;

use cors_core::{Policy, Request};

/// The policy of the document in flash: the build has compiled it and validated it.
pub static POLICY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policy.bin"));

/// Decides a preflight with one header name, granted by the example document. Returns 0 if it is
/// granted.
#[inline(never)]
pub fn answer(image: &[u8]) -> i32 {
    let Ok(policy) = Policy::from_checked_bytes(image) else {
        return 2;
    };
    let request = black_box(Request {
        method: b"OPTIONS",
        origin: Some(b"http://www.b.com"),
        access_control_request_method: Some(b"GET"),
        access_control_request_headers: &[b"authorization"],
    });
    let decision = policy.decide(&request);
    i32::from(decision.grant().is_none())
}
