//! The words and numbers that logs, metrics, JSON and C programs rely on: a change here breaks them.

use cors_core::{BadRequest, Furthest, ImageError, Limit, Refusal};

#[test]
fn each_refusal_has_the_word_and_number_that_it_always_had() {
    let no_rule = |furthest| Refusal::NoRuleMatched { furthest };
    let expected = [
        (
            Refusal::BadRequest(BadRequest::MissingOrigin),
            1,
            "missing_origin",
        ),
        (
            Refusal::BadRequest(BadRequest::MissingMethod),
            2,
            "missing_method",
        ),
        (
            Refusal::BadRequest(BadRequest::InvalidMethod),
            3,
            "bad_method",
        ),
        (
            Refusal::BadRequest(BadRequest::InvalidHeaderName),
            4,
            "bad_header",
        ),
        (Refusal::InvalidHeaderName, 4, "bad_header"),
        (Refusal::NotEnabled, 5, "not_enabled"),
        (no_rule(Furthest::Origin), 6, "origin"),
        (no_rule(Furthest::Method), 7, "method"),
        (no_rule(Furthest::Header(3)), 8, "header"),
        (Refusal::LimitExceeded(Limit::OriginBytes), 9, "limit"),
        (Refusal::LimitExceeded(Limit::HeaderBytes), 9, "limit"),
        (Refusal::LimitExceeded(Limit::HeaderNames), 9, "limit"),
    ];
    for (refusal, code, word) in expected {
        assert_eq!(
            (refusal.code(), refusal.word()),
            (code, word),
            "{refusal:?}"
        );
    }
}

#[test]
fn only_what_cannot_be_judged_is_a_bad_request() {
    let statuses = [
        Refusal::BadRequest(BadRequest::InvalidHeaderName),
        Refusal::InvalidHeaderName,
        Refusal::NotEnabled,
        Refusal::LimitExceeded(Limit::OriginBytes),
    ]
    .map(Refusal::status);
    assert_eq!(statuses, [400, 403, 403, 403]);
}

#[test]
fn each_limit_has_the_word_and_number_that_it_always_had() {
    let words = [Limit::OriginBytes, Limit::HeaderBytes, Limit::HeaderNames]
        .map(|limit| (limit.code(), limit.word()));
    assert_eq!(
        words,
        [
            (1, "origin_bytes"),
            (2, "header_bytes"),
            (3, "header_names")
        ]
    );
}

#[test]
fn each_image_error_has_the_word_and_number_that_it_always_had() {
    let expected = [
        (ImageError::NotAnImage, 1, "not_an_image"),
        (ImageError::UnknownVersion(2), 2, "unknown_version"),
        (ImageError::WrongLength { stated: 1 }, 3, "wrong_length"),
        (ImageError::UnknownDialect, 4, "unknown_dialect"),
        (ImageError::Inconsistent, 5, "inconsistent"),
        (ImageError::InvalidText, 6, "invalid_text"),
    ];
    for (error, code, word) in expected {
        assert_eq!((error.code(), error.word()), (code, word), "{error:?}");
    }
}
