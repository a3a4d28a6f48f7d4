//! The headers of C say what the code does: every constant, every function, every struct.

#![expect(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cors_capi as capi;
use cors_core::{BadRequest, Furthest, ImageError, Limit, Refusal};

const HEADERS: [&str; 2] = [
    include_str!("../include/cors_engine.h"),
    include_str!("../include/cors_engine_documents.h"),
];

/// The constants of the headers that are numbers.
fn constants() -> BTreeMap<String, i64> {
    let lines = HEADERS.iter().flat_map(|header| header.lines());
    let defined = lines.filter_map(|line| line.strip_prefix("#define CORS_ENGINE_"));
    defined
        .filter_map(|line| {
            let (name, value) = line.split_once(' ')?;
            let value = value.split("/*").next()?.trim();
            let value = value.trim_matches(['(', ')']);
            let value = if value == "-2147483647 - 1" {
                "-2147483648"
            } else {
                value
            };
            Some((name.to_owned(), value.parse().ok()?))
        })
        .collect()
}

#[test]
fn every_constant_of_the_headers_is_that_of_the_code() {
    let refusal = |refusal: Refusal| i64::from(refusal.code());
    let no_rule = |furthest| refusal(Refusal::NoRuleMatched { furthest });
    let limit = |limit: Limit| i64::from(limit.code());
    let error = |error: capi::Error| i64::from(error.code());
    let image = |cause| error(capi::Error::Image(cause));
    let number = |value: usize| i64::try_from(value).unwrap();
    let expected = [
        ("ABI_VERSION", i64::from(capi::ABI_VERSION)),
        ("IMAGE_VERSION", 2),
        ("IMAGE_VERSION_MIN", 2),
        ("MAX_HEADERS", number(cors_core::MAX_HEADERS)),
        ("MAX_FIELD_LINES", number(cors_core::MAX_FIELD_LINES)),
        (
            "BUFFER_BYTES",
            number(cors_core::MAX_REQUEST_HEADER_BYTES + cors_core::MAX_REQUEST_HEADER_NAMES),
        ),
        ("OK", 0),
        ("ERROR_NULL", error(capi::Error::Null)),
        ("ERROR_LENGTH", error(capi::Error::Length)),
        ("ERROR_ROOM", error(capi::Error::Room)),
        ("ERROR_NOT_OPEN", error(capi::Error::NotOpen)),
        ("ERROR_NOT_AN_IMAGE", image(ImageError::NotAnImage)),
        (
            "ERROR_UNKNOWN_VERSION",
            image(ImageError::UnknownVersion(0)),
        ),
        (
            "ERROR_WRONG_LENGTH",
            image(ImageError::WrongLength { stated: 0 }),
        ),
        ("ERROR_UNKNOWN_DIALECT", image(ImageError::UnknownDialect)),
        ("ERROR_INCONSISTENT", image(ImageError::Inconsistent)),
        ("ERROR_INVALID_TEXT", image(ImageError::InvalidText)),
        ("ERROR_NAME", error(capi::Error::Name)),
        ("ERROR_DOCUMENT", error(capi::Error::Document)),
        ("ERROR_RULES", error(capi::Error::Rules)),
        ("ERROR_UTF8", error(capi::Error::Utf8)),
        ("ERROR_PAGE", error(capi::Error::Page)),
        ("ERROR_INTERNAL", error(capi::Error::Internal)),
        ("NOT_CORS", i64::from(capi::NOT_CORS)),
        ("PREFLIGHT", i64::from(capi::PREFLIGHT)),
        ("ACTUAL", i64::from(capi::ACTUAL)),
        ("REASON_NONE", 0),
        (
            "REASON_MISSING_ORIGIN",
            refusal(Refusal::BadRequest(BadRequest::MissingOrigin)),
        ),
        (
            "REASON_MISSING_METHOD",
            refusal(Refusal::BadRequest(BadRequest::MissingMethod)),
        ),
        (
            "REASON_BAD_METHOD",
            refusal(Refusal::BadRequest(BadRequest::InvalidMethod)),
        ),
        ("REASON_BAD_HEADER", refusal(Refusal::InvalidHeaderName)),
        ("REASON_NOT_ENABLED", refusal(Refusal::NotEnabled)),
        ("REASON_ORIGIN", no_rule(Furthest::Origin)),
        ("REASON_METHOD", no_rule(Furthest::Method)),
        ("REASON_HEADER", no_rule(Furthest::Header(0))),
        (
            "REASON_LIMIT",
            refusal(Refusal::LimitExceeded(Limit::OriginBytes)),
        ),
        ("LIMIT_ORIGIN_BYTES", limit(Limit::OriginBytes)),
        ("LIMIT_HEADER_BYTES", limit(Limit::HeaderBytes)),
        ("LIMIT_HEADER_NAMES", limit(Limit::HeaderNames)),
        ("NO_RULE", i64::from(capi::NO_RULE)),
        ("NO_MAX_AGE", i64::from(i32::MIN)),
    ];
    let expected: BTreeMap<String, i64> = expected
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    assert_eq!(constants(), expected);
}

#[test]
fn the_policy_has_the_size_that_the_header_says() {
    assert!(HEADERS[0].contains(&format!("uint64_t opaque[{}];", capi::POLICY_WORDS)));
}

#[test]
fn the_version_of_the_header_is_that_of_the_release() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(HEADERS[0].contains(&format!("#define CORS_ENGINE_VERSION \"{version}\"")));
    for library in ["engine", "documents"] {
        let manifest = folder().join(format!("library/{library}/Cargo.toml"));
        let manifest = fs::read_to_string(manifest).unwrap();
        assert!(
            manifest.contains(&format!("\nversion = \"{version}\"\n")),
            "{library}"
        );
    }
}

#[test]
fn each_header_declares_the_functions_that_the_code_exports() {
    let mut declared: Vec<String> = Vec::new();
    for header in HEADERS {
        let without_comments: String = header
            .split("/*")
            .map(|piece| piece.split_once("*/").map_or(piece, |(_, code)| code))
            .collect();
        let names = without_comments.split("cors_engine_").skip(1);
        let names = names.filter_map(|rest| {
            let end = rest
                .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')?;
            rest.get(end..)?
                .starts_with('(')
                .then(|| format!("cors_engine_{}", &rest[..end]))
        });
        declared.extend(names);
    }
    let mut exported = Vec::new();
    for file in sources(&folder().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for item in text.split("#[unsafe(no_mangle)]").skip(1) {
            let name = item.split("fn ").nth(1).unwrap();
            let end = name
                .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
                .unwrap();
            exported.push(name[..end].to_owned());
        }
    }
    declared.sort();
    exported.sort();
    assert!(exported.len() >= 15, "{exported:?}");
    assert_eq!(declared, exported);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
