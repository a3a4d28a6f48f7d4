//! What is wrong with a configuration or an image: typed, positioned, small.

use core::fmt;

/// Why a configuration does not compile: what, and where.
///
/// # Examples
///
/// ```
/// use cors_core::{CompileErrorKind, Configuration, Dialect, Field, List, PolicyBuf, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example", "https://*.*.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let error = PolicyBuf::<512>::compile(&Configuration::new(&Dialect::OSS, &rules)).unwrap_err();
/// assert_eq!(error.kind, CompileErrorKind::SecondWildcard);
/// assert_eq!((error.rule, error.field, error.item), (Some(0), Some(Field::AllowedOrigin), Some(1)));
/// assert_eq!(error.to_string(), "rule 1, AllowedOrigin 2: keep at most one `*`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CompileError {
    /// What is wrong.
    pub kind: CompileErrorKind,
    /// Which rule, counted from 0.
    pub rule: Option<usize>,
    /// Which member of the rule.
    pub field: Option<Field>,
    /// Which item of a list, counted from 0.
    pub item: Option<usize>,
}

impl CompileError {
    /// An error of the configuration as a whole.
    pub(crate) const fn of_all(kind: CompileErrorKind) -> Self {
        CompileError {
            kind,
            rule: None,
            field: None,
            item: None,
        }
    }
}

/// A member of a rule, by the providers' element name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// `ID`
    Id,
    /// `AllowedOrigin`
    AllowedOrigin,
    /// `AllowedMethod`
    AllowedMethod,
    /// `AllowedHeader`
    AllowedHeader,
    /// `ExposeHeader`
    ExposeHeader,
    /// `MaxAgeSeconds`
    MaxAgeSeconds,
    /// The switch for credentials.
    AllowCredentials,
}

impl Field {
    /// The element's name.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Id => "ID",
            Field::AllowedOrigin => "AllowedOrigin",
            Field::AllowedMethod => "AllowedMethod",
            Field::AllowedHeader => "AllowedHeader",
            Field::ExposeHeader => "ExposeHeader",
            Field::MaxAgeSeconds => "MaxAgeSeconds",
            Field::AllowCredentials => "AllowCredentials",
        }
    }
}

/// What is wrong with a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompileErrorKind {
    /// More rules than the dialect allows; `rule` is the first one too many.
    TooManyRules {
        /// The dialect's limit.
        limit: u16,
    },
    /// A rule without AllowedOrigin.
    NoOrigin,
    /// A rule without AllowedMethod.
    NoMethod,
    /// An empty value where the dialect takes none.
    Empty,
    /// More than one `*` in a value.
    SecondWildcard,
    /// A second element equal to `*` in one rule, where the dialect is told to refuse it.
    SecondBareWildcard,
    /// A `*` where the dialect does not take one.
    MisplacedWildcard,
    /// A method that the dialect does not have.
    UnknownMethod,
    /// A `*` in an ExposeHeader.
    WildcardInExposeHeader,
    /// An ExposeHeader that is no header name (an RFC 9110 token).
    NotAHeaderName,
    /// A control character (below 0x20, or 0x7F).
    ControlCharacter,
    /// MaxAgeSeconds outside the dialect's range.
    MaxAgeOutOfRange {
        /// Smallest value the dialect takes.
        min: i32,
        /// Largest value the dialect takes.
        max: i32,
    },
    /// More AllowedOrigin than the dialect allows in a rule.
    TooManyOrigins {
        /// The dialect's limit.
        limit: u16,
    },
    /// More AllowedHeader, or ExposeHeader, of one kind than the dialect allows in a rule.
    TooManyHeaders {
        /// Most names without a `*`.
        literal: u16,
        /// Most with one.
        prefixed: u16,
    },
    /// A value longer than the dialect allows.
    ValueTooLong {
        /// Limit in characters.
        limit: u16,
    },
    /// An ID longer than the dialect allows.
    IdTooLong {
        /// Limit in characters.
        limit: u16,
    },
    /// A member that the dialect does not have.
    NotInDialect,
    /// Credentials together with an origin that is `*`, or a pattern that does not fix scheme and host suffix.
    CredentialsForUnfixedOrigin,
    /// A value or list longer than the image format holds (65,535 bytes).
    TooLong,
    /// More distinct methods than the image format holds (64).
    TooManyMethods,
    /// More patterns than the image format holds (32,767 of a kind).
    TooManyPatterns,
    /// The buffer is too small.
    BufferTooSmall {
        /// A number of bytes that is enough.
        needed: usize,
    },
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = self.rule {
            write!(f, "rule {}", rule.saturating_add(1))?;
            if let Some(field) = self.field {
                write!(f, ", {}", field.name())?;
                if let Some(item) = self.item {
                    write!(f, " {}", item.saturating_add(1))?;
                }
            }
            f.write_str(": ")?;
        }
        match self.kind {
            CompileErrorKind::TooManyRules { limit } => write!(f, "keep at most {limit} rules"),
            CompileErrorKind::NoOrigin => f.write_str("add at least one AllowedOrigin"),
            CompileErrorKind::NoMethod => f.write_str("add at least one AllowedMethod"),
            CompileErrorKind::Empty => f.write_str("give a value or remove the element"),
            CompileErrorKind::SecondWildcard => f.write_str("keep at most one `*`"),
            CompileErrorKind::SecondBareWildcard => f.write_str("keep at most one element equal to `*` in a rule"),
            CompileErrorKind::MisplacedWildcard => f.write_str("remove the `*`, or put it where this dialect takes one"),
            CompileErrorKind::UnknownMethod => f.write_str("use a method of this dialect, in upper case"),
            CompileErrorKind::WildcardInExposeHeader => {
                f.write_str("name each header; a `*` is not supported in ExposeHeader")
            }
            CompileErrorKind::NotAHeaderName => f.write_str("use letters, digits and the signs of a header name only"),
            CompileErrorKind::ControlCharacter => f.write_str("remove the control character"),
            CompileErrorKind::MaxAgeOutOfRange { min, max } => write!(f, "use a number from {min} to {max}"),
            CompileErrorKind::TooManyOrigins { limit } => write!(f, "keep at most {limit} origins in a rule"),
            CompileErrorKind::ValueTooLong { limit } => write!(f, "shorten it to at most {limit} characters"),
            CompileErrorKind::TooManyHeaders { literal, prefixed } => {
                write!(f, "keep at most {literal} names without a `*` and {prefixed} with one")
            }
            CompileErrorKind::IdTooLong { limit } => write!(f, "shorten the ID to at most {limit} characters"),
            CompileErrorKind::NotInDialect => f.write_str("remove it; this dialect has no such member"),
            CompileErrorKind::CredentialsForUnfixedOrigin => f.write_str(
                "with credentials, name each origin, or use a pattern that fixes the scheme and the host's end",
            ),
            CompileErrorKind::TooLong => f.write_str("shorten it to at most 65535 bytes"),
            CompileErrorKind::TooManyMethods => f.write_str("use at most 64 different methods"),
            CompileErrorKind::TooManyPatterns => f.write_str("use at most 32767 different patterns"),
            CompileErrorKind::BufferTooSmall { needed } => write!(f, "give a buffer of {needed} bytes"),
        }
    }
}

impl core::error::Error for CompileError {}

/// Why bytes are not a policy image.
///
/// Each says which part did not hold; what to change is always the same: compile the rules again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageError {
    /// The bytes do not begin as a policy image does.
    NotAnImage,
    /// The image is of a version that this code does not read.
    UnknownVersion(u8),
    /// The image says another length than it has: it was cut off or joined to something.
    WrongLength {
        /// The length in the header.
        stated: u32,
    },
    /// A dialect member has a value that this code does not know.
    UnknownDialect,
    /// A part of the image lies outside it, or its parts do not fit together.
    Inconsistent,
    /// Text is not UTF-8, or holds a control character, or is no header name where one is due.
    InvalidText,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageError::NotAnImage => {
                f.write_str("not a policy image; compile the rules to make one")
            }
            ImageError::UnknownVersion(version) => {
                write!(
                    f,
                    "policy image of version {version}; compile the rules again with this release"
                )
            }
            ImageError::WrongLength { stated } => {
                write!(
                    f,
                    "policy image cut off or extended; its header says {stated} bytes, copy it again"
                )
            }
            ImageError::UnknownDialect => {
                f.write_str("policy image of an unknown dialect; compile the rules again")
            }
            ImageError::Inconsistent => {
                f.write_str("policy image damaged; compile the rules again")
            }
            ImageError::InvalidText => {
                f.write_str("policy image with invalid text; compile the rules again")
            }
        }
    }
}

impl core::error::Error for ImageError {}
