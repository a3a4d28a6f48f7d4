//! What a conversion could not keep, and how that is said.

use core::fmt;

use cors_core::{CompileError, CompileErrorKind, Field};

/// Something that a conversion could not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss<'c> {
    /// What happened.
    pub kind: LossKind,
    /// The dialect that cannot hold it.
    pub dialect: &'static str,
    /// Which rule of the original, counted from 0; `None` for the configuration as a whole.
    pub rule: Option<usize>,
    /// Which member of the rule.
    pub field: Option<Field>,
    /// The value that is concerned.
    pub value: Option<&'c str>,
}

/// What a conversion could not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossKind {
    /// A value is left out, because the other dialect does not take it.
    LeftOut(CompileErrorKind),
    /// A value is left out, because the other provider's document cannot hold it.
    Unwritable,
    /// The whole rule is left out: nothing of it is left that could match, or there are too many.
    RuleLeftOut(CompileErrorKind),
    /// The max age was moved into the other dialect's range.
    MaxAgeMoved {
        /// What it became.
        to: i32,
    },
    /// The other dialect has one list for headers that may be sent and headers that may be read.
    OneHeaderList,
    /// A `*` among the methods is left out: it means every method in one dialect only.
    AnyMethod,
    /// A `*` among the headers stands for Authorization in one dialect, and in the other for every name but that.
    WildcardHeader,
    /// A later rule that is tried in one dialect, when this rule's headers do not match, is not tried in the other.
    HeadersChooseRule {
        /// That rule, counted from 0.
        other: usize,
    },
    /// An `OPTIONS` request of a page is a preflight in one dialect and not in the other.
    OptionsRequest,
    /// Every answer carried `Vary: Origin`, and does not in the other dialect.
    ResponseVary,
    /// Credentials were allowed, and are not.
    CredentialsLost,
    /// Credentials were not allowed, and are.
    CredentialsGained,
}

impl fmt::Display for Loss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = self.rule {
            write!(f, "rule {}", rule.saturating_add(1))?;
            if let Some(field) = self.field {
                write!(f, ", {}", field.name())?;
            }
            if let Some(value) = self.value {
                write!(f, " `{}`", value.escape_debug())?;
            }
            f.write_str(": ")?;
        }
        let dialect = self.dialect;
        match self.kind {
            LossKind::LeftOut(kind) => write!(f, "left out; {dialect} says: {}", Reason(kind)),
            LossKind::Unwritable => write!(
                f,
                "left out; a value in a list of {dialect} cannot contain a comma or have spaces around it"
            ),
            LossKind::RuleLeftOut(kind) => {
                write!(f, "the rule is left out; {dialect} says: {}", Reason(kind))
            }
            LossKind::MaxAgeMoved { to } => {
                write!(
                    f,
                    "changed to {to}, the nearest value that {dialect} accepts"
                )
            }
            LossKind::OneHeaderList => write!(
                f,
                "{dialect} has one list of headers, so every header allowed in requests also becomes readable, and vice versa"
            ),
            LossKind::AnyMethod => write!(
                f,
                "left out; as a method it means something else in {dialect}: list the methods"
            ),
            LossKind::WildcardHeader => write!(
                f,
                "{dialect} differs in whether a `*` among the headers includes Authorization"
            ),
            LossKind::HeadersChooseRule { other } => write!(
                f,
                "{dialect} differs in whether rule {} is tried when these headers do not match",
                other.saturating_add(1)
            ),
            LossKind::OptionsRequest => write!(
                f,
                "{dialect} differs in whether an OPTIONS request from a page is a preflight"
            ),
            LossKind::ResponseVary => write!(
                f,
                "ResponseVary: {dialect} has no setting to send Vary: Origin with every response"
            ),
            LossKind::CredentialsLost => write!(
                f,
                "pages could send credentials, but cannot under {dialect}"
            ),
            LossKind::CredentialsGained => write!(
                f,
                "pages could not send credentials, but can under {dialect}"
            ),
        }
    }
}

/// What is to be changed, without a place.
struct Reason(CompileErrorKind);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        CompileError {
            kind: self.0,
            rule: None,
            field: None,
            item: None,
        }
        .fmt(f)
    }
}
