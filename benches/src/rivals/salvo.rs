//! salvo-cors: its handler before a handler that does nothing. The request is reused: both only
//! read it.

use std::sync::Arc;

use salvo_core::http::{HeaderValue, Method};
use salvo_core::{Depot, FlowCtrl, Handler, Request, Response, async_trait};
use salvo_cors::{AllowOrigin, Cors};

use super::now;
use super::question::{Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

struct Nothing;

#[async_trait]
impl Handler for Nothing {
    async fn handle(&self, _: &mut Request, _: &mut Depot, _: &mut Response, _: &mut FlowCtrl) {}
}

/// The bare call.
pub(super) fn base(question: &Question) -> Subject {
    let ask = ask(question, vec![Arc::new(Nothing)]);
    Subject::new(question.base_name("salvo-cors"), ask, |response| {
        response.headers().is_empty()
    })
}

/// The same with the handler before it.
pub(super) fn asked(question: Question) -> Subject {
    let origins = question.origins.iter();
    let methods = METHODS.iter().map(|method| method.parse::<Method>());
    let cors = Cors::new()
        .allow_origin(AllowOrigin::list(
            origins.map(|origin| HeaderValue::from_static(origin)),
        ))
        .allow_methods(methods.collect::<Result<Vec<_>, _>>().expect("methods"))
        .allow_headers(headers());
    let ask = ask(
        &question,
        vec![Arc::new(cors.into_handler()), Arc::new(Nothing)],
    );
    Subject::new(question.name("salvo-cors"), ask, |response| {
        question.is_answered_by(response.headers())
    })
}

fn ask(question: &Question, handlers: Vec<Arc<dyn Handler>>) -> impl FnMut() -> Response + use<> {
    let mut request = Request::new();
    *request.method_mut() = question.method();
    for (name, value) in &question.headers {
        let value = HeaderValue::from_static(value);
        request.headers_mut().insert(*name, value);
    }
    move || {
        let (mut depot, mut response) = (Depot::new(), Response::new());
        let mut flow = FlowCtrl::new(handlers.clone());
        now(flow.call_next(&mut request, &mut depot, &mut response));
        response
    }
}
