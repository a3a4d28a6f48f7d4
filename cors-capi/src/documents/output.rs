//! `cors_engine_output`: memory of the caller for a result.

use core::fmt;
use core::marker::PhantomData;
use std::string::ToString;

use crate::error::Error;
use crate::text::lent_mut;

/// `cors_engine_output`. `data` is NULL with no room, or that many bytes from there may be written for `'a`.
#[derive(Debug)]
#[repr(C)]
pub struct Output<'a> {
    data: *mut u8,
    room: usize,
    len: usize,
    lent: PhantomData<&'a mut [u8]>,
}

impl<'a> Output<'a> {
    /// This memory.
    pub fn new(memory: &'a mut [u8]) -> Output<'a> {
        Output {
            data: memory.as_mut_ptr(),
            room: memory.len(),
            len: 0,
            lent: PhantomData,
        }
    }

    /// The length of the result, whether it fitted or not.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the result is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Writes bytes, all of them or none.
    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.len = bytes.len();
        let room = self.memory()?.get_mut(..bytes.len());
        room.ok_or(Error::Room)?.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes what fits of a text, and a NUL.
    ///
    /// # Errors
    ///
    /// Something did not fit.
    pub(crate) fn write_text(&mut self, text: &str) -> Result<(), Error> {
        self.len = text.len();
        let memory = self.memory()?;
        let Some(most) = memory.len().checked_sub(1) else {
            return Err(Error::Room);
        };
        let mut ends = (0..=most.min(text.len())).rev();
        let end = ends.find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let (written, _) = text.as_bytes().split_at(end);
        if let Some(place) = memory.get_mut(..end) {
            place.copy_from_slice(written);
        }
        if let Some(place) = memory.get_mut(end) {
            *place = 0;
        }
        if end == text.len() {
            Ok(())
        } else {
            Err(Error::Room)
        }
    }

    /// Writes what fits of a message. That it is cut is not an error.
    pub(crate) fn write_message(&mut self, message: &impl fmt::Display) -> Result<(), Error> {
        match self.write_text(&message.to_string()) {
            Err(Error::Room) => Ok(()),
            result => result,
        }
    }

    fn memory(&mut self) -> Result<&mut [u8], Error> {
        // SAFETY: its maker promised that these bytes may be written for 'a, and `self` is the only way to them.
        unsafe { lent_mut(self.data, self.room) }
    }
}

/// Empties an output that is wanted, so that what an earlier call has left is not read.
pub(crate) fn clear(output: Option<&mut Output<'_>>) -> Result<(), Error> {
    report(output, &"")
}

/// Writes a message if it is wanted.
pub(crate) fn report(
    output: Option<&mut Output<'_>>,
    message: &impl fmt::Display,
) -> Result<(), Error> {
    output.map_or(Ok(()), |output| output.write_message(message))
}
