//! The keys that a command is given: a file, or the environment.

use std::env::{self, VarError};
use std::fs;
use std::path::Path;

use cors_gateway::Credentials;

use crate::exit::Fatal;

/// The keys from the file, or one key from the environment.
pub(crate) fn read(file: Option<&Path>) -> Result<Credentials, Fatal> {
    if let Some(path) = file {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Fatal(format!(
                "{shown}: {error}; give a file of ACCESS_KEY_ID:ACCESS_KEY_SECRET lines"
            ))
        })?;
        return Credentials::parse(&text).map_err(|error| Fatal(format!("{shown}: {error}")));
    }
    let names = ["CORS_ACCESS_KEY_ID", "CORS_ACCESS_KEY_SECRET"];
    let refused = |why: &str| Fatal(format!("{} and {}: {why}", names[0], names[1]));
    match names.map(env::var) {
        [Ok(id), Ok(secret)] => {
            let mut credentials = Credentials::default();
            let added = credentials.insert(&id, &secret);
            added.map_err(|error| refused(&error.to_string()))?;
            Ok(credentials)
        }
        [Err(VarError::NotPresent), Err(VarError::NotPresent)] => Ok(Credentials::default()),
        [Err(VarError::NotUnicode(_)), _] | [_, Err(VarError::NotUnicode(_))] => {
            Err(refused("write them in printable ASCII"))
        }
        _ => Err(refused("set both, or neither")),
    }
}
