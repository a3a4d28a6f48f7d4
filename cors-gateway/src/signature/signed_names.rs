//! The list of header names that a V4 signature covers.

use super::refusal::malformed;
use crate::failure::Failure;
use crate::limits::MAX_HEADERS;

/// Header names in ascending order, none of them twice, at most as many as a request may have
/// headers. Both providers' clients sort them; a name that could be repeated would be hashed as
/// often, before any secret is needed.
pub(super) struct SignedNames<'t> {
    /// The list as it was sent, separated by `;`.
    pub(super) text: &'t str,
    names: Vec<&'t str>,
}

impl<'t> SignedNames<'t> {
    /// Reads a list. `parameter` is its name in errors.
    pub(super) fn parse(text: &'t str, parameter: &str) -> Result<SignedNames<'t>, Failure> {
        let names: Vec<&str> = match text {
            "" => Vec::new(),
            _ => text
                .split(';')
                .take(MAX_HEADERS.saturating_add(1))
                .collect(),
        };
        if names.len() > MAX_HEADERS || !names.is_sorted_by(|one, next| one < next) {
            let detail = format!(
                "{parameter} must list at most {MAX_HEADERS} names in ascending order, none of them twice"
            );
            return Err(malformed(&detail));
        }
        Ok(SignedNames { text, names })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'t str> {
        self.names.iter().copied()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.binary_search(&name).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ascend_and_are_no_more_than_headers() {
        let numbered = |count: usize| -> String {
            let names: Vec<String> = (0..count).map(|number| format!("a{number:03}")).collect();
            names.join(";")
        };
        for (text, is_accepted) in [
            ("", true),
            ("host", true),
            ("host;x-amz-date", true),
            ("x-amz-date;host", false),
            ("host;host", false),
            ("host;", false),
            (&numbered(MAX_HEADERS), true),
            (&numbered(MAX_HEADERS + 1), false),
        ] {
            let names = SignedNames::parse(text, "SignedHeaders");
            assert_eq!(names.is_ok(), is_accepted, "{text}");
        }
        let names = SignedNames::parse("host;x-amz-date", "SignedHeaders").ok();
        let names = names.unwrap();
        assert!(names.has("host") && names.has("x-amz-date") && !names.has("x"));
    }
}
