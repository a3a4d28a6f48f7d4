//! What a conversion could not keep, and its message.

use core::fmt;

use cors_core::{CompileError, CompileErrorKind, Field};

/// Something that a conversion could not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss<'c> {
    /// What happened.
    pub kind: LossKind,
    /// The target dialect, which cannot express it.
    pub dialect: &'static str,
    /// The index of the rule in the original, from 0; `None` for the configuration as a whole.
    pub rule: Option<usize>,
    /// The member of the rule.
    pub field: Option<Field>,
    /// The value that was affected.
    pub value: Option<&'c str>,
}

/// The kind of a [`Loss`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossKind {
    /// A value is left out, because the other dialect does not accept it.
    LeftOut(CompileErrorKind),
    /// A value is left out, because the other provider's document cannot hold it.
    Unwritable,
    /// The whole rule is left out: it can no longer match, or there are too many rules.
    RuleLeftOut(CompileErrorKind),
    /// The max age was changed to fit the other dialect's range.
    MaxAgeMoved {
        /// The new value, in seconds.
        to: i32,
    },
    /// The other dialect has a single list for headers that may be sent and headers that may be
    /// read.
    OneHeaderList,
    /// A `*` among the methods is left out: it means every method in the other dialect only.
    AnyMethod,
    /// A `*` among the methods is written as GET, PUT, POST, DELETE and HEAD: it means every method
    /// in one dialect only.
    AnyMethodSpelledOut,
    /// An origin is written without its scheme's default port, which only one dialect leaves out of
    /// account.
    DefaultPortRemoved,
    /// An origin with its scheme's default port is left out: no browser sends it, and the other
    /// dialect would match the pages without it.
    DefaultPort,
    /// A `*` among the headers includes Authorization in one dialect, but not in the other.
    WildcardHeader,
    /// When this rule's headers do not match, a later rule is tried in one dialect, but not in the
    /// other.
    HeadersChooseRule {
        /// The index of the later rule, from 0.
        other: usize,
    },
    /// An `OPTIONS` request from a page is a preflight in one dialect, but not in the other.
    OptionsRequest,
    /// Every response had `Vary: Origin`, but does not in the other dialect.
    ResponseVary,
    /// Credentials were allowed, but no longer are.
    CredentialsLost,
    /// Credentials were not allowed, but now are.
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
            LossKind::AnyMethodSpelledOut => write!(
                f,
                "written as GET, PUT, POST, DELETE and HEAD; as a method it does not mean every method in {dialect}: add others that pages use"
            ),
            LossKind::DefaultPortRemoved => write!(
                f,
                "written without the port; {dialect} compares origins byte for byte, and browsers leave a scheme's default port out"
            ),
            LossKind::DefaultPort => write!(
                f,
                "left out; no browser sends it, and in {dialect} it would let in the pages without the port: add the origin without the port if they may read"
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

/// What to change, without the place.
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
