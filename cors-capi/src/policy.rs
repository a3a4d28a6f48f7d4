//! `cors_engine_policy`: a view of an image in the caller's memory.

use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, align_of, size_of};

use cors_core::{ImageError, Policy as CorePolicy};

use crate::error::Error;
use crate::text::lent;

/// `cors_engine_policy`: a view of an image, or none. What C left in the memory for one is not read before it is opened.
#[derive(Debug)]
#[repr(C)]
pub struct Policy<'p> {
    /// [`OPEN`], and then there is a view.
    state: u64,
    view: MaybeUninit<CorePolicy<'p>>,
}

/// The size of `cors_engine_policy` in words of 64 bits. What is not used today is for later versions.
pub const POLICY_WORDS: usize = 40;

const _: () = assert!(size_of::<Policy<'_>>() <= size_of::<[u64; POLICY_WORDS]>());
const _: () = assert!(align_of::<Policy<'_>>() <= align_of::<u64>());

/// Neither zeroed memory nor, in all likelihood, memory with other contents.
const OPEN: u64 = 0x636f_7273_2d76_3031;

impl<'p> Policy<'p> {
    /// A policy that is not open.
    pub const CLOSED: Policy<'static> = Policy {
        state: 0,
        view: MaybeUninit::uninit(),
    };

    /// The view.
    pub(crate) fn view(&self) -> Result<&CorePolicy<'p>, Error> {
        if self.state != OPEN {
            return Err(Error::NotOpen);
        }
        // SAFETY: only `open` sets this state, together with a view.
        Ok(unsafe { self.view.assume_init_ref() })
    }
}

/// Checks an image in full and opens it.
///
/// # Safety
///
/// `image` is NULL, or points to `len` bytes that do not change for `'p`.
#[expect(
    clippy::elidable_lifetime_names,
    reason = "the promise is about this lifetime"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_policy_open<'p>(
    policy: Option<&mut Policy<'p>>,
    image: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: the caller's promise.
    open(
        policy,
        unsafe { lent(image.cast(), len) },
        CorePolicy::from_bytes,
    )
}

/// Opens an image that was checked before.
///
/// # Safety
///
/// As [`cors_engine_policy_open`].
#[expect(
    clippy::elidable_lifetime_names,
    reason = "the promise is about this lifetime"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_policy_view<'p>(
    policy: Option<&mut Policy<'p>>,
    image: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: the caller's promise.
    open(
        policy,
        unsafe { lent(image.cast(), len) },
        CorePolicy::from_checked_bytes,
    )
}

/// The number of rules; 0 for a policy that is not open.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_policy_rules(policy: Option<&Policy<'_>>) -> usize {
    let view = policy.and_then(|policy| policy.view().ok());
    view.map_or(0, CorePolicy::len)
}

fn open<'p>(
    policy: Option<&mut Policy<'p>>,
    image: Result<&'p [u8], Error>,
    read: fn(&'p [u8]) -> Result<CorePolicy<'p>, ImageError>,
) -> c_int {
    let Some(policy) = policy else {
        return Error::Null.code();
    };
    policy.state = 0;
    Error::status(image.and_then(|image| {
        policy.view.write(read(image)?);
        policy.state = OPEN;
        Ok(())
    }))
}
