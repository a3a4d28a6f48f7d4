//! What is wrong with a document: typed, positioned, every error of it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use cors_core::{CompileError, CompileErrorKind};

use crate::errors::Cause;

/// One error of a document: what, where, and what to change.
///
/// # Examples
///
/// ```
/// use cors_xml::{Document, Provider};
///
/// let body = b"<CORSConfiguration><CORSRule>
///   <AllowedOrigin>https://a.example</AllowedOrigin>
///   <AllowedMethod>get</AllowedMethod>
/// </CORSRule></CORSConfiguration>";
/// let errors = Document::parse(&Provider::OSS, body).unwrap_err();
/// assert_eq!(
///     errors.first().to_string(),
///     "line 3, column 3: rule 1, AllowedMethod `get`: use a method of this dialect, in upper case",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentError {
    /// What is wrong.
    pub kind: DocumentErrorKind,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1. For a value that is not taken: where its element starts.
    pub column: usize,
    /// Which rule, counted from 0.
    pub rule: Option<usize>,
    /// The name of the element, as the document writes it.
    pub element: Option<Box<str>>,
    /// The value.
    pub value: Option<Box<str>>,
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentErrorKind {
    /// More bytes than the provider takes. Nothing of the document was read.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// More bytes of values, tags not counted, than the provider takes.
    TooMuchText {
        /// The limit in bytes.
        limit: usize,
    },
    /// A form that this build of the crate cannot read.
    FormNotBuiltIn,
    /// A byte that is not UTF-8.
    NotUtf8,
    /// Text that is not JSON.
    InvalidJson,
    /// A JSON value that is not a string where one must be.
    NotAString,
    /// A JSON value that is not an array where one must be.
    NotAList,
    /// A JSON value that is not an object where one must be.
    NotAnObject,
    /// A character that XML cannot hold.
    ForbiddenCharacter,
    /// The XML declaration names an encoding that is not UTF-8.
    OtherEncoding,
    /// An XML declaration that is malformed, or that is not the document's first byte.
    InvalidDeclaration,
    /// A document type declaration.
    Doctype,
    /// A reference to an entity other than the five of XML.
    UnknownEntity,
    /// An `&` that begins no reference, or a reference to a character that XML does not have.
    InvalidReference,
    /// A name that is not an XML name.
    InvalidName,
    /// A tag that is not written as XML wants it.
    InvalidTag,
    /// An attribute that the tag already has.
    RepeatedAttribute,
    /// Markup that begins with `<!` or `<?` and is not written as XML wants it.
    InvalidMarkup,
    /// A `--` in a comment.
    DoubleHyphen,
    /// A `]]>` in text.
    CdataEnd,
    /// An end tag that does not name the element that is open.
    MismatchedEndTag,
    /// Markup that has no end.
    UnclosedMarkup,
    /// An element that has no end tag.
    UnclosedElement,
    /// Text or a second element outside the root.
    OutsideRoot,
    /// No element at all.
    NoRoot,
    /// A root that is not the provider's, such as `CORSConfiguration`.
    WrongRoot,
    /// An element that the provider's schema does not have there.
    UnknownElement,
    /// An element inside a value.
    NestedElement,
    /// Text between elements.
    TextBetweenElements,
    /// A second element where the schema has at most one.
    Repeated,
    /// Settings without a CORS configuration among them: Azure leaves the rules as they are then.
    NoConfiguration,
    /// A member that the provider wants in every rule is not there.
    Missing,
    /// A rule with more bytes of values than the provider takes.
    RuleTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A rule's name that the provider does not take.
    InvalidRuleName,
    /// A rule's name that another rule has.
    RepeatedRuleName,
    /// A `*` beside other items, where the provider takes it alone.
    WildcardNotAlone,
    /// No rule.
    NoRule,
    /// A `MaxAgeSeconds` that is not an integer.
    NotAnInteger,
    /// A `ResponseVary` that is neither `true` nor `false`.
    NotABoolean,
    /// A value, or a rule, that the provider does not take.
    Invalid(CompileErrorKind),
}

impl DocumentError {
    /// The row of the provider's table of errors.
    pub fn cause(&self) -> Cause {
        match self.kind {
            DocumentErrorKind::TooLarge { .. } | DocumentErrorKind::TooMuchText { .. } => {
                Cause::TooLarge
            }
            DocumentErrorKind::NoRule => Cause::NoRule,
            DocumentErrorKind::Invalid(kind) => match kind {
                CompileErrorKind::NoOrigin | CompileErrorKind::NoMethod => Cause::Malformed,
                CompileErrorKind::TooManyRules { .. } => Cause::TooManyRules,
                CompileErrorKind::UnknownMethod => Cause::UnknownMethod,
                CompileErrorKind::SecondWildcard => Cause::SecondWildcard,
                CompileErrorKind::WildcardInExposeHeader => Cause::WildcardInExposeHeader,
                CompileErrorKind::NotAHeaderName => Cause::InvalidExposeHeader,
                CompileErrorKind::MaxAgeOutOfRange { .. } => Cause::MaxAgeOutOfRange,
                _ => Cause::InvalidValue,
            },
            _ => Cause::Malformed,
        }
    }
}

impl DocumentErrorKind {
    /// Whether the document is not of the schema; otherwise a value, or a size, is not permitted.
    const fn is_of_the_schema(self) -> bool {
        !matches!(
            self,
            DocumentErrorKind::TooLarge { .. }
                | DocumentErrorKind::TooMuchText { .. }
                | DocumentErrorKind::RuleTooLarge { .. }
                | DocumentErrorKind::InvalidRuleName
                | DocumentErrorKind::RepeatedRuleName
                | DocumentErrorKind::WildcardNotAlone
                | DocumentErrorKind::Invalid(_)
        ) || matches!(
            self,
            DocumentErrorKind::Invalid(CompileErrorKind::NoOrigin | CompileErrorKind::NoMethod)
        )
    }
}

/// Longest value that a message shows, in characters. The error holds the whole value.
const SHOWN_CHARACTERS: usize = 128;

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if let Some(rule) = self.rule {
            write!(f, "rule {}", rule.saturating_add(1))?;
            f.write_str(if self.element.is_some() { ", " } else { "" })?;
        }
        if let Some(element) = &self.element {
            write_shown(f, element)?;
        }
        if let Some(value) = &self.value {
            f.write_str(" `")?;
            write_shown(f, value)?;
            f.write_char('`')?;
        }
        if self.rule.is_some() || self.element.is_some() || self.value.is_some() {
            f.write_str(": ")?;
        }
        self.kind.fmt(f)
    }
}

/// Writes a text of the document so that it stays on its line.
fn write_shown(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for character in text.chars().take(SHOWN_CHARACTERS) {
        if character.is_control() {
            write!(f, "{}", character.escape_default())?;
        } else {
            f.write_char(character)?;
        }
    }
    f.write_str(if text.chars().nth(SHOWN_CHARACTERS).is_some() {
        "..."
    } else {
        ""
    })
}

impl fmt::Display for DocumentErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            DocumentErrorKind::TooLarge { limit } => return write!(f, "shorten the document to at most {limit} bytes"),
            DocumentErrorKind::TooMuchText { limit } => {
                return write!(f, "shorten the values to at most {limit} bytes in all");
            }
            DocumentErrorKind::Invalid(kind) => {
                let nowhere = CompileError { kind, rule: None, field: None, item: None };
                return nowhere.fmt(f);
            }
            DocumentErrorKind::FormNotBuiltIn => {
                "build cors-xml with the feature that reads this form: quick-xml or json"
            }
            DocumentErrorKind::NotUtf8 => "write the document in UTF-8",
            DocumentErrorKind::InvalidJson => "write JSON, which this is not from here on",
            DocumentErrorKind::NotAString => "write a string, in double quotes",
            DocumentErrorKind::NotAList => "write an array, in square brackets",
            DocumentErrorKind::NotAnObject => "write an object, in curly brackets",
            DocumentErrorKind::ForbiddenCharacter => "remove the character; XML cannot hold it",
            DocumentErrorKind::OtherEncoding => "write the document in UTF-8 and declare that, or nothing",
            DocumentErrorKind::InvalidDeclaration => {
                "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>` at the very beginning, or nothing"
            }
            DocumentErrorKind::Doctype => "remove the document type declaration",
            DocumentErrorKind::UnknownEntity => "use &amp; &lt; &gt; &apos; &quot; or a character reference",
            DocumentErrorKind::InvalidReference => "write `&` as &amp;, and name a character that XML has",
            DocumentErrorKind::InvalidName => "write a name that begins with a letter",
            DocumentErrorKind::InvalidTag => "write the tag as `<name>`, attributes as `name=\"value\"`",
            DocumentErrorKind::RepeatedAttribute => "keep one attribute of this name",
            DocumentErrorKind::InvalidMarkup => {
                "write `<` as &lt;, or the markup as XML has it, without spaces inside its signs"
            }
            DocumentErrorKind::DoubleHyphen => "remove `--` from the comment",
            DocumentErrorKind::CdataEnd => "write `]]>` as ]]&gt;",
            DocumentErrorKind::MismatchedEndTag => {
                "end the element that is open, in its own spelling, before any other"
            }
            DocumentErrorKind::UnclosedMarkup => "complete what begins here",
            DocumentErrorKind::UnclosedElement => "end the element that begins here",
            DocumentErrorKind::OutsideRoot => "keep everything inside one root element",
            DocumentErrorKind::NoRoot => "send a CORS configuration",
            DocumentErrorKind::WrongRoot => "make the provider's root the root, such as CORSConfiguration, or in JSON CORSRules",
            DocumentErrorKind::UnknownElement => "remove it, or spell it as the schema does; case matters",
            DocumentErrorKind::NestedElement => "remove it; a value holds text only",
            DocumentErrorKind::TextBetweenElements => "remove the text between the elements",
            DocumentErrorKind::Repeated => "keep one",
            DocumentErrorKind::RuleTooLarge { limit } => {
                return write!(f, "shorten the rule's values to at most {limit} bytes in all");
            }
            DocumentErrorKind::Missing => "add it; every rule must have it",
            DocumentErrorKind::InvalidRuleName => {
                "use 6 to 50 letters, digits and hyphens, not beginning with b2-"
            }
            DocumentErrorKind::RepeatedRuleName => "give each rule a name of its own",
            DocumentErrorKind::WildcardNotAlone => "keep the `*` alone, or leave it out",
            DocumentErrorKind::NoConfiguration => "add a Cors element; without one the rules stay as they are",
            DocumentErrorKind::NoRule => "add at least one rule",
            DocumentErrorKind::NotAnInteger => "give a whole number of seconds",
            DocumentErrorKind::NotABoolean => "write true or false",
        })
    }
}

impl core::error::Error for DocumentError {}

/// Every error of a document, at least one, in the document's order.
///
/// Of a document that is not well-formed XML it holds the first syntax error alone: what follows a syntax error says nothing.
///
/// Displays as one line for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentErrors(Box<Errors>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Errors {
    first: DocumentError,
    rest: Vec<DocumentError>,
}

impl DocumentErrors {
    pub(crate) fn new(first: DocumentError, rest: Vec<DocumentError>) -> Self {
        DocumentErrors(Box::new(Errors { first, rest }))
    }

    /// The first error in the document's order.
    pub fn first(&self) -> &DocumentError {
        &self.0.first
    }

    /// The error that the provider answers with: the first that is of the schema, else the first. A server reads the whole
    /// document by its schema before it looks at a value.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "quick-xml")] {
    /// use cors_xml::{Cause, Document, DocumentErrorKind, Provider};
    ///
    /// let body = b"<CORSConfiguration><CORSRule>
    ///   <AllowedOrigin>*</AllowedOrigin><AllowedMethod>get</AllowedMethod><Allow/>
    /// </CORSRule></CORSConfiguration>";
    /// let errors = Document::parse(&Provider::OSS, body).unwrap_err();
    /// assert_eq!(errors.first().cause(), Cause::UnknownMethod);
    /// assert_eq!(errors.answered().kind, DocumentErrorKind::UnknownElement);
    /// # }
    /// ```
    pub fn answered(&self) -> &DocumentError {
        self.iter()
            .find(|error| error.kind.is_of_the_schema())
            .unwrap_or(&self.0.first)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &DocumentError> {
        core::iter::once(&self.0.first).chain(&self.0.rest)
    }
}

impl fmt::Display for DocumentErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.first.fmt(f)?;
        self.0
            .rest
            .iter()
            .try_for_each(|error| write!(f, "\n{error}"))
    }
}

impl core::error::Error for DocumentErrors {}
