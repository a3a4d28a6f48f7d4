//! Tests the naive matcher with pairs that a person can check.

use reference::{header_matches, matches, origin_matches};

#[test]
fn a_wildcard_matches_any_text() {
    for (pattern, text) in [
        ("", ""),
        ("*", ""),
        ("*", "a"),
        ("a", "a"),
        ("a*", "a"),
        ("a*", "a*b"),
        ("*a", "aa"),
        ("start*end", "startend"),
        ("ab*ba", "abba"),
        ("ab*ba", "abababa"),
        ("a*a", "aaa"),
        ("https://*.b", "https://a.a.b"),
    ] {
        assert!(
            matches(pattern.as_bytes(), text.as_bytes()),
            "{pattern} should match {text}"
        );
    }
}

#[test]
fn a_pattern_matches_nothing_else() {
    for (pattern, text) in [
        ("", "a"),
        ("a", ""),
        ("a", "A"),
        ("a*", "ba"),
        ("*a", "ab"),
        ("ab*ba", "aba"),
        ("a*a", "a"),
        ("a.c", "abc"),
        ("a?c", "abc"),
        ("[ab]", "a"),
        ("**", "a"),
        ("a*b*", "ab"),
        ("http://foo.*.example.com", "http://foo.example.com"),
    ] {
        assert!(
            !matches(pattern.as_bytes(), text.as_bytes()),
            "{pattern} should not match {text}"
        );
    }
}

#[test]
fn a_header_name_compares_case_insensitively_and_an_origin_does_not() {
    assert!(header_matches("X-Amz-*", b"x-amz-DATE"));
    assert!(!header_matches("x-amz-*", b"x-amz"));
    assert!(origin_matches("https://*", b"https://a"));
    assert!(!origin_matches("https://*", b"HTTPS://a"));
}

#[test]
fn an_origin_that_no_browser_sends_does_not_match_even_a_bare_wildcard() {
    for origin in [
        b"".as_slice(),
        b"a\xFF",
        b"a\0",
        b"a\r",
        b"a\n",
        b"a\x7F",
        b"\x1F",
    ] {
        assert!(!origin_matches("*", origin), "{}", origin.escape_ascii());
    }
    assert!(
        origin_matches("*", b" ~"),
        "both ends of the printable range are included"
    );
}
