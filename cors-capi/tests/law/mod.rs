//! The law of the boundary: C is answered what Rust is answered, header for header, whatever the bytes.
//!
//! Everything that C would lend is a heap block of exactly its length, so that `AddressSanitizer` sees each byte beyond it. The corpus
//! test calls this, and so does the fuzz target.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::ffi::c_int;

use cors_capi::{
    ACTUAL, Decision, Error, Lent, NO_RULE, NOT_CORS, PREFLIGHT, Policy, Request, Text,
    cors_engine_decide, cors_engine_policy_open, cors_engine_policy_rules, cors_engine_policy_view,
};
use cors_core::{Outcome, Policy as CorePolicy, Request as CoreRequest};
use reference::case_text;
use reference::model::{Configuration, Request as Asked};

/// Takes the input as a case, and as an image.
pub(crate) fn holds(input: &[u8]) {
    let (configuration, request) = case_text::parse(input);
    same_answer_for(&configuration, &request);
    same_answer(input, &request);
}

/// Decides a request by a configuration, if that compiles.
pub(crate) fn same_answer_for(configuration: &Configuration, request: &Asked) {
    if let Ok(image) = conformance::engine::compile(configuration) {
        same_answer(&image, request);
    }
}

fn same_answer(image: &[u8], request: &Asked) {
    let image: Box<[u8]> = image.into();
    let mut place = Box::new(Policy::CLOSED);
    // SAFETY: the image is that long, and outlives the policy.
    let opened =
        unsafe { cors_engine_policy_open(Some(&mut place), image.as_ptr().cast(), image.len()) };
    let policy = &*place;
    match CorePolicy::from_bytes(&image) {
        Err(error) => {
            assert_eq!(opened, Error::Image(error).code());
            assert_eq!(cors_engine_policy_rules(Some(policy)), 0);
        }
        Ok(core) => {
            assert_eq!(opened, 0);
            assert_eq!(cors_engine_policy_rules(Some(policy)), core.len());
            decides_alike(&core, policy, request);
            let mut viewed = Box::new(Policy::CLOSED);
            // SAFETY: as above.
            let status = unsafe {
                cors_engine_policy_view(Some(&mut viewed), image.as_ptr().cast(), image.len())
            };
            assert_eq!(status, 0);
            decides_alike(&core, &viewed, request);
        }
    }
}

fn decides_alike(core: &CorePolicy<'_>, policy: &Policy<'_>, asked: &Asked) {
    let block = |bytes: &[u8]| -> Box<[u8]> { bytes.into() };
    let method = block(&asked.method);
    let origin = asked.origin.as_deref().map(block);
    let requested = asked.access_control_request_method.as_deref().map(block);
    let lines: Vec<Box<[u8]>> = asked
        .access_control_request_headers
        .iter()
        .map(|line| block(line))
        .collect();
    let texts: Box<[Text<'_>]> = lines.iter().map(|line| Text::new(line)).collect();
    let origin_text = origin.as_deref().map_or(Text::ABSENT, Text::new);
    let requested_text = requested.as_deref().map_or(Text::ABSENT, Text::new);
    let request = Request {
        method: Text::new(&method),
        origin: origin_text,
        access_control_request_method: requested_text,
        access_control_request_headers: Lent::new(&texts),
    };

    // An adapter refuses too many lines as one that is too long.
    let too_much = vec![b','; cors_core::MAX_REQUEST_HEADER_BYTES + 1];
    let lines: Vec<&[u8]> = if lines.len() > cors_core::MAX_FIELD_LINES {
        vec![&too_much]
    } else {
        lines.iter().map(|line| &**line).collect()
    };
    let expected = core.decide(&CoreRequest {
        method: &method,
        origin: origin.as_deref(),
        access_control_request_method: requested.as_deref(),
        access_control_request_headers: &lines,
    });
    let headers: Vec<(&str, Vec<u8>)> = expected
        .headers()
        .iter()
        .map(|(header, value)| {
            let mut bytes = vec![0; value.encoded_len()];
            value.write_to(&mut bytes).unwrap();
            (header.name(), bytes)
        })
        .collect();
    let sent = expected.headers();
    let to_write = sent.iter().filter(|(_, value)| value.as_bytes().is_none());
    let room = to_write.map(|(_, value)| value.encoded_len()).sum();

    ask(policy, &request, room, |status, decision| {
        assert_eq!(status, 0);
        let (kind, granted) = match expected.outcome() {
            Outcome::NotCors => (NOT_CORS, None),
            Outcome::Preflight(result) => (PREFLIGHT, result.ok()),
            Outcome::Actual(result) => (ACTUAL, result.ok()),
        };
        assert_eq!(decision.kind, kind);
        let rule = granted.map_or(NO_RULE, |grant| u16::try_from(grant.rule_index()).unwrap());
        assert_eq!(decision.rule, rule);
        assert_eq!(
            decision.reason,
            expected.refusal().map_or(0, cors_core::Refusal::code)
        );
        assert_eq!(decision.status != 0, kind == PREFLIGHT);
        let answered: Vec<(&str, Vec<u8>)> = decision
            .headers()
            .map(|header| {
                let name = header.name.values().unwrap();
                (
                    str::from_utf8(name).unwrap(),
                    header.value.values().unwrap().to_vec(),
                )
            })
            .collect();
        assert_eq!(answered, headers);
        let control = |byte: &u8| *byte < 0x20 || *byte == 0x7f;
        assert!(!answered.iter().any(|(_, value)| value.iter().any(control)));
    });
    if let Some(too_little) = usize::checked_sub(room, 1) {
        ask(policy, &request, too_little, |status, decision| {
            assert_eq!(status, Error::Room.code());
            assert_eq!((decision.kind, decision.headers().count()), (NOT_CORS, 0));
        });
    }
}

fn ask(
    policy: &Policy<'_>,
    request: &Request<'_>,
    room: usize,
    look: impl FnOnce(c_int, &Decision<'_>),
) {
    let mut buffer = vec![0xff_u8; room].into_boxed_slice();
    let mut decision = Box::new(Decision::NONE);
    // SAFETY: the buffer is that long, and nothing else uses it before the decision is gone.
    let status = unsafe {
        cors_engine_decide(
            Some(policy),
            Some(request),
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            Some(&mut decision),
        )
    };
    look(status, &decision);
}
