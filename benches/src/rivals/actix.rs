//! actix-cors: its transform around a service that does nothing. Its request cannot be cloned and
//! is created for each call.

use std::future::{Ready, ready};

use actix_cors::Cors;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, fn_service};
use actix_web::test::TestRequest;
use actix_web::{Error, HttpResponse};

use super::{Question, headers, now};
use crate::cases::METHODS;
use crate::measure::Subject;

fn nothing(request: ServiceRequest) -> Ready<Result<ServiceResponse, Error>> {
    ready(Ok(request.into_response(HttpResponse::Ok().finish())))
}

/// The bare call.
pub(super) fn base() -> Subject {
    let question = Question::last_of(10);
    let service = now(actix_web::dev::ServiceFactory::new_service(
        &fn_service(nothing),
        (),
    ));
    let service = service.expect("no error");
    Subject::new(
        "actix-cors/base",
        move || ask(&service, question.asked).status(),
        |status| status.is_success(),
    )
}

/// The same with the transform around it.
pub(super) fn actual(count: usize) -> Subject {
    let question = Question::last_of(count);
    let cors = question
        .origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
        .allowed_methods(METHODS.iter().copied())
        .allowed_headers(headers());
    let service = now(actix_web::dev::ServiceFactory::new_service(
        &fn_service(nothing),
        (),
    ));
    let service = now(cors.new_transform(service.expect("no error")));
    let service = service.expect("valid options");
    let asked = question.asked;
    Subject::new(
        format!("actix-cors/actual/exact-{count}"),
        move || ask(&service, asked),
        |response| {
            let granted = response.headers().get_all("access-control-allow-origin");
            question.is_granted(granted)
        },
    )
}

fn ask<S, B>(service: &S, origin: &'static str) -> ServiceResponse<B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let request = TestRequest::get().insert_header(("origin", origin));
    now(service.call(request.to_srv_request())).expect("no error")
}
