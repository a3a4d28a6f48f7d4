//! Who answered: the server, a cache, or something in between, and by which headers one can tell.

use super::exchange::Exchange;
use super::finding::SetBy;

/// What a header says about who answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// A cache returned what it had stored.
    Stored,
    /// Something is in front of the server.
    Passed,
    /// Who the server is.
    Served,
}

/// A header, what its value has to contain, in lower case, and what it says then. Of a header, the
/// first row that applies counts.
type Sign = (&'static str, &'static [&'static str], Says);

/// RFC 9110 (Via, Server), RFC 9111 (Age), RFC 9211 (Cache-Status), and the headers that CDNs and
/// object stores document.
const SIGNS: [Sign; 27] = [
    ("x-cache", &["hit"], Says::Stored),
    ("x-cache", &[], Says::Passed),
    (
        "x-cache-status",
        &["hit", "stale", "updating", "revalidated"],
        Says::Stored,
    ),
    ("x-cache-status", &[], Says::Passed),
    (
        "x-proxy-cache",
        &["hit", "stale", "updating", "revalidated"],
        Says::Stored,
    ),
    ("x-proxy-cache", &[], Says::Passed),
    (
        "cf-cache-status",
        &["hit", "stale", "updating", "revalidated"],
        Says::Stored,
    ),
    ("cf-cache-status", &[], Says::Passed),
    ("cache-status", &["hit"], Says::Stored),
    ("cache-status", &[], Says::Passed),
    ("x-vercel-cache", &["hit", "stale"], Says::Stored),
    ("cdn-cache", &["hit"], Says::Stored),
    ("via", &[], Says::Passed),
    ("cf-ray", &[], Says::Passed),
    ("x-amz-cf-id", &[], Says::Passed),
    ("x-served-by", &[], Says::Passed),
    ("x-varnish", &[" "], Says::Stored),
    ("x-varnish", &[], Says::Passed),
    ("x-azure-ref", &[], Says::Passed),
    ("eagleid", &[], Says::Passed),
    ("x-envoy-upstream-service-time", &[], Says::Passed),
    ("server", &[], Says::Served),
    ("x-amz-request-id", &[], Says::Served),
    ("x-oss-request-id", &[], Says::Served),
    ("x-cos-request-id", &[], Says::Served),
    ("x-ms-request-id", &[], Says::Served),
    ("x-guploader-uploadid", &[], Says::Served),
];

/// Headers with a value that is new in each answer: a second answer with it is the first one, from
/// a cache.
const UNIQUE: [&str; 7] = [
    "x-amz-request-id",
    "x-amz-id-2",
    "x-oss-request-id",
    "x-cos-request-id",
    "x-ms-request-id",
    "x-guploader-uploadid",
    "x-request-id",
];

/// Whether a header says who answered.
pub(super) fn is_sign(name: &str) -> bool {
    name == "age" || SIGNS.iter().any(|(sign, ..)| *sign == name)
}

/// What shows that an answer came from a cache; empty if nothing does.
pub(super) fn stored(exchange: &Exchange, all: &[Exchange]) -> Vec<String> {
    let mut evidence = age(exchange);
    evidence.extend(signs(exchange, Says::Stored));
    let earlier = all
        .iter()
        .filter(|other| other.planned.number < exchange.planned.number);
    let repeated = UNIQUE.iter().find_map(|name| {
        let value = exchange.value(name)?;
        let mut earlier = earlier.clone();
        let first = earlier.find(|other| other.value(name).as_ref() == Some(&value))?;
        Some(format!(
            "{name} is that of request {}",
            first.planned.number
        ))
    });
    evidence.extend(repeated);
    evidence
}

/// Who probably set what is in an answer.
pub(super) fn of(exchange: &Exchange, all: &[Exchange]) -> SetBy {
    let stored = stored(exchange, all);
    if !stored.is_empty() {
        return SetBy {
            who: "a cache, which returned an answer that it had stored",
            evidence: stored,
        };
    }
    let passed = signs(exchange, Says::Passed);
    let served = signs(exchange, Says::Served);
    SetBy {
        who: if passed.is_empty() {
            "the server"
        } else {
            "the server, or what is in front of it"
        },
        evidence: [passed, served].concat(),
    }
}

/// Who probably set a header twice.
pub(super) fn of_two(exchange: &Exchange, all: &[Exchange]) -> SetBy {
    let one = of(exchange, all);
    SetBy {
        who: if signs(exchange, Says::Passed).is_empty() {
            "the server, once by its program and once by its configuration, or the server and a proxy that does not show"
        } else {
            "the server and what is in front of it, each once"
        },
        evidence: one.evidence,
    }
}

fn age(exchange: &Exchange) -> Vec<String> {
    let seconds = exchange
        .value("age")
        .and_then(|age| age.parse::<u64>().ok());
    // 0 is what some caches say of an answer that they have just fetched.
    let seconds = seconds.filter(|seconds| *seconds > 0);
    seconds
        .map(|seconds| format!("age: {seconds}"))
        .into_iter()
        .collect()
}

fn signs(exchange: &Exchange, says: Says) -> Vec<String> {
    // The rows of a header follow each other.
    let headers = SIGNS.chunk_by(|(left, ..), (right, ..)| left == right);
    let found = headers.filter_map(|rows| {
        let (name, ..) = *rows.first()?;
        let value = exchange.value(name)?;
        let lower = value.to_ascii_lowercase();
        let mut rows = rows.iter();
        let applies =
            |parts: &[&str]| parts.is_empty() || parts.iter().any(|part| lower.contains(part));
        let (.., said) = rows.find(|(_, parts, _)| applies(parts))?;
        (*said == says).then(|| format!("{name}: {value}"))
    });
    found.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]
mod tests {
    use super::super::recorded::{answered, get};
    use super::*;

    fn who(lines: &[(&str, &str)]) -> (&'static str, Vec<String>) {
        let one = answered(get(1, "https://a.example"), 200, lines);
        let set_by = of(&one, std::slice::from_ref(&one));
        (set_by.who, set_by.evidence)
    }

    #[test]
    fn each_sign_says_who_answered() {
        for (name, value, begins) in [
            ("age", "12", "a cache"),
            ("age", "0", "the server"),
            ("x-cache", "HIT", "a cache"),
            ("x-cache", "RefreshHit from cloudfront", "a cache"),
            ("x-cache", "Miss from cloudfront", "the server, or"),
            ("cf-cache-status", "DYNAMIC", "the server, or"),
            ("cf-cache-status", "STALE", "a cache"),
            ("cache-status", "ExampleCache; hit", "a cache"),
            (
                "cache-status",
                "ExampleCache; fwd=uri-miss",
                "the server, or",
            ),
            ("x-varnish", "32770 3", "a cache"),
            ("x-varnish", "32770", "the server, or"),
            ("via", "1.1 vegur", "the server, or"),
        ] {
            let (who, evidence) = who(&[(name, value)]);
            assert!(who.starts_with(begins), "{name}: {value}: {who}");
            assert_eq!(
                who == "the server",
                name == "age" && value == "0",
                "{name}: {value}"
            );
            let shown = [format!("{name}: {value}")];
            assert!(evidence.is_empty() || evidence == shown, "{evidence:?}");
        }
        let (who, evidence) = who(&[("server", "AmazonS3"), ("x-amz-request-id", "1")]);
        assert_eq!(who, "the server");
        assert_eq!(evidence, ["server: AmazonS3", "x-amz-request-id: 1"]);
    }

    #[test]
    fn an_answer_with_the_id_of_an_earlier_one_was_stored() {
        let all = [1, 2, 3].map(|number| {
            let id = if number == 2 { "b" } else { "a" };
            answered(
                get(number, "https://a.example"),
                200,
                &[("x-oss-request-id", id)],
            )
        });
        let [first, second, third] = &all;
        assert!(stored(first, &all).is_empty() && stored(second, &all).is_empty());
        assert_eq!(
            stored(third, &all),
            ["x-oss-request-id is that of request 1"]
        );
    }
}
