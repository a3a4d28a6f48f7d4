//! Checking the limits on a rule as a whole and on its name, in forms that have them.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use cors_core::Field;

use crate::read::content::{Content, RuleText, Violation};
use crate::read::document_error::DocumentErrorKind;
use crate::shapes::NativeLimits;

impl NativeLimits {
    /// Returns the violations in the last rule; `rule_bytes` is the size of its strings as written.
    pub(super) fn violations<'d>(
        &self,
        content: &Content<'d>,
        rule_bytes: usize,
    ) -> Vec<Violation<'d>> {
        let Content { rules, values, .. } = content;
        let Some((last, earlier)) = rules.split_last() else {
            return Vec::new();
        };
        let of = |rule: &RuleText| values.get(rule.values.clone()).unwrap_or_default();
        let strings = || {
            let values = of(last).iter();
            values.filter(|value| value.field != Field::MaxAgeSeconds)
        };
        let mut found = Vec::new();
        if rule_bytes > self.max_rule_bytes {
            let limit = self.max_rule_bytes;
            found.push((DocumentErrorKind::RuleTooLarge { limit }, None));
        }
        for value in strings() {
            let text = &*value.text;
            let is_name = value.field == Field::Id;
            let is_valid_name = text.len() >= self.min_name_characters
                && !text.starts_with(self.reserved_prefix)
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let is_list = matches!(value.field, Field::AllowedOrigin | Field::AllowedHeader);
            let of_list = strings().filter(|other| other.field == value.field);
            let kind = if is_name && !is_valid_name {
                DocumentErrorKind::InvalidRuleName
            } else if is_name
                && earlier
                    .iter()
                    .flat_map(of)
                    .any(|other| other.field == Field::Id && other.text == text)
            {
                DocumentErrorKind::RepeatedRuleName
            } else if is_list && text == "*" && of_list.count() > 1 {
                DocumentErrorKind::WildcardNotAlone
            } else {
                continue;
            };
            found.push((kind, Some(value)));
        }
        let (offset, rule) = (last.offset, earlier.len());
        found
            .into_iter()
            .map(|(kind, value)| Violation {
                kind,
                offset: value.map_or(offset, |value| value.offset),
                rule: Some(rule),
                element: value.map(|value| Cow::Borrowed(value.name)),
                value: value.map(|value| value.text.clone()),
                advice: None,
                meant: None,
            })
            .collect()
    }
}
