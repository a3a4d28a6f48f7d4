//! The validity of configurations (section 3 of `docs/semantics.md`, the part about rules).

use crate::model::{Configuration, DialectName, Rule};
use crate::syntax::{is_in_method_set, is_token};

use DialectName::{Azure, Cos, Gcs, Oss, S3, Strict};

/// One fault: its position and its kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The rule's index; `None` for a fault of the whole configuration.
    pub rule: Option<usize>,
    /// The field at fault.
    pub field: Field,
    /// The item's index in its list; `None` for a fault of the whole field.
    pub item: Option<usize>,
    /// What is wrong.
    pub kind: FaultKind,
}

/// A part of a configuration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Field {
    /// The list of rules.
    Rules,
    /// `ID`.
    Id,
    /// `AllowedOrigin`.
    AllowedOrigin,
    /// `AllowedMethod`.
    AllowedMethod,
    /// `AllowedHeader`.
    AllowedHeader,
    /// `ExposeHeader`.
    ExposeHeader,
    /// `MaxAgeSeconds`.
    MaxAgeSeconds,
    /// `allow_credentials`, which only STRICT has.
    AllowCredentials,
}

/// The kind of a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FaultKind {
    /// A list that must not be empty is empty.
    Missing,
    /// More items, characters or rules than the dialect accepts.
    TooMany,
    /// An empty item.
    Empty,
    /// A second `*` in one item.
    SecondWildcard,
    /// A `*` where the dialect does not accept one.
    MisplacedWildcard,
    /// A byte below 0x20, or 0x7F.
    ControlByte,
    /// Not a token, or it contains a character that the dialect excludes.
    InvalidCharacter,
    /// A method outside the dialect's set.
    UnsupportedMethod,
    /// A number outside the dialect's range.
    OutOfRange,
    /// The dialect has no such field.
    UnknownField,
    /// Credentials with an origin pattern that does not fix scheme and host suffix.
    CredentialsWithOpenOrigin,
    /// A second item that is exactly `*`, with the option that refuses it.
    SecondBareWildcard,
}

/// Returns every fault that keeps a configuration from compiling, rule by rule; an item may have
/// several.
///
/// A configuration without rules is valid here: to the engine it means that CORS is not enabled.
pub fn faults(configuration: &Configuration) -> Vec<Fault> {
    let dialect = configuration.dialect;
    let mut faults = Vec::new();
    if configuration.rules.len() > rules_max(dialect) {
        faults.push(Fault {
            rule: None,
            field: Field::Rules,
            item: None,
            kind: FaultKind::TooMany,
        });
    }
    for (index, rule) in configuration.rules.iter().enumerate() {
        let found = rule_faults(dialect, rule).into_iter();
        faults.extend(found.map(|(field, item, kind)| Fault {
            rule: Some(index),
            field,
            item,
            kind,
        }));
    }
    faults
}

/// Returns the fault of a document without a rule, if the dialect requires one (section 3, rules).
pub fn missing_rule(configuration: &Configuration) -> Option<Fault> {
    let needed = matches!(configuration.dialect, Oss | S3 | Cos);
    (needed && configuration.rules.is_empty()).then_some(Fault {
        rule: None,
        field: Field::Rules,
        item: None,
        kind: FaultKind::Missing,
    })
}

/// Returns what the option `one_bare_wildcard_per_rule` refuses in addition to [`faults`]: a second
/// item equal to `*` in one list.
pub fn second_bare_wildcards(configuration: &Configuration) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, rule) in configuration.rules.iter().enumerate() {
        for (field, list) in [
            (Field::AllowedOrigin, &rule.allowed_origins),
            (Field::AllowedHeader, &rule.allowed_headers),
        ] {
            let bare_wildcards = list
                .iter()
                .enumerate()
                .filter(|(_, text)| *text == "*")
                .skip(1);
            faults.extend(bare_wildcards.map(|(item, _)| Fault {
                rule: Some(index),
                field,
                item: Some(item),
                kind: FaultKind::SecondBareWildcard,
            }));
        }
    }
    faults
}

/// The most rules of a dialect (section 3); if the provider states no number, what a compiled
/// policy can hold.
pub fn rules_max(dialect: DialectName) -> usize {
    match dialect {
        Oss => 10,
        S3 | Cos => 100,
        Azure => 5,
        Gcs | Strict => 1024,
    }
}

type RuleFault = (Field, Option<usize>, FaultKind);

fn rule_faults(dialect: DialectName, rule: &Rule) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    let mut of_items = |field, list: &[String], item_faults: &dyn Fn(&str) -> Vec<FaultKind>| {
        for (item, text) in list.iter().enumerate() {
            faults.extend(
                item_faults(text)
                    .into_iter()
                    .map(|kind| (field, Some(item), kind)),
            );
        }
    };
    of_items(Field::AllowedOrigin, &rule.allowed_origins, &|text| {
        origin_faults(dialect, text)
    });
    of_items(Field::AllowedMethod, &rule.allowed_methods, &|text| {
        method_faults(dialect, text)
    });
    of_items(Field::AllowedHeader, &rule.allowed_headers, &|text| {
        header_faults(dialect, text)
    });
    of_items(Field::ExposeHeader, &rule.expose_headers, &|text| {
        expose_header_faults(dialect, text)
    });
    faults.extend(
        field_faults(dialect, rule)
            .into_iter()
            .map(|(field, kind)| (field, None, kind)),
    );
    faults
}

/// Faults of a field as a whole.
fn field_faults(dialect: DialectName, rule: &Rule) -> Vec<(Field, FaultKind)> {
    let id = rule.id.as_deref().unwrap_or("");
    let id_max = if matches!(dialect, S3 | Cos) {
        255
    } else {
        usize::MAX
    };
    let seconds = rule.max_age_seconds.unwrap_or(0);
    let seconds_fit = match dialect {
        Oss => (0..=999_999_999).contains(&seconds),
        S3 | Cos => true,
        Gcs | Azure | Strict => seconds >= 0,
    };
    // Choice: a bare `*` counts as a prefixed header.
    let (prefixed, literal): (Vec<_>, Vec<_>) = rule
        .allowed_headers
        .iter()
        .partition(|text| text.contains('*'));
    let (prefixed_exposed, literal_exposed): (Vec<_>, Vec<_>) = rule
        .expose_headers
        .iter()
        .partition(|text| text.contains('*'));
    let open = rule.allowed_origins.iter().any(|origin| !is_fixed(origin));

    [
        (
            rule.allowed_origins.is_empty(),
            Field::AllowedOrigin,
            FaultKind::Missing,
        ),
        (
            rule.allowed_methods.is_empty(),
            Field::AllowedMethod,
            FaultKind::Missing,
        ),
        (
            rule.id.is_some() && matches!(dialect, Oss | Gcs | Azure),
            Field::Id,
            FaultKind::UnknownField,
        ),
        (id.chars().count() > id_max, Field::Id, FaultKind::TooMany),
        (has_control_byte(id), Field::Id, FaultKind::ControlByte),
        (
            dialect == Gcs && !rule.allowed_headers.is_empty(),
            Field::AllowedHeader,
            FaultKind::UnknownField,
        ),
        (
            dialect == Azure && (literal.len() > 64 || prefixed.len() > 2),
            Field::AllowedHeader,
            FaultKind::TooMany,
        ),
        (
            dialect == Azure && (literal_exposed.len() > 64 || prefixed_exposed.len() > 2),
            Field::ExposeHeader,
            FaultKind::TooMany,
        ),
        (
            dialect == Azure && rule.allowed_origins.len() > 64,
            Field::AllowedOrigin,
            FaultKind::TooMany,
        ),
        (!seconds_fit, Field::MaxAgeSeconds, FaultKind::OutOfRange),
        (
            rule.allow_credentials && dialect != Strict,
            Field::AllowCredentials,
            FaultKind::UnknownField,
        ),
        (
            rule.allow_credentials && dialect == Strict && open,
            Field::AllowCredentials,
            FaultKind::CredentialsWithOpenOrigin,
        ),
    ]
    .into_iter()
    .filter_map(|(faulty, field, kind)| faulty.then_some((field, kind)))
    .collect()
}

fn origin_faults(dialect: DialectName, origin: &str) -> Vec<FaultKind> {
    let misplaced = match dialect {
        Gcs => origin.contains('*') && origin != "*",
        Azure => origin.contains('*') && origin != "*" && !is_subdomain_pattern(origin),
        Oss | S3 | Cos | Strict => false,
    };
    let empty = origin.is_empty() && !matches!(dialect, S3 | Cos);
    listed([
        (empty, FaultKind::Empty),
        (wildcards(origin) > 1, FaultKind::SecondWildcard),
        (misplaced, FaultKind::MisplacedWildcard),
        (has_control_byte(origin), FaultKind::ControlByte),
        (is_too_long(dialect, origin), FaultKind::TooMany),
    ])
}

fn method_faults(dialect: DialectName, method: &str) -> Vec<FaultKind> {
    listed([(
        !is_in_method_set(dialect, method.as_bytes()),
        FaultKind::UnsupportedMethod,
    )])
}

fn header_faults(dialect: DialectName, header: &str) -> Vec<FaultKind> {
    let misplaced = dialect == Azure && header.contains('*') && !header.ends_with('*');
    listed([
        (header.is_empty(), FaultKind::Empty),
        (wildcards(header) > 1, FaultKind::SecondWildcard),
        (misplaced, FaultKind::MisplacedWildcard),
        (has_control_byte(header), FaultKind::ControlByte),
        (is_too_long(dialect, header), FaultKind::TooMany),
    ])
}

fn expose_header_faults(dialect: DialectName, header: &str) -> Vec<FaultKind> {
    let misplaced = match dialect {
        Azure => header.contains('*') && !header.ends_with('*'),
        // Known from files in use.
        Gcs => header.contains('*') && header != "*",
        Oss | S3 | Cos | Strict => header.contains('*'),
    };
    // Two of the characters that OSS excludes are token characters.
    let invalid = !is_token(header.as_bytes()) || dialect == Oss && header.contains(['&', '\'']);
    listed([
        (header.is_empty(), FaultKind::Empty),
        (
            dialect == Azure && wildcards(header) > 1,
            FaultKind::SecondWildcard,
        ),
        (misplaced, FaultKind::MisplacedWildcard),
        (!header.is_empty() && invalid, FaultKind::InvalidCharacter),
        (is_too_long(dialect, header), FaultKind::TooMany),
    ])
}

fn listed<const N: usize>(questions: [(bool, FaultKind); N]) -> Vec<FaultKind> {
    questions
        .into_iter()
        .filter_map(|(faulty, kind)| faulty.then_some(kind))
        .collect()
}

fn wildcards(text: &str) -> usize {
    text.matches('*').count()
}

/// Azure accepts 256 characters in an origin or a header name (documented).
fn is_too_long(dialect: DialectName, text: &str) -> bool {
    dialect == Azure && text.chars().count() > 256
}

fn has_control_byte(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 || byte == 0x7F)
}

/// Whether an origin has the form `scheme://*.suffix`, Azure's only wildcard besides `*`. Choice:
/// any scheme is accepted.
fn is_subdomain_pattern(origin: &str) -> bool {
    origin.split_once("://*.").is_some_and(|(scheme, suffix)| {
        is_scheme(scheme) && !suffix.is_empty() && !suffix.contains('*')
    })
}

/// Whether credentials may be allowed for everything this pattern matches: its literal part fixes
/// scheme and host suffix (section 2).
///
/// Choice: a host with a wildcard port is fixed; `null` and patterns without a scheme are not. A parent domain
/// has at least two labels, none of them empty, the last not a number. Public suffixes are not known.
///
/// | fixed | open |
/// |---|---|
/// | `https://example.com`, `https://*.example.com`, `http://localhost:*`, `http://[::1]:*` | `*`, `https://*`, `*.example.com`, `https://example.*`, `https://*.com`, `https://*.0.0.1`, `https://[2001:*`, `null` |
fn is_fixed(origin: &str) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else {
        return false;
    };
    let is_host = match rest.strip_suffix(":*") {
        _ if !rest.contains('*') => !rest.is_empty(),
        Some(host) => is_complete_host(host),
        None => rest.strip_prefix("*.").is_some_and(is_parent_domain),
    };
    is_scheme(scheme) && is_host
}

/// Whether a port is all that can follow.
fn is_complete_host(host: &str) -> bool {
    let is_name = !host.contains([':', '[', '/']) && !host.is_empty();
    let is_address =
        host.starts_with('[') && host.len() > 2 && host.find(']') == Some(host.len() - 1);
    !host.contains('*') && (is_name || is_address && !host.contains('/'))
}

/// Whether a tenant can own this domain, which may have a port.
fn is_parent_domain(domain: &str) -> bool {
    let mut parts = domain.splitn(2, ':');
    let labels: Vec<&str> = parts.next().unwrap_or_default().split('.').collect();
    let port = parts.next().unwrap_or("0");
    let all = |text: &str, is: fn(&u8) -> bool| text.as_bytes().iter().all(is);
    let last = labels.last().copied().unwrap_or_default().to_lowercase();
    // https://url.spec.whatwg.org/#ends-in-a-number-checker
    let is_number = match last.split_at_checked(2) {
        Some(("0x", digits)) => all(digits, u8::is_ascii_hexdigit),
        _ => all(&last, u8::is_ascii_digit),
    };
    labels.len() > 1
        && !labels.contains(&"")
        && !is_number
        && !domain.contains('*')
        && !port.is_empty()
        && all(port, u8::is_ascii_digit)
}

/// A scheme of [RFC 3986, section 3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}
