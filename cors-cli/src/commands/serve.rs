//! `cors serve`: the gateway, with this program's `explain` on its page.

use std::env;
use std::fs;
use std::sync::Arc;

use clap::ValueEnum;
use cors_gateway::{Credentials, Options, Question, log_to_stderr};
use cors_xml::Provider;

use super::explain;
use crate::arguments::{DialectName, ServeArguments};
use crate::configuration::Source;
use crate::{End, Stopped};

pub(crate) fn run(arguments: ServeArguments) -> Result<End, Stopped> {
    let options = Options {
        provider: Provider::of(arguments.dialect.dialect()),
        listen: arguments.listen,
        store: arguments.store.clone(),
        credentials: credentials(&arguments)?,
        anonymous: arguments.anonymous,
        domains: arguments.domains,
        log: Arc::new(log_to_stderr),
        explain: Arc::new(|question| answer(question).map_err(|Stopped(why)| why)),
    };
    cors_gateway::run(options).map_err(|error| Stopped(error.to_string()))?;
    Ok(End::Good)
}

/// From the file, or one key from the environment.
fn credentials(arguments: &ServeArguments) -> Result<Credentials, Stopped> {
    if let Some(path) = &arguments.credentials {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Stopped(format!(
                "{shown}: {error}; give a file of ACCESS_KEY_ID:ACCESS_KEY_SECRET lines"
            ))
        })?;
        return Credentials::parse(&text).map_err(|error| Stopped(format!("{shown}: {error}")));
    }
    let mut credentials = Credentials::default();
    let variables =
        ["CORS_ACCESS_KEY_ID", "CORS_ACCESS_KEY_SECRET"].map(|name| env::var(name).ok());
    match variables {
        [Some(id), Some(secret)] => credentials.insert(&id, &secret),
        [None, None] => {}
        _ => {
            let why = "set both CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET, or neither";
            return Err(Stopped(why.to_owned()));
        }
    }
    Ok(credentials)
}

/// What `cors explain --json` prints.
fn answer(question: &Question) -> Result<String, Stopped> {
    let dialect = DialectName::from_str(&question.dialect, false).map_err(Stopped)?;
    let page = explain::page(
        &question.origin,
        &question.method,
        &question.headers,
        question.credentials,
    )?;
    let source = Source {
        name: "document".to_owned(),
        bytes: question.document.clone().into_bytes(),
    };
    explain::json(&source, dialect.dialect(), &page)
}
