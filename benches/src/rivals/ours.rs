//! Ours, measured as a rival: the layer of cors-http around the same service, with the same request
//! and the same origins.

use cors_http::{CorsLayer, SharedPolicy};
use tower_layer::Layer;

use super::Question;
use super::tower::{Nothing, call};
use crate::cases::{configuration, exact, spread};
use crate::measure::Subject;

/// The bare call.
pub(super) fn base() -> Subject {
    super::tower::bare("cors-http/base")
}

/// The same with the layer around it.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
    let rules = spread(1, count, exact).leak();
    let policy = SharedPolicy::compile(&configuration(rules)).expect("the rules are valid");
    let mut service = CorsLayer::new(policy).layer(Nothing);
    let request = question.request(());
    Subject::new(
        format!("cors-http/actual/exact-{count}"),
        move || call(&mut service, &request),
        |response| question.is_granted(response.headers().get_all("access-control-allow-origin")),
    )
}
