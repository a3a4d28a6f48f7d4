//! The laws of response headers: no control byte in a value, and a Vary that separates origins.

use reference::model::{Answer, Configuration, Request};

use super::Verdict;
use crate::engine;

/// No byte below 0x20 and no 0x7F in any value.
///
/// # Errors
///
/// The header that has one.
pub fn no_control_byte(answer: &Answer) -> Verdict {
    for (name, value) in &answer.headers {
        if value.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
            return Err(format!("{name} holds {value:?}"));
        }
    }
    Ok(())
}

/// STRICT: if two requests that differ only in Origin, or in whether they have one, get different CORS
/// headers, both answers name Origin in Vary.
///
/// # Errors
///
/// The answer that does not.
pub fn vary_tells_origins_apart(
    configuration: &Configuration,
    request: &Request,
    other_origin: Option<&[u8]>,
) -> Verdict {
    let other = Request {
        origin: other_origin.map(<[u8]>::to_vec),
        ..request.clone()
    };
    let answers = [
        engine::evaluate(configuration, request),
        engine::evaluate(configuration, &other),
    ];
    let [first, second] = answers.each_ref().map(|answer| {
        let headers = answer.headers.iter();
        headers
            .filter(|(name, _)| name != "vary")
            .collect::<Vec<_>>()
    });
    if first == second {
        return Ok(());
    }
    for answer in &answers {
        let vary = answer.header("vary").unwrap_or_default();
        if !vary
            .split(|byte| *byte == b',')
            .any(|token| token.trim_ascii() == b"Origin")
        {
            return Err(format!("no Origin in Vary of {answer:?}"));
        }
    }
    Ok(())
}
