//! salvo-cors: its handler before a handler that does nothing. The request is reused: both only
//! read it.

use std::sync::Arc;

use salvo_core::http::{HeaderValue, Method};
use salvo_core::{Depot, FlowCtrl, Handler, Request, Response, async_trait};
use salvo_cors::{AllowOrigin, Cors};

use super::{Question, headers, now};
use crate::cases::METHODS;
use crate::measure::Subject;

struct Nothing;

#[async_trait]
impl Handler for Nothing {
    async fn handle(&self, _: &mut Request, _: &mut Depot, _: &mut Response, _: &mut FlowCtrl) {}
}

/// The bare call.
pub(super) fn base() -> Subject {
    let question = Question::last_of(10);
    let ask = ask(&question, vec![Arc::new(Nothing)]);
    Subject::new("salvo-cors/base", ask, |response| {
        response.headers().is_empty()
    })
}

/// The same with the handler before it.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
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
    Subject::new(
        format!("salvo-cors/actual/exact-{count}"),
        ask,
        |response| question.is_granted(response.headers().get_all("access-control-allow-origin")),
    )
}

fn ask(question: &Question, handlers: Vec<Arc<dyn Handler>>) -> impl FnMut() -> Response + use<> {
    let mut request = Request::new();
    let origin = HeaderValue::from_static(question.asked);
    request.headers_mut().insert("origin", origin);
    move || {
        let (mut depot, mut response) = (Depot::new(), Response::new());
        let mut flow = FlowCtrl::new(handlers.clone());
        now(flow.call_next(&mut request, &mut depot, &mut response));
        response
    }
}
