//! The errors of a document: typed, with positions, all of them.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use cors_core::{CompileError, CompileErrorKind};

use crate::errors::Cause;
use crate::visible::visible;

/// One error of a document: what is wrong, where, and what to change.
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
///     "line 3, column 3: rule 1, AllowedMethod `get`: write it as `GET`",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentError {
    /// What is wrong.
    pub kind: DocumentErrorKind,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1. For a value that is not accepted: where its
    /// element starts.
    pub column: usize,
    /// The rule, counted from 0.
    pub rule: Option<usize>,
    /// The name of the element, as the document writes it.
    pub element: Option<Box<str>>,
    /// The value.
    pub value: Option<Box<str>>,
    /// What to change, where more is known than the kind says: the name that was probably meant, the
    /// methods that are allowed, the root.
    pub advice: Option<Box<str>>,
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentErrorKind {
    /// More bytes than the provider accepts. The document was not read.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// More bytes of values, without tags, than the provider accepts.
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
    /// A quotation mark that text editors put in place of `"`.
    TypographicQuote,
    /// A string of JSON in single quotes.
    SingleQuote,
    /// A comma after the last item or member of JSON.
    TrailingComma,
    /// A comment in JSON.
    Comment,
    /// Text that is not YAML.
    InvalidYaml,
    /// Text that is not Terraform's configuration language.
    InvalidTerraform,
    /// A variable, a function or a reference where a value is required.
    NotAValue,
    /// The rules of a second bucket or service.
    SeveralConfigurations,
    /// A JSON value that is not a string where one is required.
    NotAString,
    /// A JSON value that is not an array where one is required.
    NotAList,
    /// A JSON value that is not an object where one is required.
    NotAnObject,
    /// A character that XML does not allow.
    ForbiddenCharacter,
    /// The XML declaration names an encoding that is not UTF-8.
    OtherEncoding,
    /// An XML declaration that is malformed, or that does not start at the document's first byte.
    InvalidDeclaration,
    /// A document type declaration.
    Doctype,
    /// A reference to an entity other than the five predefined ones.
    UnknownEntity,
    /// An `&` that does not begin a reference, or a reference to a character that XML does not
    /// allow.
    InvalidReference,
    /// A name that is not an XML name.
    InvalidName,
    /// A malformed tag.
    InvalidTag,
    /// An attribute that the tag already has.
    RepeatedAttribute,
    /// Malformed markup that begins with `<!` or `<?`.
    InvalidMarkup,
    /// A `--` in a comment.
    DoubleHyphen,
    /// A `]]>` in text.
    CdataEnd,
    /// An end tag that does not match the open element.
    MismatchedEndTag,
    /// Markup that is not closed.
    UnclosedMarkup,
    /// An element that has no end tag.
    UnclosedElement,
    /// Text or a second element outside the root.
    OutsideRoot,
    /// No element at all.
    NoRoot,
    /// A root other than the provider's (such as `CORSConfiguration`).
    WrongRoot,
    /// An element that the provider's schema does not allow there.
    UnknownElement,
    /// An element inside a value.
    NestedElement,
    /// Text between elements.
    TextBetweenElements,
    /// A second element where the schema allows at most one.
    Repeated,
    /// Settings without a CORS configuration. Azure leaves the rules unchanged then.
    NoConfiguration,
    /// A member that the provider requires in every rule is missing.
    Missing,
    /// A rule with more bytes of values than the provider accepts.
    RuleTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A rule name that the provider does not accept.
    InvalidRuleName,
    /// A rule name that another rule already has.
    RepeatedRuleName,
    /// A `*` beside other items, where the provider accepts it only alone.
    WildcardNotAlone,
    /// No rules.
    NoRule,
    /// A `MaxAgeSeconds` that is not an integer.
    NotAnInteger,
    /// A `ResponseVary` that is neither `true` nor `false`.
    NotABoolean,
    /// A value or a rule that the provider does not accept.
    Invalid(CompileErrorKind),
}

impl DocumentError {
    /// Returns the cause, which selects the row of the provider's error table.
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
    /// Whether this is a violation of the schema; otherwise a value or a size is not accepted.
    const fn is_schema_error(self) -> bool {
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
            write_shown(f, element, SHOWN_CHARACTERS)?;
        }
        if let Some(value) = &self.value {
            f.write_str(" `")?;
            write_shown(f, value, SHOWN_CHARACTERS)?;
            f.write_char('`')?;
        }
        if self.rule.is_some() || self.element.is_some() || self.value.is_some() {
            f.write_str(": ")?;
        }
        match &self.advice {
            Some(advice) => write_shown(f, advice, usize::MAX),
            None => self.kind.fmt(f),
        }
    }
}

/// Writes text of the document without breaking the line.
fn write_shown(f: &mut fmt::Formatter<'_>, text: &str, most: usize) -> fmt::Result {
    match text.char_indices().nth(most) {
        Some((end, _)) => write!(f, "{}...", visible(text.get(..end).unwrap_or_default())),
        None => write!(f, "{}", visible(text)),
    }
}

impl fmt::Display for DocumentErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            DocumentErrorKind::TooLarge { limit } => return write!(f, "shorten the document to at most {limit} bytes"),
            DocumentErrorKind::TooMuchText { limit } => {
                return write!(f, "shorten the values to at most {limit} bytes in total");
            }
            DocumentErrorKind::Invalid(kind) => {
                let without_position = CompileError { kind, rule: None, field: None, item: None };
                return without_position.fmt(f);
            }
            DocumentErrorKind::FormNotBuiltIn => {
                "build cors-xml with the feature that reads this form: quick-xml, json, yaml or terraform"
            }
            DocumentErrorKind::NotUtf8 => "write the document in UTF-8",
            DocumentErrorKind::InvalidJson => "invalid JSON from here on",
            DocumentErrorKind::TypographicQuote => "write straight quotes, `\"`; this quote is typographic",
            DocumentErrorKind::SingleQuote => "write double quotes, `\"`; JSON has no strings in single quotes",
            DocumentErrorKind::TrailingComma => "remove the comma; nothing comes after it",
            DocumentErrorKind::Comment => "remove the comment; JSON has no comments",
            DocumentErrorKind::InvalidYaml => "invalid YAML from here on",
            DocumentErrorKind::InvalidTerraform => "invalid Terraform from here on",
            DocumentErrorKind::NotAValue => {
                "write the value itself; variables, functions and references are not computed"
            }
            DocumentErrorKind::SeveralConfigurations => "keep the rules of one bucket only; these are the rules of another",
            DocumentErrorKind::NotAString => "write a string, in double quotes",
            DocumentErrorKind::NotAList => "write an array, in square brackets",
            DocumentErrorKind::NotAnObject => "write an object, in curly brackets",
            DocumentErrorKind::ForbiddenCharacter => "remove the character; XML does not allow it",
            DocumentErrorKind::OtherEncoding => "write the document in UTF-8, and declare UTF-8 or no encoding",
            DocumentErrorKind::InvalidDeclaration => {
                "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>` at the very beginning, or remove the declaration"
            }
            DocumentErrorKind::Doctype => "remove the document type declaration",
            DocumentErrorKind::UnknownEntity => "use &amp; &lt; &gt; &apos; &quot; or a character reference",
            DocumentErrorKind::InvalidReference => "write `&` as &amp;, and refer only to characters that XML allows",
            DocumentErrorKind::InvalidName => "begin the name with a letter",
            DocumentErrorKind::InvalidTag => "write the tag as `<name>`, attributes as `name=\"value\"`",
            DocumentErrorKind::RepeatedAttribute => "keep only one attribute with this name",
            DocumentErrorKind::InvalidMarkup => {
                "write `<` as &lt;, or correct the markup; its delimiters contain no spaces"
            }
            DocumentErrorKind::DoubleHyphen => "remove `--` from the comment",
            DocumentErrorKind::CdataEnd => "write `]]>` as ]]&gt;",
            DocumentErrorKind::MismatchedEndTag => {
                "close the open element first, spelled as in its start tag"
            }
            DocumentErrorKind::UnclosedMarkup => "complete the markup that begins here",
            DocumentErrorKind::UnclosedElement => "close the element that begins here",
            DocumentErrorKind::OutsideRoot => "keep everything inside one root element",
            DocumentErrorKind::NoRoot => "send a CORS configuration",
            DocumentErrorKind::WrongRoot => "use the provider's root",
            DocumentErrorKind::UnknownElement => "remove it, or spell it as the schema does; case matters",
            DocumentErrorKind::NestedElement => "remove it; a value holds text only",
            DocumentErrorKind::TextBetweenElements => "remove the text between the elements",
            DocumentErrorKind::Repeated => "keep only one",
            DocumentErrorKind::RuleTooLarge { limit } => {
                return write!(f, "shorten the rule's values to at most {limit} bytes in total");
            }
            DocumentErrorKind::Missing => "add it; every rule must have it",
            DocumentErrorKind::InvalidRuleName => {
                "use 6 to 50 letters, digits and hyphens, not beginning with b2-"
            }
            DocumentErrorKind::RepeatedRuleName => "give each rule a different name",
            DocumentErrorKind::WildcardNotAlone => "use `*` as the only item, or remove it",
            DocumentErrorKind::NoConfiguration => "add a Cors element; without one the rules stay unchanged",
            DocumentErrorKind::NoRule => "add at least one rule",
            DocumentErrorKind::NotAnInteger => "use a whole number of seconds",
            DocumentErrorKind::NotABoolean => "write true or false",
        })
    }
}

impl core::error::Error for DocumentError {}

/// The errors of a document, at least one, in document order.
///
/// If the document is not well-formed, there is only the first syntax error, because nothing after
/// it can be interpreted.
///
/// Displays one error per line.
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

    /// Returns the first error in document order.
    pub fn first(&self) -> &DocumentError {
        &self.0.first
    }

    /// Returns the error that the provider responds with: the first violation of the schema,
    /// otherwise the first error. A server checks the whole document against the schema before it
    /// looks at a value.
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
            .find(|error| error.kind.is_schema_error())
            .unwrap_or(&self.0.first)
    }

    /// Iterates over all errors.
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
