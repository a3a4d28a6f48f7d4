//! actix-cors: its transform around a service that does nothing. Its request cannot be cloned and
//! is created for each call.

use std::future::{Ready, ready};

use actix_cors::Cors;
use actix_web::dev::{
    Service, ServiceFactory, ServiceRequest, ServiceResponse, Transform, fn_service,
};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use actix_web::{Error, HttpResponse};

use super::now;
use super::question::{Kind, Question, headers};
use crate::cases::METHODS;
use crate::measure::Subject;

fn nothing(request: ServiceRequest) -> Ready<Result<ServiceResponse, Error>> {
    ready(Ok(request.into_response(HttpResponse::Ok().finish())))
}

/// The bare call.
pub(super) fn base(question: &Question) -> Subject {
    let ask = ask(service(), question);
    Subject::new(question.base_name("actix-cors"), ask, |response| {
        response.status().is_success()
    })
}

/// The same with the transform around it.
pub(super) fn asked(question: Question) -> Subject {
    let cors = question
        .origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
        .allowed_methods(METHODS.iter().copied())
        .allowed_headers(headers());
    let service = now(cors.new_transform(service())).expect("valid options");
    let ask = ask(service, &question);
    Subject::new(question.name("actix-cors"), ask, |response| {
        question.is_answered(|name| {
            let values = response.headers().get_all(name);
            values
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect()
        })
    })
}

fn service() -> impl Service<ServiceRequest, Response = ServiceResponse, Error = Error> + 'static {
    let service = ServiceFactory::new_service(&fn_service(nothing), ());
    now(service).expect("no error")
}

fn ask<S, B>(service: S, question: &Question) -> impl FnMut() -> ServiceResponse<B> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let method = if question.kind == Kind::Preflight {
        Method::OPTIONS
    } else {
        Method::GET
    };
    let headers = question.headers.clone();
    move || {
        let mut request = TestRequest::default().method(method.clone());
        for header in &headers {
            request = request.insert_header(*header);
        }
        now(service.call(request.to_srv_request())).expect("no error")
    }
}
