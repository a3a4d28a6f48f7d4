//! The text of one value, put together from literal text, CDATA and references.

use alloc::borrow::Cow;

/// A value being read. Borrows the document as long as one piece of it is the whole value.
#[derive(Default)]
pub(crate) struct ValueText<'d> {
    text: Cow<'d, str>,
    /// How much of the text stays when literal white space at its end goes.
    kept: usize,
}

impl<'d> ValueText<'d> {
    /// Text as written, a CDATA section's too: white space at the ends of the value does not count.
    pub(crate) fn push_literal(&mut self, piece: &'d str, may_hold_carriage_return: bool) {
        let piece = if self.text.is_empty() {
            piece.trim_ascii_start()
        } else {
            piece
        };
        let trimmed = piece.trim_ascii_end().len();
        if self.text.is_empty() && !may_hold_carriage_return {
            self.text = Cow::Borrowed(piece);
            self.kept = trimmed;
            return;
        }
        let text = self.text.to_mut();
        let (body, tail) = piece.split_at_checked(trimmed).unwrap_or((piece, ""));
        push_normalised(text, body);
        if !body.is_empty() {
            self.kept = text.len();
        }
        push_normalised(text, tail);
    }

    /// A character that was written as a reference: content, white space too.
    pub(crate) fn push_reference(&mut self, character: char) {
        let text = self.text.to_mut();
        text.push(character);
        self.kept = text.len();
    }

    pub(crate) fn finish(self) -> Cow<'d, str> {
        match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(..self.kept).unwrap_or_default()),
            Cow::Owned(mut text) => {
                text.truncate(self.kept);
                Cow::Owned(text)
            }
        }
    }
}

/// A literal CR, alone or before LF, is read as LF: [end-of-line handling](https://www.w3.org/TR/xml/#sec-line-ends).
fn push_normalised(text: &mut alloc::string::String, piece: &str) {
    let mut after_carriage_return = false;
    for character in piece.chars() {
        match character {
            '\r' => text.push('\n'),
            '\n' if after_carriage_return => {}
            _ => text.push(character),
        }
        after_carriage_return = character == '\r';
    }
}
