//! The grammar of one piece of markup, checked character by character:
//! [XML 1.0, fifth edition](https://www.w3.org/TR/xml/). quick-xml splits a document but does not
//! check this.

use alloc::vec::Vec;

use crate::read::document_error::DocumentErrorKind;
use crate::read::syntax_error::SyntaxError;

/// The declaration that almost every document has, as written by client libraries: it is valid.
const USUAL_DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// A cursor over one piece of markup.
#[derive(Clone, Copy)]
pub(crate) struct Markup<'d> {
    text: &'d str,
    /// The offset at which the markup starts.
    start: usize,
    at: usize,
}

impl<'d> Markup<'d> {
    pub(crate) fn new(text: &'d str, start: usize) -> Self {
        Markup {
            text,
            start,
            at: start,
        }
    }

    /// Returns the error in the markup that starts here. Used when the reader found no end of it.
    pub(crate) fn find_error(self) -> SyntaxError<'d> {
        let checked = match self.rest().as_bytes() {
            [b'&', ..] => self.reference().map(|_| ()),
            [b'<', b'?', ..] => self.instruction(),
            [b'<', b'!', b'-', ..] => self.comment(),
            [b'<', b'!', b'[', ..] => self.cdata().map(|_| ()),
            [b'<', b'!', ..] => Err(self.doctype()),
            [b'<', b'/', ..] => self.end_tag(),
            _ => self.start_tag().map(|_| ()),
        };
        checked.err().unwrap_or(SyntaxError::at(
            self.start,
            DocumentErrorKind::UnclosedMarkup,
        ))
    }

    /// Checks a start tag or an empty-element tag and returns its name.
    pub(crate) fn start_tag(mut self) -> Result<&'d str, SyntaxError<'d>> {
        self.require("<", DocumentErrorKind::InvalidTag)?;
        let name = self.name()?;
        let mut attributes = Vec::new();
        let end = self.attributes(&mut attributes);
        match repeated(attributes) {
            Some((name, offset)) => Err(SyntaxError {
                kind: DocumentErrorKind::RepeatedAttribute,
                offset,
                name: Some(name),
            }),
            None => end.map(|()| name),
        }
    }

    /// Checks the attributes and the end of the tag. Complete attributes are collected even if a
    /// later one is malformed.
    fn attributes(&mut self, seen: &mut Vec<(&'d str, usize)>) -> Result<(), SyntaxError<'d>> {
        loop {
            let spaced = self.skip_white_space();
            if self.take(">") || self.take("/>") {
                return Ok(());
            }
            let offset = self.at;
            if self.take("/") || !spaced {
                return Err(self.error(DocumentErrorKind::InvalidTag));
            }
            let name = self.name()?;
            self.skip_white_space();
            self.require("=", DocumentErrorKind::InvalidTag)?;
            self.skip_white_space();
            self.attribute_value()?;
            seen.push((name, offset));
        }
    }

    fn attribute_value(&mut self) -> Result<(), SyntaxError<'d>> {
        let quote = if self.take("\"") {
            '"'
        } else if self.take("'") {
            '\''
        } else {
            return Err(self.error(DocumentErrorKind::InvalidTag));
        };
        loop {
            let rest = self.rest();
            self.advance(rest.find([quote, '<', '&']).unwrap_or(rest.len()));
            if self.rest().starts_with('&') {
                self.read_reference()?;
            } else if self.rest().starts_with(quote) {
                self.advance(1);
                return Ok(());
            } else {
                return Err(self.error(DocumentErrorKind::InvalidTag));
            }
        }
    }

    pub(crate) fn end_tag(mut self) -> Result<(), SyntaxError<'d>> {
        self.require("</", DocumentErrorKind::InvalidTag)?;
        self.name()?;
        self.skip_white_space();
        self.require(">", DocumentErrorKind::InvalidTag)
    }

    pub(crate) fn comment(mut self) -> Result<(), SyntaxError<'d>> {
        self.require("<!--", DocumentErrorKind::InvalidMarkup)?;
        let rest = self.rest();
        self.advance(rest.find("--").unwrap_or(rest.len()));
        let hyphens = self.at;
        self.take("--");
        match self.rest() {
            "" => Err(self.unclosed()),
            rest if rest.starts_with('>') => Ok(()),
            _ => Err(SyntaxError::at(hyphens, DocumentErrorKind::DoubleHyphen)),
        }
    }

    /// Checks a CDATA section and returns its text.
    pub(crate) fn cdata(mut self) -> Result<&'d str, SyntaxError<'d>> {
        self.require("<![CDATA[", DocumentErrorKind::InvalidMarkup)?;
        self.rest()
            .split_once("]]>")
            .map(|(text, _)| text)
            .ok_or(self.unclosed())
    }

    /// Returns the error for a document type declaration, well-formed or not; none is accepted.
    pub(crate) fn doctype(mut self) -> SyntaxError<'d> {
        match self.require("<!DOCTYPE", DocumentErrorKind::InvalidMarkup) {
            Ok(()) => SyntaxError::at(self.start, DocumentErrorKind::Doctype),
            Err(error) => error,
        }
    }

    /// Checks a processing instruction or the XML declaration.
    pub(crate) fn instruction(mut self) -> Result<(), SyntaxError<'d>> {
        if self.start == 0 && self.text.starts_with(USUAL_DECLARATION) {
            return Ok(());
        }
        self.require("<?", DocumentErrorKind::InvalidMarkup)?;
        if self
            .rest()
            .chars()
            .next()
            .is_some_and(|first| !is_name_start(first))
        {
            return Err(self.error(DocumentErrorKind::InvalidMarkup));
        }
        let target = self.name()?;
        if target.eq_ignore_ascii_case("xml") {
            if self.at == self.text.len() {
                return Err(self.unclosed());
            }
            if self.start != 0 || target != "xml" {
                return Err(SyntaxError::at(
                    self.start,
                    DocumentErrorKind::InvalidDeclaration,
                ));
            }
            return self.declaration();
        }
        if self.skip_white_space() {
            let rest = self.rest();
            self.advance(rest.find("?>").unwrap_or(rest.len()));
        }
        self.require("?>", DocumentErrorKind::InvalidMarkup)
    }

    /// Checks the rest of the [XMLDecl](https://www.w3.org/TR/xml/#NT-XMLDecl) after `<?xml`.
    fn declaration(&mut self) -> Result<(), SyntaxError<'d>> {
        let invalid = DocumentErrorKind::InvalidDeclaration;
        if !self.skip_white_space() {
            return Err(self.error(invalid));
        }
        let (version, offset) = self.pseudo_attribute("version")?;
        let minor = version.strip_prefix("1.").unwrap_or_default();
        if minor.is_empty() || !minor.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SyntaxError::at(offset, invalid));
        }
        let mut spaced = self.skip_white_space();
        if spaced && self.rest().starts_with('e') {
            let (encoding, offset) = self.pseudo_attribute("encoding")?;
            if !encoding.eq_ignore_ascii_case("UTF-8") {
                return Err(SyntaxError::at(offset, DocumentErrorKind::OtherEncoding));
            }
            spaced = self.skip_white_space();
        }
        if spaced && self.rest().starts_with('s') {
            let (standalone, offset) = self.pseudo_attribute("standalone")?;
            if !matches!(standalone, "yes" | "no") {
                return Err(SyntaxError::at(offset, invalid));
            }
            self.skip_white_space();
        }
        self.require("?>", invalid)
    }

    /// Reads `name = "value"` in the XML declaration and returns the value and its offset.
    fn pseudo_attribute(&mut self, name: &str) -> Result<(&'d str, usize), SyntaxError<'d>> {
        let invalid = DocumentErrorKind::InvalidDeclaration;
        self.require(name, invalid)?;
        self.skip_white_space();
        self.require("=", invalid)?;
        self.skip_white_space();
        let quote = self
            .rest()
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''));
        let Some(quote) = quote else {
            return Err(self.error(invalid));
        };
        self.advance(1);
        let offset = self.at;
        let rest = self.rest();
        // None of the three values may contain any of these.
        self.advance(rest.find([quote, '<', '>', '&', '?']).unwrap_or(rest.len()));
        let value = self.text.get(offset..self.at).unwrap_or_default();
        if !self.rest().starts_with(quote) {
            return Err(self.error(invalid));
        }
        self.advance(1);
        Ok((value, offset))
    }

    /// Reads a reference to a character or to one of the five entities and returns the character.
    pub(crate) fn reference(mut self) -> Result<char, SyntaxError<'d>> {
        self.read_reference()
    }

    fn read_reference(&mut self) -> Result<char, SyntaxError<'d>> {
        let offset = self.at;
        let invalid = SyntaxError::at(offset, DocumentErrorKind::InvalidReference);
        let cut_off = SyntaxError::at(self.start, DocumentErrorKind::UnclosedMarkup);
        let body = self.rest().strip_prefix('&').unwrap_or_default();
        let length = body
            .find(|character| !is_name_character(character) && character != '#')
            .unwrap_or(body.len());
        let Some((name, rest)) = body.split_at_checked(length) else {
            return Err(invalid);
        };
        if rest.is_empty() {
            return Err(cut_off);
        }
        if !rest.starts_with(';') {
            return Err(invalid);
        }
        self.advance(length.saturating_add(2));
        if let Some(number) = name.strip_prefix('#') {
            let number = match number.strip_prefix('x') {
                Some(digits) => parse_number(digits, 16),
                None => parse_number(number, 10),
            };
            return number
                .and_then(char::from_u32)
                .filter(|character| is_character(*character))
                .ok_or(invalid);
        }
        match name {
            "amp" => Ok('&'),
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "apos" => Ok('\''),
            "quot" => Ok('"'),
            _ if is_name(name) => Err(SyntaxError {
                kind: DocumentErrorKind::UnknownEntity,
                offset,
                name: Some(name),
            }),
            _ => Err(invalid),
        }
    }

    fn name(&mut self) -> Result<&'d str, SyntaxError<'d>> {
        let rest = self.rest();
        if !rest.starts_with(is_name_start) {
            return Err(self.error(DocumentErrorKind::InvalidName));
        }
        let length = rest
            .find(|character| !is_name_character(character))
            .unwrap_or(rest.len());
        self.advance(length);
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// Consumes the literal. If the text differs, stops at the first character that does.
    fn require(&mut self, literal: &str, kind: DocumentErrorKind) -> Result<(), SyntaxError<'d>> {
        let same = self
            .rest()
            .bytes()
            .zip(literal.bytes())
            .take_while(|(found, expected)| found == expected)
            .count();
        self.advance(same);
        if same == literal.len() {
            Ok(())
        } else {
            Err(self.error(kind))
        }
    }

    fn take(&mut self, literal: &str) -> bool {
        let found = self.rest().starts_with(literal);
        self.advance(if found { literal.len() } else { 0 });
        found
    }

    fn skip_white_space(&mut self) -> bool {
        let rest = self.rest();
        let length = rest
            .find(|character| !is_white_space(character))
            .unwrap_or(rest.len());
        self.advance(length);
        length > 0
    }

    fn rest(&self) -> &'d str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// A syntax error here. At the end of the text, the error is that the markup is not closed.
    fn error(&self, kind: DocumentErrorKind) -> SyntaxError<'d> {
        if self.rest().is_empty() {
            self.unclosed()
        } else {
            SyntaxError::at(self.at, kind)
        }
    }

    fn unclosed(&self) -> SyntaxError<'d> {
        SyntaxError::at(self.start, DocumentErrorKind::UnclosedMarkup)
    }
}

/// Returns the first attribute whose name an earlier one already has.
fn repeated(mut attributes: Vec<(&str, usize)>) -> Option<(&str, usize)> {
    attributes.sort_unstable();
    attributes
        .windows(2)
        .filter_map(|pair| match pair {
            [(first, _), (second, offset)] if first == second => Some((*second, *offset)),
            _ => None,
        })
        .min_by_key(|(_, offset)| *offset)
}

fn parse_number(digits: &str, radix: u32) -> Option<u32> {
    // `from_str_radix` also accepts a sign.
    if digits.starts_with('+') {
        None
    } else {
        u32::from_str_radix(digits, radix).ok()
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name_character)
}

/// [White space](https://www.w3.org/TR/xml/#NT-S).
pub(crate) const fn is_white_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// [Char](https://www.w3.org/TR/xml/#NT-Char): the characters allowed in a document.
pub(crate) const fn is_character(character: char) -> bool {
    !matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// [NameStartChar](https://www.w3.org/TR/xml/#NT-NameStartChar).
const fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// [NameChar](https://www.w3.org/TR/xml/#NT-NameChar).
const fn is_name_character(character: char) -> bool {
    is_name_start(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
