//! The layer allocates no more than the response's `HeaderMap` needs.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use cors_core::{Configuration, Dialect, List, Rule};
use cors_http::{CorsLayer, SharedPolicy};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response};
use tower::{Layer as _, Service, service_fn};

/// The result, and how many allocations it took.
fn counted<T>(run: impl FnOnce() -> T) -> (T, u64) {
    let mut result = None;
    let info = measure(|| result = Some(run()));
    (result.unwrap(), info.count_total)
}

fn own_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("etag", HeaderValue::from_static("\"1\""));
    headers
}

#[test]
fn the_layer_allocates_what_the_header_map_needs() {
    let rules = [Rule {
        allowed_origins: List::new(&["https://*.app.example", "https://app.example"]),
        allowed_methods: List::new(&["GET", "PUT"]),
        allowed_headers: List::new(&["content-type", "x-*"]),
        expose_headers: List::new(&["ETag", "x-id"]),
        max_age_seconds: Some(600),
        ..Rule::EMPTY
    }];
    let origin = ("origin", "https://eu.app.example");
    let put = ("access-control-request-method", "PUT");
    let names = ("access-control-request-headers", "Content-Type, x-a");
    assert_eq!(
        counted(|| Vec::<u8>::with_capacity(1)).1,
        1,
        "allocations are counted"
    );
    for (dialect, method, headers, beyond) in [
        (&Dialect::STRICT, "GET", &[origin][..], 0),
        (&Dialect::STRICT, "GET", &[], 0),
        (
            &Dialect::STRICT,
            "GET",
            &[("origin", "https://evil.example")],
            0,
        ),
        (&Dialect::STRICT, "DELETE", &[origin], 0),
        (&Dialect::OSS, "GET", &[origin], 0),
        (&Dialect::S3, "GET", &[origin], 0),
        (&Dialect::COS, "PUT", &[origin], 0),
        // The requested names are rendered.
        (&Dialect::STRICT, "OPTIONS", &[origin, put], 0),
        (&Dialect::STRICT, "OPTIONS", &[origin, put, names], 1),
        (&Dialect::S3, "OPTIONS", &[origin, put], 0),
        (&Dialect::OSS, "OPTIONS", &[origin, put, names], 1),
    ] {
        let policy = SharedPolicy::compile(&Configuration::new(dialect, &rules)).unwrap();
        let mut service = CorsLayer::new(policy).layer(service_fn(async |_: Request<()>| {
            let mut response = Response::new(());
            *response.headers_mut() = own_headers();
            Ok::<_, Infallible>(response)
        }));
        let request = || {
            let mut request = Request::new(());
            *request.method_mut() = method.parse().unwrap();
            for (name, value) in headers {
                let value = HeaderValue::from_static(value);
                request.headers_mut().insert(*name, value);
            }
            request
        };
        let mut answer = |request| {
            let mut future = pin!(service.call(request));
            match future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
            {
                Poll::Ready(response) => response.unwrap(),
                Poll::Pending => Response::default(),
            }
        };
        // The first clone of a value makes it reference-counted, which takes one allocation.
        answer(request());
        let asked = request();
        let (response, by_layer) = counted(|| answer(asked));
        // The same headers in the same order, with values already prepared.
        let own = if method == "OPTIONS" {
            HeaderMap::new
        } else {
            own_headers
        };
        let given = response.headers().iter().skip(own().len());
        let given: Vec<(HeaderName, HeaderValue)> = given
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let (by_hand, needed) = counted(|| {
            let mut headers = own();
            for (name, value) in given {
                headers.insert(name, value);
            }
            headers
        });
        assert_eq!(by_hand.len(), response.headers().len());
        assert!(!by_hand.is_empty(), "{} {method}", dialect.name);
        assert_eq!(
            by_layer,
            needed + beyond,
            "{} {method} {headers:?}",
            dialect.name
        );
    }
}
