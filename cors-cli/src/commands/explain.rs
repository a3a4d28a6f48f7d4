//! `cors explain`: plays the browser, and prints which rule decided and which change would help.

mod text;

use std::io::Write;

use cors_advice::browser::{Page, PageError};
use cors_advice::explain::explain;

use crate::arguments::ExplainArguments;
use crate::exit::{Fatal, Verdict};
use crate::input::Input;
use crate::json::to_json;
use crate::output::Output;

pub(crate) fn run(arguments: &ExplainArguments) -> Result<Verdict, Fatal> {
    // The message begins with the name of the option.
    let page = page(arguments).map_err(|error| Fatal(format!("--{error}")))?;
    let provider = arguments.dialect.provider();
    let input = Input::read(&arguments.config)?;
    let image = input.compile(provider)?;
    let form = provider.form_of(&input.bytes);
    let explanation = explain(&image.as_policy(), form, &page);
    if arguments.json {
        writeln!(Output::new(), "{}", to_json(&explanation)?)?;
    } else {
        text::print(&explanation)?;
    }
    Ok(if explanation.failure.is_none() {
        Verdict::Yes
    } else {
        Verdict::No
    })
}

fn page(arguments: &ExplainArguments) -> Result<Page, PageError> {
    let page = Page::new(&arguments.origin, &arguments.method)?;
    let mut headers = arguments.headers.iter();
    let page = headers.try_fold(page, |page, header| page.with_header(header))?;
    Ok(page.with_credentials(arguments.credentials))
}
