//! Who may sign requests: access keys and their secrets, from a file or from the environment.

use std::collections::BTreeMap;
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

/// A line that is not `ACCESS_KEY_ID:ACCESS_KEY_SECRET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialsError {
    /// The line number, from 1.
    pub line: usize,
}

impl Credentials {
    /// Parses one `ACCESS_KEY_ID:ACCESS_KEY_SECRET` per line. Empty lines and lines that begin with
    /// `#` are ignored.
    ///
    /// # Errors
    ///
    /// The first line without a `:`, or with nothing before or after it.
    pub fn parse(text: &str) -> Result<Credentials, CredentialsError> {
        let mut credentials = Credentials::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once(':') {
                Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
                    credentials.insert(id, secret);
                }
                _ => {
                    return Err(CredentialsError {
                        line: index.saturating_add(1),
                    });
                }
            }
        }
        Ok(credentials)
    }

    /// Adds a key, or replaces one with the same id.
    pub fn insert(&mut self, id: &str, secret: &str) {
        self.0.insert(id.to_owned(), secret.to_owned());
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
        write!(
            f,
            "line {}: write ACCESS_KEY_ID:ACCESS_KEY_SECRET",
            self.line
        )
    }
}

impl std::error::Error for CredentialsError {}
