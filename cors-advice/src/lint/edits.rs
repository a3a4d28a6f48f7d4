//! The change that a finding asks for, where there is one that needs no decision of the owner.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use cors_core::{Configuration, Field, List, Rule};

use super::as_sent::as_sent;
use super::public_suffix::public_suffix;
use super::{Finding, LintCode};
use crate::edit::Edit;

/// The seconds that every browser accepts.
const MAX_AGE_SECONDS: i32 = 600;

impl Finding {
    /// Returns the change after which the finding is gone; `None` if only the owner can say what is
    /// to be allowed instead.
    ///
    /// Where the change keeps out a page that could read, [`LintCode::hint`] says so.
    ///
    /// # Complexity
    ///
    /// Linear in the rule.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_advice::edit::Edit;
    /// use cors_advice::lint::lint;
    /// use cors_core::{Configuration, Dialect, Field, List, Rule};
    ///
    /// let rules = [Rule {
    ///     allowed_origins: List::new(&["https://app.example/"]),
    ///     allowed_methods: List::new(&["GET"]),
    ///     ..Rule::EMPTY
    /// }];
    /// let configuration = Configuration::new(&Dialect::S3, &rules);
    /// let edit = lint(&configuration).next().and_then(|finding| finding.edit(&configuration));
    /// let expected = Edit::Replace {
    ///     rule: 0,
    ///     field: Field::AllowedOrigin,
    ///     value: "https://app.example/".to_owned(),
    ///     with: vec!["https://app.example".to_owned()],
    /// };
    /// assert_eq!(edit, Some(expected));
    /// ```
    pub fn edit(&self, configuration: &Configuration<'_>) -> Option<Edit> {
        let rules = configuration.rules;
        let rule = rules.get(self.rule)?;
        let add = |field, value: &str| Edit::Add {
            rule: self.rule,
            field,
            values: vec![value.to_owned()],
        };
        match self.code {
            LintCode::UnreachableRule => return Some(Edit::RemoveRule { rule: self.rule }),
            LintCode::UploadsWithoutETag => return Some(add(Field::ExposeHeader, "ETag")),
            LintCode::UploadsWithoutHeaders => {
                return Some(add(Field::AllowedHeader, "content-type"));
            }
            LintCode::AnswersDifferByOrigin => return Some(Edit::SetResponseVary(true)),
            LintCode::MaxAgeZero => {
                return Some(Edit::SetMaxAge {
                    rule: self.rule,
                    seconds: MAX_AGE_SECONDS,
                });
            }
            _ => {}
        }
        let field = self.field?;
        let list = list_of(rule, field)?;
        let value = list.iter().nth(self.item?)?;
        let with = match self.code {
            LintCode::Duplicate
            | LintCode::Redundant
            | LintCode::NullOrigin
            | LintCode::HeaderNeverRequested
            | LintCode::HeaderAlwaysReadable
            | LintCode::HeaderNeverReadable
            | LintCode::ExposedProtocolHeader => Vec::new(),
            LintCode::SeveralValues => items(field, value),
            LintCode::MethodCase => vec![value.to_ascii_uppercase()],
            LintCode::PlainHttp => vec![format!("https://{}", value.strip_prefix("http://")?)],
            LintCode::WildcardBeforeHost => subdomains(value)?,
            LintCode::OriginWithPath
            | LintCode::OriginWithTrailingSlash
            | LintCode::OriginInUpperCase
            | LintCode::OriginWithDefaultPort
            | LintCode::OriginWithoutScheme
            | LintCode::OriginNeverSent
            | LintCode::OriginScheme
            | LintCode::OriginHost
            | LintCode::OriginPort
            | LintCode::OriginAddress
            | LintCode::NotAHostName
            | LintCode::AnyScheme => vec![as_sent(value)?.to_string()],
            _ => return None,
        };
        let is_new = |text: &String| list.iter().all(|known| known != text);
        let with: Vec<String> = with.into_iter().filter(is_new).collect();
        if !with.is_empty() {
            return Some(Edit::Replace {
                rule: self.rule,
                field,
                value: value.to_owned(),
                with,
            });
        }
        // A rule needs an origin and a method, and a document a rule.
        let is_needed = matches!(field, Field::AllowedOrigin | Field::AllowedMethod)
            && list.iter().nth(1).is_none();
        match (is_needed, rules.len()) {
            (false, _) => Some(Edit::Remove {
                rule: self.rule,
                field,
                value: value.to_owned(),
            }),
            (true, 0 | 1) => None,
            (true, _) => Some(Edit::RemoveRule { rule: self.rule }),
        }
    }
}

fn list_of<'c>(rule: &Rule<'c>, field: Field) -> Option<List<'c>> {
    match field {
        Field::AllowedOrigin => Some(rule.allowed_origins),
        Field::AllowedMethod => Some(rule.allowed_methods),
        Field::AllowedHeader => Some(rule.allowed_headers),
        Field::ExposeHeader => Some(rule.expose_headers),
        Field::Id | Field::MaxAgeSeconds | Field::AllowCredentials => None,
    }
}

/// The values of a list that is written as one.
fn items(field: Field, value: &str) -> Vec<String> {
    let is_separator =
        |character: char| matches!(character, ',' | ';') || character.is_whitespace();
    let items = value.split(is_separator).filter(|item| !item.is_empty());
    items
        .map(|item| {
            match field {
                Field::AllowedOrigin if item != "*" => {
                    as_sent(item).map(|origin| origin.to_string())
                }
                _ => None,
            }
            .unwrap_or_else(|| item.to_owned())
        })
        .collect()
}

/// For `https://*example.com`, the domain and its subdomains.
fn subdomains(value: &str) -> Option<Vec<String>> {
    let (before, domain) = value.split_once('*')?;
    let is_domain = domain.starts_with(|first: char| first.is_ascii_alphanumeric())
        && domain.contains('.')
        && public_suffix(domain.as_bytes()).is_none();
    // A `*` that includes the scheme is another finding.
    (is_domain && before.ends_with("://"))
        .then(|| vec![format!("{before}*.{domain}"), format!("{before}{domain}")])
}
