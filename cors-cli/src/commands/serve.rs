//! `cors serve`: the gateway, with this program's `explain` on its page.

use std::env;
use std::fs;
use std::sync::Arc;

use clap::ValueEnum;
use cors_advice::explain::{self, answer_json};
use cors_advice::source::Source;
use cors_gateway::{Credentials, Options, Question, log_to_stderr};

use crate::arguments::{DialectName, ServeArguments};
use crate::{Fatal, Verdict};

pub(crate) fn run(arguments: ServeArguments) -> Result<Verdict, Fatal> {
    let options = Options {
        provider: arguments.dialect.provider(),
        listen: arguments.listen,
        store: arguments.store.clone(),
        credentials: credentials(&arguments)?,
        anonymous: arguments.anonymous,
        domains: arguments.domains,
        log: Arc::new(log_to_stderr),
        explain: Arc::new(|question| answer(question).map_err(|Fatal(why)| why)),
    };
    cors_gateway::run(options).map_err(|error| Fatal(error.to_string()))?;
    Ok(Verdict::Yes)
}

/// From the file, or one key from the environment.
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

/// What `cors explain --json` prints.
fn answer(question: &Question) -> Result<String, Fatal> {
    let provider = DialectName::from_str(&question.dialect, false)
        .map_err(Fatal)?
        .provider();
    let answer = answer_json(&explain::Question {
        document: Source {
            name: "document",
            bytes: question.document.as_bytes(),
        },
        provider,
        origin: &question.origin,
        method: &question.method,
        headers: &question.headers,
        credentials: question.credentials,
    });
    answer.map_err(|error| Fatal(error.to_string()))
}
