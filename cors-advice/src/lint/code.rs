//! What lint can report: stable identifiers, their severity, and what to change.

use core::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It costs a request, a byte or a reader's time.
    Note,
    /// It allows, or refuses, more than most owners want.
    Warning,
    /// It has no effect at all: it does not do what it was written for.
    Error,
}

impl Severity {
    /// The severity in a word, lower case, for people and programs.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A kind of lint finding. An identifier never changes its meaning and is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LintCode {
    /// C001: an origin with a path.
    OriginWithPath,
    /// C002: an origin that ends in `/`.
    OriginWithTrailingSlash,
    /// C003: an origin with an upper-case letter.
    OriginInUpperCase,
    /// C004: an origin that names its scheme's default port.
    OriginWithDefaultPort,
    /// C005: an origin without a scheme.
    OriginWithoutScheme,
    /// C006: an origin that no browser can send.
    OriginNeverSent,
    /// C007: a `*` before a host that does not begin at a label boundary.
    WildcardBeforeHost,
    /// C008: a `*` after a host.
    WildcardAfterHost,
    /// C009: an `http://` origin next to an `https://` one.
    PlainHttp,
    /// C010: the origin `null`.
    NullOrigin,
    /// C011: a wildcard for every name under a top-level domain, or under another suffix of a registry.
    WholeTopLevelDomain,
    /// C012: a rule that can never win.
    UnreachableRule,
    /// C013: a value that is already in the list.
    Duplicate,
    /// C014: a value that another value in the list covers.
    Redundant,
    /// C015: `*` where the rule seems to expect credentials.
    WildcardWithCredentials,
    /// C016: uploads without an exposed `ETag`.
    UploadsWithoutETag,
    /// C017: a max age above what browsers accept.
    MaxAgeAboveBrowsers,
    /// C018: a max age of zero or less, with which browsers do not cache.
    MaxAgeZero,
    /// C019: uploads without any allowed header.
    UploadsWithoutHeaders,
    /// C020: an allowed header that browsers never ask for.
    HeaderNeverRequested,
    /// C021: an exposed header that a page can always read.
    HeaderAlwaysReadable,
    /// C022: an exposed header that a page can never read.
    HeaderNeverReadable,
    /// C023: a pattern for every host.
    EveryHost,
    /// C024: an allowed header that is not a header name.
    NotAHeaderName,
    /// C025: a method in a case that browsers do not send.
    MethodCase,
    /// C026: several values written as one.
    SeveralValues,
    /// C027: an origin whose scheme is not one.
    OriginScheme,
    /// C028: a host with a character that no origin has.
    OriginHost,
    /// C029: a port that no origin has.
    OriginPort,
    /// C030: an IP address in another notation than browsers send.
    OriginAddress,
    /// C031: a host that nobody can have.
    NotAHostName,
    /// C032: a `*` that includes the scheme.
    AnyScheme,
    /// C033: answers that differ by Origin, without `Vary: Origin`.
    AnswersDifferByOrigin,
    /// C034: a wildcard for every site of a shared host.
    SharedHosting,
    /// C035: an exposed header of the CORS protocol itself.
    ExposedProtocolHeader,
    /// C036: a pattern for every extension of a browser.
    EveryExtension,
}

impl LintCode {
    /// Every code, in the order of the identifiers.
    pub const ALL: [LintCode; 36] = [
        LintCode::OriginWithPath,
        LintCode::OriginWithTrailingSlash,
        LintCode::OriginInUpperCase,
        LintCode::OriginWithDefaultPort,
        LintCode::OriginWithoutScheme,
        LintCode::OriginNeverSent,
        LintCode::WildcardBeforeHost,
        LintCode::WildcardAfterHost,
        LintCode::PlainHttp,
        LintCode::NullOrigin,
        LintCode::WholeTopLevelDomain,
        LintCode::UnreachableRule,
        LintCode::Duplicate,
        LintCode::Redundant,
        LintCode::WildcardWithCredentials,
        LintCode::UploadsWithoutETag,
        LintCode::MaxAgeAboveBrowsers,
        LintCode::MaxAgeZero,
        LintCode::UploadsWithoutHeaders,
        LintCode::HeaderNeverRequested,
        LintCode::HeaderAlwaysReadable,
        LintCode::HeaderNeverReadable,
        LintCode::EveryHost,
        LintCode::NotAHeaderName,
        LintCode::MethodCase,
        LintCode::SeveralValues,
        LintCode::OriginScheme,
        LintCode::OriginHost,
        LintCode::OriginPort,
        LintCode::OriginAddress,
        LintCode::NotAHostName,
        LintCode::AnyScheme,
        LintCode::AnswersDifferByOrigin,
        LintCode::SharedHosting,
        LintCode::ExposedProtocolHeader,
        LintCode::EveryExtension,
    ];

    /// The identifier, such as `C001`.
    pub const fn id(self) -> &'static str {
        match self {
            LintCode::OriginWithPath => "C001",
            LintCode::OriginWithTrailingSlash => "C002",
            LintCode::OriginInUpperCase => "C003",
            LintCode::OriginWithDefaultPort => "C004",
            LintCode::OriginWithoutScheme => "C005",
            LintCode::OriginNeverSent => "C006",
            LintCode::WildcardBeforeHost => "C007",
            LintCode::WildcardAfterHost => "C008",
            LintCode::PlainHttp => "C009",
            LintCode::NullOrigin => "C010",
            LintCode::WholeTopLevelDomain => "C011",
            LintCode::UnreachableRule => "C012",
            LintCode::Duplicate => "C013",
            LintCode::Redundant => "C014",
            LintCode::WildcardWithCredentials => "C015",
            LintCode::UploadsWithoutETag => "C016",
            LintCode::MaxAgeAboveBrowsers => "C017",
            LintCode::MaxAgeZero => "C018",
            LintCode::UploadsWithoutHeaders => "C019",
            LintCode::HeaderNeverRequested => "C020",
            LintCode::HeaderAlwaysReadable => "C021",
            LintCode::HeaderNeverReadable => "C022",
            LintCode::EveryHost => "C023",
            LintCode::NotAHeaderName => "C024",
            LintCode::MethodCase => "C025",
            LintCode::SeveralValues => "C026",
            LintCode::OriginScheme => "C027",
            LintCode::OriginHost => "C028",
            LintCode::OriginPort => "C029",
            LintCode::OriginAddress => "C030",
            LintCode::NotAHostName => "C031",
            LintCode::AnyScheme => "C032",
            LintCode::AnswersDifferByOrigin => "C033",
            LintCode::SharedHosting => "C034",
            LintCode::ExposedProtocolHeader => "C035",
            LintCode::EveryExtension => "C036",
        }
    }

    /// How much a finding with this code matters.
    pub const fn severity(self) -> Severity {
        match self {
            LintCode::OriginWithPath
            | LintCode::OriginWithTrailingSlash
            | LintCode::OriginInUpperCase
            | LintCode::OriginWithDefaultPort
            | LintCode::OriginWithoutScheme
            | LintCode::OriginNeverSent
            | LintCode::UnreachableRule
            | LintCode::NotAHeaderName
            | LintCode::MethodCase
            | LintCode::SeveralValues
            | LintCode::OriginScheme
            | LintCode::OriginHost
            | LintCode::OriginPort
            | LintCode::OriginAddress => Severity::Error,
            LintCode::WildcardBeforeHost
            | LintCode::WildcardAfterHost
            | LintCode::PlainHttp
            | LintCode::NullOrigin
            | LintCode::WholeTopLevelDomain
            | LintCode::WildcardWithCredentials
            | LintCode::UploadsWithoutHeaders
            | LintCode::HeaderNeverReadable
            | LintCode::EveryHost
            | LintCode::NotAHostName
            | LintCode::AnyScheme
            | LintCode::AnswersDifferByOrigin
            | LintCode::SharedHosting
            | LintCode::EveryExtension => Severity::Warning,
            LintCode::Duplicate
            | LintCode::Redundant
            | LintCode::UploadsWithoutETag
            | LintCode::MaxAgeAboveBrowsers
            | LintCode::MaxAgeZero
            | LintCode::HeaderNeverRequested
            | LintCode::HeaderAlwaysReadable
            | LintCode::ExposedProtocolHeader => Severity::Note,
        }
    }

    /// What is wrong, in a few words.
    pub const fn summary(self) -> &'static str {
        match self {
            LintCode::OriginWithPath => "an origin has no path, so no browser sends this",
            LintCode::OriginWithTrailingSlash => {
                "an origin does not end in `/`, so no browser sends this"
            }
            LintCode::OriginInUpperCase => {
                "browsers send origins in lower case, so this never matches"
            }
            LintCode::OriginWithDefaultPort => {
                "browsers omit the scheme's default port, so this never matches"
            }
            LintCode::OriginWithoutScheme => "an origin must begin with a scheme and `://`",
            LintCode::OriginNeverSent => "no browser sends an origin like this",
            LintCode::WildcardBeforeHost => {
                "the `*` is not at a label boundary, so it also matches hosts of other owners"
            }
            LintCode::WildcardAfterHost => {
                "the `*` follows the host, so it matches every domain that begins with that text"
            }
            LintCode::PlainHttp => {
                "listed next to an https origin, but anyone who can tamper with plain HTTP can impersonate it"
            }
            LintCode::NullOrigin => "every sandboxed frame and local file sends `null`",
            LintCode::WholeTopLevelDomain => {
                "hosts of every owner under a top-level domain, or one such as co.uk, are allowed"
            }
            LintCode::UnreachableRule => {
                "earlier rules match everything that this rule matches, so it never wins"
            }
            LintCode::Duplicate => "this value is already in the list",
            LintCode::Redundant => {
                "another value in the list matches everything that this one does"
            }
            LintCode::WildcardWithCredentials => {
                "`*` does not allow credentials, but this rule seems to expect them"
            }
            LintCode::UploadsWithoutETag => "pages cannot read ETag, which multipart uploads need",
            LintCode::MaxAgeAboveBrowsers => "browsers cap this at a lower value",
            LintCode::MaxAgeZero => "preflights are not cached, so each request costs two",
            LintCode::UploadsWithoutHeaders => {
                "no request header is allowed, but most uploads send Content-Type"
            }
            LintCode::HeaderNeverRequested => {
                "browsers never ask for permission to send this header"
            }
            LintCode::HeaderAlwaysReadable => "pages can always read this header",
            LintCode::HeaderNeverReadable => "no page can read this header, exposed or not",
            LintCode::EveryHost => "every host with this scheme is allowed",
            LintCode::NotAHeaderName => "this is not a header name, so it matches nothing",
            LintCode::MethodCase => "browsers send this method in upper case",
            LintCode::SeveralValues => {
                "several values in one; it is compared as a whole, so it matches none of them"
            }
            LintCode::OriginScheme => {
                "text before the scheme, or a scheme that is not one, so no browser sends this"
            }
            LintCode::OriginHost => {
                "no host of an origin is written like this, so no browser sends it"
            }
            LintCode::OriginPort => "no origin has a port like this, so no browser sends it",
            LintCode::OriginAddress => {
                "browsers write IP addresses in one way, and this is another, so it never matches"
            }
            LintCode::NotAHostName => "no host can have this name",
            LintCode::AnyScheme => "this also matches http:// and every other scheme",
            LintCode::AnswersDifferByOrigin => {
                "answers differ by Origin and are sent without Vary, so a cache can return one origin's answer to another"
            }
            LintCode::SharedHosting => "anyone can have a site under this domain",
            LintCode::ExposedProtocolHeader => {
                "the browser itself reads this header; no page needs it"
            }
            LintCode::EveryExtension => "every extension of this browser is allowed",
        }
    }

    /// What to change.
    pub const fn hint(self) -> &'static str {
        match self {
            LintCode::OriginWithPath => "keep only the scheme, host and port",
            LintCode::OriginWithTrailingSlash => "remove the trailing `/`",
            LintCode::OriginInUpperCase => "write it in lower case",
            LintCode::OriginWithDefaultPort => "remove the port",
            LintCode::OriginWithoutScheme => "write its scheme, host and port",
            LintCode::OriginNeverSent => {
                "write only scheme, host and port, in ASCII, with the host in punycode (xn--...)"
            }
            LintCode::WildcardBeforeHost => {
                "put a dot after the `*`, as in https://*.example.com, and list https://example.com too; other hosts can then no longer read"
            }
            LintCode::WildcardAfterHost => {
                "write the full host; to match any port, put the `*` after a colon, as in https://example.com:*; other hosts can then no longer read"
            }
            LintCode::PlainHttp => "use only https://; pages on http:// can then no longer read",
            LintCode::NullOrigin => {
                "remove it, and serve the page from an origin of its own; pages without one can then no longer read"
            }
            LintCode::WholeTopLevelDomain => {
                "put your own domain before it; hosts of others can then no longer read"
            }
            LintCode::UnreachableRule => {
                "remove it, move it up, or merge it into the rule that wins"
            }
            LintCode::Duplicate | LintCode::Redundant => "remove it",
            LintCode::WildcardWithCredentials => {
                "list the origins in a rule without `*`, before the rule that has it"
            }
            LintCode::UploadsWithoutETag => "expose ETag",
            LintCode::MaxAgeAboveBrowsers => {
                "expect at most 86400 seconds in Firefox, 7200 in Chromium, 600 in Safari"
            }
            LintCode::MaxAgeZero => "use a value such as 600 once you have finished testing",
            LintCode::UploadsWithoutHeaders => {
                "allow the headers that uploads send, such as content-type, or `*`"
            }
            LintCode::HeaderNeverRequested | LintCode::HeaderAlwaysReadable => {
                "remove it; it has no effect"
            }
            LintCode::HeaderNeverReadable => {
                "remove it, and send the page what it needs in another way"
            }
            LintCode::EveryHost => {
                "list the hosts, and others can then no longer read; or use `*` if anyone may read without credentials"
            }
            LintCode::NotAHeaderName => "write a header name, with at most one `*`",
            LintCode::MethodCase => "write it in upper case",
            LintCode::SeveralValues => "write each as a value of its own",
            LintCode::OriginScheme => "remove what is before the scheme, such as a quote",
            LintCode::OriginHost => "write the host name; the only wildcard is `*`",
            LintCode::OriginPort => "write one number up to 65535, without zeros before it",
            LintCode::OriginAddress => {
                "write IPv4 as four decimal numbers, and IPv6 in brackets in its shortest form"
            }
            LintCode::NotAHostName => {
                "write a host name: letters, digits and hyphens between single dots"
            }
            LintCode::AnyScheme => {
                "put https:// before the host; pages on http:// can then no longer read"
            }
            LintCode::AnswersDifferByOrigin => "set ResponseVary to true",
            LintCode::SharedHosting => {
                "name your own site; the sites of others can then no longer read"
            }
            LintCode::ExposedProtocolHeader => {
                "remove it; the browser reads it without being told to"
            }
            LintCode::EveryExtension => {
                "for Chrome, name the extension's id; elsewhere the host is random for each installation, so remove this and let the extension ask for host permission, which needs no rule"
            }
        }
    }
}

impl fmt::Display for LintCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
