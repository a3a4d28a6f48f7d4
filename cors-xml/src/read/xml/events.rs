//! A document as a sequence of events, each checked for well-formedness.

use alloc::vec::Vec;

use quick_xml::Reader;
use quick_xml::events::Event as Split;

use crate::read::document_error::DocumentErrorKind;
use crate::read::syntax_error::SyntaxError;
use crate::read::xml::markup::Markup;
use crate::read::xml::source::Source;
use crate::shapes::{Element, ElementNames};

/// An event for the schema reader. Comments, processing instructions and white space outside the
/// root are skipped.
pub(crate) enum Event<'d> {
    Start {
        /// As written.
        name: &'d str,
        /// Its name in the schema, and which element it is.
        element: Option<(&'static str, Element)>,
        empty: bool,
    },
    End,
    /// Text without references, as written.
    Text(&'d str),
    /// The text of a CDATA section.
    Cdata(&'d str),
    Reference(char),
    Eof,
}

pub(crate) struct Events<'d> {
    text: &'d str,
    reader: Reader<&'d [u8]>,
    elements: ElementNames,
    /// The open elements: the offset and name of each.
    open: Vec<(usize, &'d str)>,
    root_seen: bool,
    offset: usize,
    has_bracket: bool,
}

impl<'d> Events<'d> {
    pub(crate) fn new(
        elements: ElementNames,
        source: &Source<'d>,
    ) -> Result<Self, SyntaxError<'d>> {
        let Source {
            text, has_bracket, ..
        } = *source;
        // The reader would skip a second byte order mark without counting it.
        if text.starts_with('\u{feff}') {
            return Err(SyntaxError::at(0, DocumentErrorKind::OutsideRoot));
        }
        let mut reader = Reader::from_str(text);
        // Names are compared here, where the exact offset is known.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        reader.config_mut().trim_markup_names_in_closing_tags = false;
        Ok(Events {
            text,
            reader,
            elements,
            open: Vec::with_capacity(4),
            root_seen: false,
            offset: 0,
            has_bracket,
        })
    }

    /// The offset of the last event.
    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn next(&mut self) -> Result<Event<'d>, SyntaxError<'d>> {
        loop {
            self.offset = self.reader_offset();
            let split = self.reader.read_event();
            let markup = Markup::new(self.text, self.offset);
            match split {
                Ok(Split::Start(start)) => return self.start(&start, false),
                Ok(Split::Empty(start)) => return self.start(&start, true),
                Ok(Split::End(end)) => return self.end(&end),
                Ok(Split::Text(_)) => {
                    let text = self
                        .text
                        .get(self.offset..self.reader_offset())
                        .unwrap_or_default();
                    self.check_text(text)?;
                    if !self.open.is_empty() {
                        return Ok(Event::Text(text));
                    }
                }
                Ok(Split::CData(_)) => return self.inside_root(markup.cdata()?).map(Event::Cdata),
                Ok(Split::GeneralRef(_)) => {
                    return self.inside_root(markup.reference()?).map(Event::Reference);
                }
                Ok(Split::Comment(_)) => markup.comment()?,
                Ok(Split::Decl(_) | Split::PI(_)) => markup.instruction()?,
                Ok(Split::DocType(_)) => return Err(markup.doctype()),
                Ok(Split::Eof) => return self.eof(),
                Err(_) => return Err(markup.find_error()),
            }
        }
    }

    fn reader_offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// `content` is the text between `<` and `>` or `/>`.
    fn start(&mut self, content: &str, empty: bool) -> Result<Event<'d>, SyntaxError<'d>> {
        let (name, element) = match self.elements.named(content) {
            // A name of the schema and nothing else: a well-formed tag.
            Some(named) => (named.0, Some(named)),
            None => {
                let name = Markup::new(self.text, self.offset).start_tag()?;
                (name, self.elements.qualified(name))
            }
        };
        if self.open.is_empty() {
            if self.root_seen {
                return Err(SyntaxError::at(self.offset, DocumentErrorKind::OutsideRoot));
            }
            self.root_seen = true;
        }
        if !empty {
            self.open.push((self.offset, name));
        }
        Ok(Event::Start {
            name,
            element,
            empty,
        })
    }

    /// `content` is the text between `</` and `>`.
    fn end(&mut self, content: &str) -> Result<Event<'d>, SyntaxError<'d>> {
        let open = self.open.pop().map(|(_, name)| name);
        if open != Some(content) && open != Some(content.trim_ascii_end()) {
            Markup::new(self.text, self.offset).end_tag()?;
            return Err(SyntaxError {
                kind: DocumentErrorKind::MismatchedEndTag,
                offset: self.offset,
                name: open,
            });
        }
        Ok(Event::End)
    }

    fn check_text(&self, text: &str) -> Result<(), SyntaxError<'d>> {
        if self.open.is_empty() {
            let white_space = text.len().saturating_sub(text.trim_ascii_start().len());
            if white_space == text.len() {
                return Ok(());
            }
            return Err(self.error_in_text(white_space, DocumentErrorKind::OutsideRoot));
        }
        let end = if self.has_bracket {
            text.find("]]>")
        } else {
            None
        };
        end.map_or(Ok(()), |at| {
            Err(self.error_in_text(at, DocumentErrorKind::CdataEnd))
        })
    }

    fn error_in_text(&self, at: usize, kind: DocumentErrorKind) -> SyntaxError<'d> {
        SyntaxError::at(self.offset.saturating_add(at), kind)
    }

    fn inside_root<T>(&self, item: T) -> Result<T, SyntaxError<'d>> {
        if self.open.is_empty() {
            Err(SyntaxError::at(self.offset, DocumentErrorKind::OutsideRoot))
        } else {
            Ok(item)
        }
    }

    fn eof(&self) -> Result<Event<'d>, SyntaxError<'d>> {
        match self.open.last() {
            Some((offset, name)) => Err(SyntaxError {
                kind: DocumentErrorKind::UnclosedElement,
                offset: *offset,
                name: Some(name),
            }),
            None if self.root_seen => Ok(Event::Eof),
            None => Err(SyntaxError::at(self.text.len(), DocumentErrorKind::NoRoot)),
        }
    }
}
