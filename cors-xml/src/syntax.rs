//! What a text looks like without reading it: the notation it begins like, and the names in it.

/// The notation that a text begins like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Xml,
    Json,
    /// YAML, Terraform, or no notation at all.
    Other,
}

impl Syntax {
    /// Looks at the first byte that is not part of white space or of a comment.
    pub(crate) fn of(text: &[u8]) -> Syntax {
        match after_comments(without_mark(text)).first() {
            Some(b'<') => Syntax::Xml,
            Some(b'{' | b'[') => Syntax::Json,
            _ => Syntax::Other,
        }
    }
}

/// Whether a text has a member, an attribute or a block label with this name.
pub(crate) fn has_member(text: &[u8], name: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@".contains(&byte);
    let windows = text.windows(name.len()).enumerate();
    let mut found = windows.filter(|(_, window)| *window == name.as_bytes());
    found.any(|(at, _)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let after = rest.get(name.len()..).unwrap_or_default();
        let after = after.strip_prefix(b"\"").unwrap_or(after);
        let after = after.strip_prefix(b"'").unwrap_or(after);
        !before.last().copied().is_some_and(is_name)
            && matches!(
                after.trim_ascii_start().first(),
                Some(b':' | b'=' | b'{' | b'"')
            )
    })
}

/// Returns the first tag of a text in XML, without its `<` and what follows the tag.
pub(crate) fn first_tag(text: &[u8]) -> Option<&[u8]> {
    let mut rest = without_mark(text);
    loop {
        let open = rest.iter().position(|byte| *byte == b'<')?;
        rest = rest.get(open.saturating_add(1)..)?;
        let (end, skipped): (&[u8], _) = match rest {
            [b'!', b'-', b'-', ..] => (b"-->", true),
            [b'?', ..] => (b"?>", true),
            _ => (b">", false),
        };
        let length = rest.windows(end.len()).position(|window| window == end)?;
        let (tag, after) = rest.split_at_checked(length)?;
        if !skipped {
            return Some(tag);
        }
        rest = after;
    }
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

fn after_comments(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'/', b'/', ..] | [b'#', ..] => b"\n",
            [b'/', b'*', ..] => b"*/",
            _ => return rest,
        };
        let at = rest.windows(end.len()).position(|window| window == end);
        let after = at.and_then(|at| rest.get(at.saturating_add(end.len())..));
        rest = after.unwrap_or_default().trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_is_that_of_the_first_byte_after_comments() {
        for (text, syntax) in [
            ("", Syntax::Other),
            ("\u{feff} <a/>", Syntax::Xml),
            ("// a\n /* { */ # b\n[", Syntax::Json),
            ("# only a comment", Syntax::Other),
            ("/* not closed", Syntax::Other),
            ("cors_rule {", Syntax::Other),
        ] {
            assert_eq!(Syntax::of(text.as_bytes()), syntax, "{text}");
        }
    }

    #[test]
    fn a_name_is_a_member_only_where_a_value_follows() {
        for (text, expected) in [
            ("{\"cors\" : []}", true),
            ("cors:\n  - origin: x", true),
            ("- 'cors': x", true),
            ("resource \"cors\" \"name\" {", true),
            ("cors {", true),
            ("cors = []", true),
            ("[\"cors\", \"x\"]", false),
            ("https://cors:8080", false),
            ("a.cors: x", false),
            ("cors_rule {", false),
        ] {
            assert_eq!(has_member(text.as_bytes(), "cors"), expected, "{text}");
        }
    }

    #[test]
    fn the_first_tag_is_found_behind_declarations_and_comments() {
        let tag = |text: &'static str| first_tag(text.as_bytes());
        assert_eq!(
            tag("<?xml version='1.0'?>\n<!-- <b> --><a c='d'><e/>"),
            Some(&b"a c='d'"[..])
        );
        assert_eq!(tag("<a"), None);
        assert_eq!(tag("text"), None);
    }
}
