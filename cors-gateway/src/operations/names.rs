//! A page of names: those that a list request selects, in order, with names that share a group
//! taken together.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::exchange::Exchange;
use crate::failure::Failure;

/// Most names of one answer; the same for both providers.
pub(super) const MAX_NAMES: usize = 1000;

/// What a list request selects.
pub(super) struct Selection<'r> {
    pub(super) prefix: &'r str,
    /// Empty if names are not grouped.
    pub(super) delimiter: &'r str,
    /// Names up to this one were returned before.
    pub(super) after: String,
    pub(super) most: usize,
}

/// The names selected so far. A group is one name without a value.
pub(super) struct Names<'r, T> {
    selection: Selection<'r>,
    names: BTreeMap<String, Option<T>>,
}

/// A page of names, in order.
pub(super) struct Page<T> {
    pub(super) names: Vec<(String, Option<T>)>,
    /// The last name of this page, if there are more.
    pub(super) next: Option<String>,
}

impl<'r, T> Names<'r, T> {
    pub(super) fn new(selection: Selection<'r>) -> Names<'r, T> {
        Names {
            selection,
            names: BTreeMap::new(),
        }
    }

    /// Adds a name that begins with `key`, which is what prefix and delimiter are about.
    pub(super) fn add(&mut self, key: &str, name: String, value: T) {
        let after = &self.selection.after;
        if !key.starts_with(self.selection.prefix) {
            return;
        }
        match self.selection.group(key) {
            Some(group) if *group > **after && !after.starts_with(group) => {
                self.names.insert(group.to_owned(), None);
            }
            None if name > *after => {
                self.names.insert(name, Some(value));
            }
            Some(_) | None => {}
        }
        // One name more than a page shows whether there is a next page.
        if self.names.len() > self.selection.most.saturating_add(1) {
            self.names.pop_last();
        }
    }

    pub(super) fn into_page(self) -> Page<T> {
        let most = self.selection.most;
        let is_truncated = most > 0 && self.names.len() > most;
        let names: Vec<_> = self.names.into_iter().take(most).collect();
        let last = names.last().filter(|_| is_truncated);
        Page {
            next: last.map(|(name, _)| name.clone()),
            names,
        }
    }
}

impl Selection<'_> {
    /// The group of a key: everything up to the first delimiter after the prefix.
    fn group<'k>(&self, key: &'k str) -> Option<&'k str> {
        if self.delimiter.is_empty() {
            return None;
        }
        let rest = key.strip_prefix(self.prefix)?;
        let end = rest.find(self.delimiter)?.checked_add(self.prefix.len())?;
        key.get(..end.checked_add(self.delimiter.len())?)
    }
}

/// How many names a request asks for with `name`.
pub(super) fn most(exchange: &Exchange, name: &str, otherwise: usize) -> Result<usize, Failure> {
    match exchange.target.value(name) {
        None | Some("") => Ok(otherwise),
        Some(text) => match text.parse::<usize>() {
            Ok(most) => Ok(most.min(MAX_NAMES)),
            Err(_) => Err(invalid(name)),
        },
    }
}

/// The token from which a list is continued.
pub(super) fn to_token(name: &str) -> String {
    BASE64.encode(name)
}

pub(super) fn of_token(token: &str) -> Result<String, Failure> {
    let bytes = BASE64.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| invalid("continuation-token"))
}

pub(super) fn invalid(detail: &str) -> Failure {
    Failure::new(
        400,
        "InvalidArgument",
        "Invalid argument.",
        "invalid_argument",
    )
    .detail(detail)
}
