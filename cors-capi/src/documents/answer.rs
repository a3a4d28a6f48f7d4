//! `cors_engine_answer`: a provider's answer.

use std::string::String;

use cors_xml::WireError;

use super::context::Context;
use super::output::{Output, clear};
use super::utf8;
use crate::error::Error;
use crate::text::Text;

/// `cors_engine_answer`.
#[derive(Debug)]
#[repr(C)]
pub struct Answer<'a> {
    /// The code.
    pub code: Text<'static>,
    /// The value of `x-oss-ec`.
    pub ec: Text<'static>,
    /// The message.
    pub message: Output<'a>,
    /// The body.
    pub body: Output<'a>,
    /// The status.
    pub status: u16,
}

impl<'a> Answer<'a> {
    /// An answer that is still to be given, with this memory.
    pub fn new(message: Output<'a>, body: Output<'a>) -> Answer<'a> {
        Answer {
            code: Text::ABSENT,
            ec: Text::ABSENT,
            message,
            body,
            status: 0,
        }
    }

    /// Nothing to answer.
    pub(crate) fn clear(&mut self) -> Result<(), Error> {
        self.status = 0;
        self.code = Text::new(b"");
        self.ec = Text::ABSENT;
        clear(Some(&mut self.message))?;
        clear(Some(&mut self.body))
    }

    /// The provider's error.
    pub(crate) fn set_error(
        &mut self,
        error: &WireError<'_>,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        self.status = error.status;
        self.code = Text::new(error.code.as_bytes());
        self.ec = error.ec.map_or(Text::ABSENT, |ec| Text::new(ec.as_bytes()));
        self.message.write_message(&error.message)?;
        let mut body = String::new();
        // Writing to a string cannot fail.
        let _ = error.write_to(
            utf8(&context.request_id)?,
            utf8(&context.host_id)?,
            &mut body,
        );
        self.body.write_text(&body)
    }
}
