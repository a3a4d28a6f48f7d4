//! Who may sign requests: access keys and their secrets, from a file or from the environment.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// Access keys and their secrets. `Debug` does not show secrets.
///
/// # Examples
///
/// ```
/// use cors_gateway::Credentials;
///
/// let credentials = Credentials::parse("# the team\nAKIDEXAMPLE:secret\n")?;
/// assert_eq!(credentials.len(), 1);
/// assert!(Credentials::parse("AKIDEXAMPLE").is_err());
/// # Ok::<(), cors_gateway::CredentialsError>(())
/// ```
#[derive(Clone, Default)]
pub struct Credentials(BTreeMap<String, String>);

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// A line of a file is refused; lines are numbered from 1.
    Line(usize, KeyProblem),
    /// A key that is not from a file is refused.
    Key(KeyProblem),
}

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyProblem {
    /// There is no `:` between the id and the secret.
    NotAPair,
    /// The id is empty, or has a character other than printable ASCII without spaces.
    Id,
    /// The secret is empty, or has a character other than printable ASCII without spaces.
    Secret,
    /// There is a key with this id already.
    RepeatedId,
}

impl Credentials {
    /// Parses one `ACCESS_KEY_ID:ACCESS_KEY_SECRET` per line. Empty lines and lines that begin with
    /// `#` are ignored.
    ///
    /// # Errors
    ///
    /// The first line that is not such a pair, or that [`insert`](Self::insert) refuses.
    pub fn parse(text: &str) -> Result<Credentials, CredentialsError> {
        let mut credentials = Credentials::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let pair = line.split_once(':').ok_or(KeyProblem::NotAPair);
            pair.and_then(|(id, secret)| credentials.add(id, secret))
                .map_err(|problem| CredentialsError::Line(index.saturating_add(1), problem))?;
        }
        Ok(credentials)
    }

    /// Adds a key.
    ///
    /// # Errors
    ///
    /// If the id or the secret is empty or has a character other than printable ASCII without
    /// spaces, or if there is a key with this id already.
    ///
    /// # Security
    ///
    /// With an empty id and an empty secret, as undefined variables leave them, anyone could sign.
    pub fn insert(&mut self, id: &str, secret: &str) -> Result<(), CredentialsError> {
        self.add(id, secret).map_err(CredentialsError::Key)
    }

    fn add(&mut self, id: &str, secret: &str) -> Result<(), KeyProblem> {
        let is_printable =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_printable(id) {
            return Err(KeyProblem::Id);
        }
        if !is_printable(secret) {
            return Err(KeyProblem::Secret);
        }
        match self.0.entry(id.to_owned()) {
            Entry::Occupied(_) => Err(KeyProblem::RepeatedId),
            Entry::Vacant(vacant) => {
                vacant.insert(secret.to_owned());
                Ok(())
            }
        }
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the id and the secret, if there is exactly one key.
    pub(crate) fn only(&self) -> Option<(&str, &str)> {
        let mut keys = self.0.iter();
        let (id, secret) = keys.next()?;
        keys.next().is_none().then_some((id, secret))
    }

    pub(crate) fn secret(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialsError::Line(line, problem) => write!(f, "line {line}: {problem}"),
            CredentialsError::Key(problem) => problem.fmt(f),
        }
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyProblem::NotAPair => "write ACCESS_KEY_ID:ACCESS_KEY_SECRET",
            KeyProblem::Id => {
                "the access key id is empty or has a space or an unprintable character; write it in printable ASCII"
            }
            KeyProblem::Secret => {
                "the access key secret is empty or has a space or an unprintable character; write it in printable ASCII"
            }
            KeyProblem::RepeatedId => "there is a key with this id already; remove one of the two",
        })
    }
}

impl std::error::Error for CredentialsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_anyone_could_guess_or_nobody_could_write_is_refused() {
        for (id, secret, problem) in [
            ("", "", KeyProblem::Id),
            ("", "secret", KeyProblem::Id),
            ("AK ID", "secret", KeyProblem::Id),
            ("AKID\u{e9}", "secret", KeyProblem::Id),
            ("AKID", "", KeyProblem::Secret),
            ("AKID", " ", KeyProblem::Secret),
            ("AKID", "sec\nret", KeyProblem::Secret),
            ("TAKEN", "other", KeyProblem::RepeatedId),
        ] {
            let mut credentials = Credentials::default();
            credentials.insert("TAKEN", "secret").unwrap();
            let refused = credentials.insert(id, secret);
            assert_eq!(refused, Err(CredentialsError::Key(problem)), "{id:?}");
            // An error leaves everything unchanged.
            assert_eq!(
                (credentials.len(), credentials.secret("TAKEN")),
                (1, Some("secret"))
            );
        }
        for (text, line, problem) in [
            ("AKID", 1, KeyProblem::NotAPair),
            ("# keys\n\n:secret", 3, KeyProblem::Id),
            ("AKID:", 1, KeyProblem::Secret),
            ("AKID: secret", 1, KeyProblem::Secret),
            ("AKID:one\nAKID:two", 2, KeyProblem::RepeatedId),
            ("AKID:one\r\nAKID:one\r\n", 2, KeyProblem::RepeatedId),
        ] {
            let refused = Credentials::parse(text).unwrap_err();
            assert_eq!(refused, CredentialsError::Line(line, problem), "{text:?}");
        }
    }
}
