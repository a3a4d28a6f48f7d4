//! Memory that C lends: where pointers and lengths become slices.

use core::ffi::{CStr, c_char};
use core::marker::PhantomData;
use core::mem::size_of;
use core::{ptr, slice};

use crate::error::Error;

/// Values of somebody else, or nothing: a pointer and a length, side by side in a struct of C.
///
/// `data` is NULL, or `len` values from there may be read for `'a`. Rust makes one from a slice; C promises it in the header.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Lent<'a, T> {
    data: *const T,
    len: usize,
    lent: PhantomData<&'a [T]>,
}

/// `cors_engine_text`: bytes.
pub type Text<'a> = Lent<'a, u8>;

impl<'a, T> Lent<'a, T> {
    /// NULL: a header that was not sent, an empty list.
    pub const ABSENT: Self = Lent {
        data: ptr::null(),
        len: 0,
        lent: PhantomData,
    };

    /// These values.
    pub const fn new(values: &'a [T]) -> Self {
        Lent {
            data: values.as_ptr(),
            len: values.len(),
            lent: PhantomData,
        }
    }

    /// The values; `None` if it is NULL.
    ///
    /// # Errors
    ///
    /// NULL with a length, or an impossible length.
    pub fn get(&self) -> Result<Option<&'a [T]>, Error> {
        if self.data.is_null() && self.len == 0 {
            return Ok(None);
        }
        // SAFETY: its maker promised that these values may be read for 'a.
        unsafe { lent(self.data, self.len) }.map(Some)
    }

    /// The values; none if it is NULL.
    ///
    /// # Errors
    ///
    /// As [`Lent::get`].
    pub fn values(&self) -> Result<&'a [T], Error> {
        self.get().map(Option::unwrap_or_default)
    }

    /// The same values for longer than the borrow checker can see.
    ///
    /// # Safety
    ///
    /// They may be read for `'b`.
    pub(crate) unsafe fn prolonged<'b>(self) -> Lent<'b, T> {
        Lent {
            data: self.data,
            len: self.len,
            lent: PhantomData,
        }
    }
}

/// A text of C that ends in NUL. NULL, or it may be read up to its NUL for `'a`.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Name<'a> {
    data: *const c_char,
    lent: PhantomData<&'a CStr>,
}

impl<'a> Name<'a> {
    /// This text.
    pub const fn new(text: &'a CStr) -> Name<'a> {
        Name {
            data: text.as_ptr(),
            lent: PhantomData,
        }
    }

    /// The text; `None` if it is NULL.
    #[cfg(feature = "documents")]
    pub(crate) fn get(self) -> Option<&'a CStr> {
        // SAFETY: it is not NULL, so its maker promised that it may be read up to its NUL for 'a.
        (!self.data.is_null()).then(|| unsafe { CStr::from_ptr(self.data) })
    }
}

/// A slice that C lends. NULL is an empty slice if the length is 0.
///
/// # Safety
///
/// `data` is NULL, or points to `len` values that may be read, and do not change, for `'a`.
pub(crate) unsafe fn lent<'a, T>(data: *const T, len: usize) -> Result<&'a [T], Error> {
    check(data, len)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, not longer than any object, and the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts(data, len) })
}

/// A buffer that C lends. NULL is an empty buffer if the length is 0.
///
/// Nothing that C left there is read: bytes are written first.
///
/// # Safety
///
/// `data` is NULL, or points to `len` bytes that nothing else reads or writes for `'a`.
pub(crate) unsafe fn lent_mut<'a>(data: *mut u8, len: usize) -> Result<&'a mut [u8], Error> {
    check(data, len)?;
    if len == 0 {
        return Ok(&mut []);
    }
    // SAFETY: not NULL, not longer than any object, and the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts_mut(data, len) })
}

fn check<T>(data: *const T, len: usize) -> Result<(), Error> {
    let bytes = len.checked_mul(size_of::<T>());
    if bytes.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        return Err(Error::Length);
    }
    if data.is_null() && len > 0 {
        return Err(Error::Null);
    }
    Ok(())
}
