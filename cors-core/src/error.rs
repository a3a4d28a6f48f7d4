//! Errors of a configuration or an image: typed, small, and with a position.

use core::fmt;

/// Why a configuration does not compile: what is wrong, and where.
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
    /// The rule, counted from 0.
    pub rule: Option<usize>,
    /// The member of the rule.
    pub field: Option<Field>,
    /// The item of a list, counted from 0.
    pub item: Option<usize>,
}

impl CompileError {
    /// An error in the configuration as a whole.
    pub(crate) const fn of_all(kind: CompileErrorKind) -> Self {
        CompileError {
            kind,
            rule: None,
            field: None,
            item: None,
        }
    }
}

/// A member of a rule, named after the providers' element.
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
    /// Whether credentials are allowed.
    AllowCredentials,
}

impl Field {
    /// Returns the element's name.
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
    /// More rules than the dialect allows; `rule` is the first rule over the limit.
    TooManyRules {
        /// The dialect's limit.
        limit: u16,
    },
    /// A rule without AllowedOrigin.
    NoOrigin,
    /// A rule without AllowedMethod.
    NoMethod,
    /// An empty value where the dialect does not accept one.
    Empty,
    /// More than one `*` in a value.
    SecondWildcard,
    /// A second element equal to `*` in one rule, if the dialect is set to refuse it.
    SecondBareWildcard,
    /// A `*` where the dialect does not accept one.
    MisplacedWildcard,
    /// A `*` in the port of an origin, where the dialect accepts one elsewhere alone.
    WildcardInPort,
    /// A method that the dialect does not have.
    UnknownMethod,
    /// A `*` in an ExposeHeader.
    WildcardInExposeHeader,
    /// An ExposeHeader that is not a header name (an RFC 9110 token).
    NotAHeaderName,
    /// A control character (below 0x20, or 0x7F).
    ControlCharacter,
    /// MaxAgeSeconds outside the dialect's range.
    MaxAgeOutOfRange {
        /// Smallest value the dialect accepts.
        min: i32,
        /// Largest value the dialect accepts.
        max: i32,
    },
    /// More AllowedOrigin values in a rule than the dialect allows.
    TooManyOrigins {
        /// The dialect's limit.
        limit: u16,
    },
    /// More AllowedHeader or ExposeHeader values of one kind in a rule than the dialect allows.
    TooManyHeaders {
        /// The limit for names without a `*`.
        literal: u16,
        /// The limit for names with a `*`.
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
    /// Credentials together with the origin `*`, or with a pattern that does not fix the scheme and
    /// the end of the host.
    CredentialsForUnfixedOrigin,
    /// A value or list longer than the image format can hold (65,535 bytes).
    TooLong,
    /// More distinct methods than the image format can hold (64).
    TooManyMethods,
    /// More patterns than the image format can hold (32,767 of a kind).
    TooManyPatterns,
    /// The buffer is too small.
    BufferTooSmall {
        /// A sufficient size in bytes.
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
            CompileErrorKind::Empty => f.write_str("add a value or remove the element"),
            CompileErrorKind::SecondWildcard => f.write_str("keep at most one `*`"),
            CompileErrorKind::SecondBareWildcard => f.write_str("keep at most one element equal to `*` in a rule"),
            CompileErrorKind::MisplacedWildcard => f.write_str("remove the `*`, or put it where this dialect accepts one"),
            CompileErrorKind::WildcardInPort => f.write_str("write an origin for each port; this dialect accepts no `*` there"),
            CompileErrorKind::UnknownMethod => f.write_str("use a method of this dialect, in upper case"),
            CompileErrorKind::WildcardInExposeHeader => {
                f.write_str("name each header; a `*` is not supported in ExposeHeader")
            }
            CompileErrorKind::NotAHeaderName => f.write_str("use only characters allowed in a header name: letters, digits and !#$%&'*+-.^_`|~"),
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
                "with credentials, name each origin, or use a pattern that fixes the scheme and two labels of the host, such as https://*.example.com",
            ),
            CompileErrorKind::TooLong => f.write_str("shorten it to at most 65535 bytes"),
            CompileErrorKind::TooManyMethods => f.write_str("use at most 64 different methods"),
            CompileErrorKind::TooManyPatterns => f.write_str("use at most 32767 different patterns"),
            CompileErrorKind::BufferTooSmall { needed } => write!(f, "use a buffer of {needed} bytes"),
        }
    }
}

impl core::error::Error for CompileError {}

/// Why bytes are not a policy image.
///
/// Each variant says what is wrong. The remedy is always the same: compile the rules again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageError {
    /// The bytes do not begin like a policy image.
    NotAnImage,
    /// The image has a format version that this code does not read.
    UnknownVersion(u8),
    /// The header states a different length than the image has: it was truncated or extended.
    WrongLength {
        /// The length in the header.
        stated: u32,
    },
    /// A dialect member has a value that this code does not know.
    UnknownDialect,
    /// A part of the image is out of bounds, or its parts contradict each other.
    Inconsistent,
    /// Text is not UTF-8, contains a control character, or is not a header name where one is
    /// required.
    InvalidText,
}

impl ImageError {
    /// One word for the reason, the same in logs, metrics and JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// let error = Policy::from_bytes(b"").unwrap_err();
    /// assert_eq!((error.word(), error.code()), ("not_an_image", 1));
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            ImageError::NotAnImage => "not_an_image",
            ImageError::UnknownVersion(_) => "unknown_version",
            ImageError::WrongLength { .. } => "wrong_length",
            ImageError::UnknownDialect => "unknown_dialect",
            ImageError::Inconsistent => "inconsistent",
            ImageError::InvalidText => "invalid_text",
        }
    }

    /// The number of that word, for interfaces without texts. It never changes, and is never 0.
    pub const fn code(self) -> u8 {
        match self {
            ImageError::NotAnImage => 1,
            ImageError::UnknownVersion(_) => 2,
            ImageError::WrongLength { .. } => 3,
            ImageError::UnknownDialect => 4,
            ImageError::Inconsistent => 5,
            ImageError::InvalidText => 6,
        }
    }
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
                    "policy image truncated or extended: its header says {stated} bytes; copy it again"
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
