//! Ours, measured as a rival: the layer of cors-http around the same service, with the same requests
//! and the same origins.

use cors_http::{CorsLayer, SharedPolicy};
use tower_layer::Layer;

use super::question::{Kind, Question};
use super::tower::{FIVE_HEADERS, Inner, call};
use crate::cases::{configuration, exact, spread};
use crate::measure::Subject;

/// The layer around a service that does nothing.
pub(super) fn asked(question: Question) -> Subject {
    let name = question.name("cors-http");
    around(Inner::NOTHING, question, name)
}

/// Around a service whose response has five headers.
pub(super) fn with_five_headers() -> Subject {
    let question = Question::new(Kind::Actual, 10);
    let name = question.name("cors-http") + "/five-headers";
    around(FIVE_HEADERS, question, name)
}

/// The layer that looks up a policy for each request.
pub(super) fn looked_up() -> Subject {
    let question = Question::new(Kind::Actual, 10);
    let policy = policy(10);
    let layer = CorsLayer::with_lookup(move |_: &http::request::Parts| {
        std::future::ready(Some(policy.clone()))
    });
    let mut service = layer.layer(Inner::NOTHING);
    let request = question.request(());
    Subject::new(
        "cors-http/looked-up/exact-10",
        move || call(&mut service, &request),
        |response| question.is_answered_by(response.headers()),
    )
}

fn around(inner: Inner, question: Question, name: String) -> Subject {
    let mut service = CorsLayer::new(policy(question.origins.len())).layer(inner);
    let request = question.request(());
    Subject::new(
        name,
        move || call(&mut service, &request),
        |response| question.is_answered_by(response.headers()),
    )
}

fn policy(count: usize) -> SharedPolicy {
    let rules = spread(1, count, exact).leak();
    SharedPolicy::compile(&configuration(rules)).expect("the rules are valid")
}
