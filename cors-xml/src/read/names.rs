//! Finding the name that was probably meant: one letter or one habit away.

use alloc::string::String;

use cors_core::Field;

use crate::providers::Provider;
use crate::shapes::{Element, Member};

/// Returns which of these names was probably meant, and the member it stands for: the name of the same
/// content as under another provider's name, or one that is almost the same.
pub(crate) fn meant(
    written: &str,
    known: impl Iterator<Item = (&'static str, Option<Field>)> + Clone,
) -> Option<(&'static str, Option<Field>)> {
    let key = key(written);
    let field = field_of(&key);
    let mut same_field = known
        .clone()
        .filter(|(_, known)| known.is_some() && *known == field);
    let mut similar = known.filter(|(name, _)| {
        is_near(&key, &self::key(name)) || is_near(&written.to_lowercase(), &name.to_lowercase())
    });
    let found = same_field.next().or_else(|| similar.next())?;
    (found.0 != written).then_some(found)
}

/// Returns what a name means to any provider, in any of its forms.
fn field_of(key: &str) -> Option<Field> {
    let is_key = |name: &str| self::key(name) == key;
    Provider::ALL.into_iter().find_map(|provider| {
        let elements = provider.documents.elements.names.iter();
        let of_xml = elements.filter_map(|(name, element)| match element {
            Element::List(field) | Element::Member(field) => Some((*name, *field)),
            _ => None,
        });
        let shapes = provider
            .forms
            .iter()
            .filter_map(|form| form.notation.members());
        let of_members = shapes.flat_map(|shape| {
            let members = shape.members.iter().flat_map(|(name, member)| {
                let (value, inner): (_, &[_]) = match member {
                    Member::Value(field) => (Some((*name, *field)), &[]),
                    Member::Object(inner) => (None, inner),
                    Member::Target => (None, &[]),
                };
                value.into_iter().chain(inner.iter().copied())
            });
            members.chain(shape.other_names.iter().copied())
        });
        let mut names = of_xml.chain(of_members);
        names.find(|(name, _)| is_key(name)).map(|(_, field)| field)
    })
}

/// Returns what is left of a name without the habits in which names of the same thing differ: case,
/// separators, singular and plural, `expose` and `exposed`, and the unit of a max age.
fn key(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    let mut key: String = letters.flat_map(char::to_lowercase).collect();
    for (long, short) in [
        ("accesscontrol", ""),
        ("exposed", "expose"),
        ("allowed", "allow"),
    ] {
        key = key.replacen(long, short, 1);
    }
    let without_unit = ["inseconds", "seconds", "second", "secs", "sec"]
        .iter()
        .find_map(|unit| key.strip_suffix(unit));
    let key = without_unit.unwrap_or(&key);
    key.strip_suffix('s').unwrap_or(key).into()
}

/// Whether two keys are the same except for one letter that is added, missing, wrong or swapped with
/// its neighbour. Short keys have to be the same.
fn is_near(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 4;
    if one == other {
        return true;
    }
    let same_start = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let start: usize = same_start.map(|(a, _)| a.len_utf8()).sum();
    let (Some(one_rest), Some(other_rest)) = (one.get(start..), other.get(start..)) else {
        return false;
    };
    let mut one_after = one_rest.chars();
    let mut other_after = other_rest.chars();
    let (first, second) = (one_after.next(), other_after.next());
    let is_swapped = || {
        let (mut one, mut other) = (one_after.clone(), other_after.clone());
        one.next() == second && other.next() == first && one.as_str() == other.as_str()
    };
    one.len().min(other.len()) >= SHORTEST
        && (one_after.as_str() == other_after.as_str()
            || one_after.as_str() == other_rest
            || one_rest == other_after.as_str()
            || is_swapped())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: [(&str, Option<Field>); 3] = [
        ("AllowedOrigins", Some(Field::AllowedOrigin)),
        ("ExposeHeaders", Some(Field::ExposeHeader)),
        ("MaxAgeSeconds", Some(Field::MaxAgeSeconds)),
    ];

    #[test]
    fn names_one_letter_or_one_habit_away_are_found_and_others_are_not() {
        for (written, expected) in [
            ("ExposedHeaders", Some("ExposeHeaders")),
            ("ExposeHeader", Some("ExposeHeaders")),
            ("expose_headers", Some("ExposeHeaders")),
            ("allowedExposeHeaders", Some("ExposeHeaders")),
            ("responseHeader", Some("ExposeHeaders")),
            ("Access-Control-Expose-Headers", Some("ExposeHeaders")),
            ("MaxAge", Some("MaxAgeSeconds")),
            ("maxAgeInSeconds", Some("MaxAgeSeconds")),
            ("MaxAgeSec", Some("MaxAgeSeconds")),
            ("origin", Some("AllowedOrigins")),
            ("AllowedOrigin", Some("AllowedOrigins")),
            ("AllowedOrgins", Some("AllowedOrigins")),
            ("AlowedOrigins", Some("AllowedOrigins")),
            ("AllowedOrigisn", Some("AllowedOrigins")),
            ("AllowedOriginz", Some("AllowedOrigins")),
            ("AllowCredentials", None),
            ("Bucket", None),
            ("", None),
            ("é", None),
            // It is in the wrong place, not misspelt.
            ("AllowedOrigins", None),
        ] {
            let found = meant(written, RULE.into_iter()).map(|(name, _)| name);
            assert_eq!(found, expected, "{written}");
        }
        let root = [("CORSRules", None)];
        for written in [
            "CorsRules",
            "CORSRule",
            "CORSRulez",
            "corsrules",
            "cors_rules",
        ] {
            assert_eq!(
                meant(written, root.into_iter()),
                Some(("CORSRules", None)),
                "{written}"
            );
        }
        assert_eq!(meant("Rules", root.into_iter()), None);
    }
}
