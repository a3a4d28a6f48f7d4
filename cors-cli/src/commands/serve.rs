//! `cors serve`: runs the gateway as the command line says.

use std::env::{self, VarError};
use std::fs;
use std::sync::Arc;

use cors_gateway::{Credentials, Options, log_to_stderr};

use crate::arguments::ServeArguments;
use crate::exit::{Fatal, Verdict};

pub(crate) fn run(arguments: ServeArguments) -> Result<Verdict, Fatal> {
    let options = Options {
        provider: arguments.dialect.provider(),
        listen: arguments.listen,
        store: arguments.store.clone(),
        credentials: credentials(&arguments)?,
        anonymous: arguments.anonymous,
        v1_signatures: arguments.v1_signatures,
        page: arguments.page,
        domains: arguments.domains,
        log: Arc::new(log_to_stderr),
    };
    cors_gateway::run(options).map_err(|error| Fatal(error.to_string()))?;
    Ok(Verdict::Yes)
}

/// The keys from the file, or one key from the environment.
fn credentials(arguments: &ServeArguments) -> Result<Credentials, Fatal> {
    if let Some(path) = &arguments.credentials {
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
