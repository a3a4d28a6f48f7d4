//! `cors serve`: runs the gateway as the command line says.

use std::sync::Arc;

use cors_gateway::{Options, log_to_stderr};

use crate::arguments::ServeArguments;
use crate::credentials;
use crate::exit::{Fatal, Verdict};

pub(crate) fn run(arguments: ServeArguments) -> Result<Verdict, Fatal> {
    let options = Options {
        provider: arguments.dialect.provider(),
        listen: arguments.listen,
        store: arguments.store.clone(),
        credentials: credentials::read(arguments.credentials.as_deref())?,
        anonymous: arguments.anonymous,
        v1_signatures: arguments.v1_signatures,
        page: arguments.page,
        domains: arguments.domains,
        log: Arc::new(log_to_stderr),
    };
    cors_gateway::run(options).map_err(|error| Fatal(error.to_string()))?;
    Ok(Verdict::Yes)
}
