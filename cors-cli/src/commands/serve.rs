//! `cors serve`: runs the gateway as the command line says.

use std::env;
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
    let mut credentials = Credentials::default();
    let variables =
        ["CORS_ACCESS_KEY_ID", "CORS_ACCESS_KEY_SECRET"].map(|name| env::var(name).ok());
    match variables {
        [Some(id), Some(secret)] => credentials.insert(&id, &secret),
        [None, None] => {}
        _ => {
            let why = "set both CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET, or neither";
            return Err(Fatal(why.to_owned()));
        }
    }
    Ok(credentials)
}
