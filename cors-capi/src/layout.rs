//! The layout of the structs, as the headers have it; `tests/c/layout.c` has the same numbers. Compiling this file is the test.

use core::mem::{offset_of, size_of};

use crate::{Decision, Header, Policy, Request, Text};

const WORD: usize = size_of::<usize>();

const _: () = {
    assert!(size_of::<Text<'_>>() == 2 * WORD);
    assert!(size_of::<Request<'_>>() == 8 * WORD);
    assert!(offset_of!(Request<'_>, method) == 0);
    assert!(offset_of!(Request<'_>, origin) == 2 * WORD);
    assert!(offset_of!(Request<'_>, access_control_request_method) == 4 * WORD);
    assert!(offset_of!(Request<'_>, access_control_request_headers) == 6 * WORD);
    assert!(size_of::<Header<'_>>() == 4 * WORD);
    assert!(offset_of!(Header<'_>, value) == 2 * WORD);
    assert!(offset_of!(Decision<'_>, kind) == 0);
    assert!(offset_of!(Decision<'_>, reason) == 1);
    assert!(offset_of!(Decision<'_>, status) == 2);
    assert!(offset_of!(Decision<'_>, rule) == 4);
    assert!(offset_of!(Decision<'_>, detail) == 6);
    assert!(offset_of!(Decision<'_>, headers_len) == 8);
    assert!(offset_of!(Decision<'_>, headers) == 8 + WORD);
    assert!(size_of::<Decision<'_>>() == 8 + WORD + 28 * WORD);
    assert!(size_of::<Policy<'_>>() <= 320);
};

#[cfg(feature = "documents")]
const _: () = {
    use crate::{Answer, Configuration, Context, Output, Page, Rule};

    assert!(size_of::<Output<'_>>() == 3 * WORD);
    assert!(size_of::<Rule<'_>>() == 10 * WORD + 8);
    assert!(offset_of!(Rule<'_>, allowed_origins) == 2 * WORD);
    assert!(offset_of!(Rule<'_>, allowed_methods) == 4 * WORD);
    assert!(offset_of!(Rule<'_>, allowed_headers) == 6 * WORD);
    assert!(offset_of!(Rule<'_>, expose_headers) == 8 * WORD);
    assert!(offset_of!(Rule<'_>, max_age_seconds) == 10 * WORD);
    assert!(offset_of!(Rule<'_>, allow_credentials) == 10 * WORD + 4);
    assert!(size_of::<Configuration<'_>>() == 4 * WORD);
    assert!(offset_of!(Configuration<'_>, rules) == WORD);
    assert!(offset_of!(Configuration<'_>, response_vary) == 3 * WORD);
    assert!(size_of::<Context<'_>>() == 8 * WORD);
    assert!(offset_of!(Context<'_>, bucket) == WORD);
    assert!(offset_of!(Context<'_>, request_id) == 3 * WORD);
    assert!(offset_of!(Context<'_>, host_id) == 5 * WORD);
    assert!(offset_of!(Context<'_>, bucket_is_missing) == 7 * WORD);
    assert!(offset_of!(Context<'_>, target_is_bucket) == 7 * WORD + 1);
    assert!(size_of::<Answer<'_>>() == 11 * WORD);
    assert!(offset_of!(Answer<'_>, ec) == 2 * WORD);
    assert!(offset_of!(Answer<'_>, message) == 4 * WORD);
    assert!(offset_of!(Answer<'_>, body) == 7 * WORD);
    assert!(offset_of!(Answer<'_>, status) == 10 * WORD);
    assert!(size_of::<Page<'_>>() == 7 * WORD);
    assert!(offset_of!(Page<'_>, method) == 2 * WORD);
    assert!(offset_of!(Page<'_>, headers) == 4 * WORD);
    assert!(offset_of!(Page<'_>, credentials) == 6 * WORD);
};
