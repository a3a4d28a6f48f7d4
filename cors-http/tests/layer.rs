//! The layer around tower services and an axum app: preflights, errors of the inner service, Vary
//! in every branch.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::convert::Infallible;

use cors_core::{Configuration, Dialect, List, Rule};
use cors_http::{CorsLayer, SharedPolicy};
use http::{HeaderMap, Request, Response, StatusCode};
use tower::{Layer, ServiceExt, service_fn};

const RULES: [Rule<'static>; 2] = [
    Rule {
        allowed_origins: List::new(&["https://app.example", "https://*.app.example"]),
        allowed_methods: List::new(&["GET", "PUT"]),
        allowed_headers: List::new(&["x-*", "content-type"]),
        expose_headers: List::new(&["ETag", "x-id"]),
        max_age_seconds: Some(600),
        ..Rule::EMPTY
    },
    Rule {
        allowed_origins: List::new(&["*"]),
        allowed_methods: List::new(&["HEAD"]),
        ..Rule::EMPTY
    },
];

fn policy(dialect: &Dialect) -> SharedPolicy {
    SharedPolicy::compile(&Configuration::new(dialect, &RULES)).unwrap()
}

/// The inner service's response: 404, with CORS headers of its own.
fn inner(request: &Request<()>) -> Response<String> {
    Response::builder()
        .status(StatusCode::NOT_FOUND)
        .header("vary", "Accept-Encoding, ORIGIN")
        .header("access-control-allow-origin", "https://inner.example")
        .body(format!("inner saw {}", request.method()))
        .unwrap()
}

async fn ask(dialect: &Dialect, request: Request<()>) -> Response<String> {
    let service = service_fn(async |request| Ok::<_, Infallible>(inner(&request)));
    CorsLayer::new(policy(dialect))
        .layer(service)
        .oneshot(request)
        .await
        .unwrap()
}

fn request(method: &str, headers: &[(&str, &str)]) -> Request<()> {
    headers
        .iter()
        .fold(
            Request::builder().method(method),
            |builder, (name, value)| builder.header(*name, *value),
        )
        .body(())
        .unwrap()
}

fn all<'h>(headers: &'h HeaderMap, name: &str) -> Vec<&'h str> {
    headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_granted_preflight_is_answered_without_the_inner_service() {
    let headers = [
        ("origin", "https://eu.app.example"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "Content-Type, x-a"),
        ("access-control-request-headers", "X-B"),
    ];
    let response = ask(&Dialect::STRICT, request("OPTIONS", &headers)).await;
    assert_eq!(
        (response.status(), response.body().as_str()),
        (StatusCode::OK, "")
    );
    let headers = response.headers();
    assert_eq!(
        all(headers, "access-control-allow-origin"),
        ["https://eu.app.example"]
    );
    assert_eq!(all(headers, "access-control-allow-methods"), ["GET, PUT"]);
    assert_eq!(
        all(headers, "access-control-allow-headers"),
        ["content-type, x-a, x-b"]
    );
    assert_eq!(all(headers, "access-control-max-age"), ["600"]);
    assert_eq!(all(headers, "access-control-expose-headers"), [""; 0]);
    assert_eq!(
        all(headers, "vary"),
        ["Origin, Access-Control-Request-Method, Access-Control-Request-Headers"]
    );
}

#[tokio::test]
async fn a_refused_preflight_has_no_grant_and_the_status_of_its_reason() {
    let headers = [
        ("origin", "https://evil-app.example"),
        ("access-control-request-method", "PUT"),
    ];
    let response = ask(&Dialect::STRICT, request("OPTIONS", &headers)).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        all(response.headers(), "access-control-allow-origin"),
        [""; 0]
    );
    assert_eq!(all(response.headers(), "vary").len(), 1);
    let response = ask(
        &Dialect::S3,
        request("OPTIONS", &[("origin", "https://app.example")]),
    )
    .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let response = ask(&Dialect::OSS, request("OPTIONS", &[])).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn errors_of_the_inner_service_are_decorated_and_its_own_cors_headers_replaced() {
    let response = ask(
        &Dialect::STRICT,
        request("GET", &[("origin", "https://app.example")]),
    )
    .await;
    assert_eq!(
        (response.status(), response.body().as_str()),
        (StatusCode::NOT_FOUND, "inner saw GET")
    );
    assert_eq!(
        all(response.headers(), "access-control-allow-origin"),
        ["https://app.example"]
    );
    assert_eq!(
        all(response.headers(), "access-control-expose-headers"),
        ["ETag, x-id"]
    );
    // Origin is already present, in different case.
    assert_eq!(all(response.headers(), "vary"), ["Accept-Encoding, ORIGIN"]);
}

#[tokio::test]
async fn refused_and_same_origin_requests_reach_the_inner_service_and_get_vary_too() {
    for headers in [&[("origin", "https://evil.example")][..], &[]] {
        let response = ask(&Dialect::STRICT, request("GET", headers)).await;
        assert_eq!(response.body(), "inner saw GET");
        assert_eq!(
            all(response.headers(), "access-control-allow-origin"),
            [""; 0]
        );
        assert_eq!(all(response.headers(), "vary"), ["Accept-Encoding, ORIGIN"]);
    }
}

#[tokio::test]
async fn an_options_request_that_is_not_a_preflight_reaches_the_inner_service_under_strict() {
    let response = ask(
        &Dialect::STRICT,
        request("OPTIONS", &[("origin", "https://app.example")]),
    )
    .await;
    assert_eq!(response.body(), "inner saw OPTIONS");
    assert_eq!(
        all(response.headers(), "vary"),
        ["Accept-Encoding, ORIGIN", "Access-Control-Request-Method"]
    );
}

#[tokio::test]
async fn vary_is_appended_by_token_and_a_wildcard_is_left_unchanged() {
    for (present, expected) in [
        (
            &[][..],
            &["Origin, Access-Control-Request-Headers, Access-Control-Request-Method"][..],
        ),
        (
            &["Accept"],
            &[
                "Accept",
                "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
            ],
        ),
        (
            &["accept,origin", "Access-Control-Request-Method"],
            &[
                "accept,origin",
                "Access-Control-Request-Method",
                "Access-Control-Request-Headers",
            ],
        ),
        (&["Accept, *"], &["Accept, *"]),
    ] {
        let service = service_fn(async |_: Request<()>| {
            let mut response = Response::new(String::new());
            for value in present {
                response
                    .headers_mut()
                    .append("vary", value.parse().unwrap());
            }
            Ok::<_, Infallible>(response)
        });
        let service = CorsLayer::new(policy(&Dialect::S3)).layer(service);
        let response = service
            .oneshot(request("GET", &[("origin", "https://app.example")]))
            .await
            .unwrap();
        assert_eq!(all(response.headers(), "vary"), expected, "{present:?}");
        assert_eq!(
            all(response.headers(), "access-control-allow-credentials"),
            ["true"]
        );
    }
}

#[tokio::test]
async fn too_many_field_lines_are_refused() {
    let mut headers = vec![
        ("origin", "https://app.example"),
        ("access-control-request-method", "PUT"),
    ];
    headers.resize(
        2 + cors_core::MAX_FIELD_LINES,
        ("access-control-request-headers", "x-a"),
    );
    assert_eq!(
        ask(&Dialect::STRICT, request("OPTIONS", &headers))
            .await
            .status(),
        StatusCode::OK
    );
    headers.push(("access-control-request-headers", "x-a"));
    assert_eq!(
        ask(&Dialect::STRICT, request("OPTIONS", &headers))
            .await
            .status(),
        StatusCode::FORBIDDEN
    );
}

/// A browser sends one line of each; of two, a proxy in front may have checked the other.
#[tokio::test]
async fn several_lines_of_origin_or_method_match_no_rule() {
    let origin = ("origin", "https://app.example");
    let any = ("origin", "https://other.example");
    let (put, head) = (
        ("access-control-request-method", "PUT"),
        ("access-control-request-method", "HEAD"),
    );
    for dialect in [&Dialect::STRICT, &Dialect::S3, &Dialect::OSS] {
        for headers in [
            &[origin, any, put][..],
            &[origin, origin, put],
            &[any, any, head],
            &[origin, put, put],
            &[origin, put, head],
        ] {
            let refused = ask(dialect, request("OPTIONS", headers)).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{headers:?}");
            assert_eq!(
                all(refused.headers(), "access-control-allow-origin"),
                [""; 0]
            );
        }
        for headers in [&[origin, any][..], &[origin, origin], &[any, any]] {
            let actual = ask(dialect, request("HEAD", headers)).await;
            assert_eq!(
                all(actual.headers(), "access-control-allow-origin"),
                [""; 0]
            );
        }
    }
    // An actual request on S3 is judged by the method that it says it asked for.
    let actual = ask(&Dialect::S3, request("GET", &[origin, put, put])).await;
    assert_eq!(
        all(actual.headers(), "access-control-allow-origin"),
        [""; 0]
    );
    // A preflight without Origin stays one.
    let refused = ask(&Dialect::S3, request("OPTIONS", &[put, put])).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn azure_answers_with_the_requested_method_alone() {
    let headers = [
        ("origin", "https://app.example"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "content-type"),
    ];
    let rules = [Rule {
        allowed_headers: List::new(&["content-type"]),
        ..RULES[0]
    }];
    let shared = SharedPolicy::compile(&Configuration::new(&Dialect::AZURE, &rules)).unwrap();
    let service = CorsLayer::new(shared).layer(service_fn(async |request| {
        Ok::<_, Infallible>(inner(&request))
    }));
    let response = service.oneshot(request("OPTIONS", &headers)).await.unwrap();
    assert_eq!(
        all(response.headers(), "access-control-allow-methods"),
        ["PUT"]
    );
}

#[tokio::test]
async fn a_policy_is_looked_up_for_each_request() {
    let one = policy(&Dialect::STRICT);
    let layer = CorsLayer::with_lookup(move |parts: &http::request::Parts| {
        let found = (parts.uri.path() == "/one").then(|| one.clone());
        async move { found }
    });
    let service = layer.layer(service_fn(async |request| {
        Ok::<_, Infallible>(inner(&request))
    }));
    let mut asked = request("GET", &[("origin", "https://app.example")]);
    *asked.uri_mut() = "/one".parse().unwrap();
    let response = service.clone().oneshot(asked).await.unwrap();
    assert_eq!(
        all(response.headers(), "access-control-allow-origin"),
        ["https://app.example"]
    );
    let response = service
        .oneshot(request("GET", &[("origin", "https://app.example")]))
        .await
        .unwrap();
    assert_eq!(
        all(response.headers(), "access-control-allow-origin"),
        ["https://inner.example"],
        "unchanged without a policy"
    );
}

#[tokio::test]
async fn an_image_from_a_store_is_checked_once_and_used() {
    let image = policy(&Dialect::STRICT).as_bytes().to_vec();
    let shared = SharedPolicy::from_image(image.clone()).unwrap();
    assert_eq!(shared.policy().len(), 2);
    assert!(SharedPolicy::from_image(image.get(1..).unwrap().to_vec()).is_err());
}

#[tokio::test]
async fn an_axum_app_accepts_the_layer() {
    let app = axum::Router::new()
        .route("/", axum::routing::get(async || "hello"))
        .layer(CorsLayer::new(policy(&Dialect::STRICT)));
    let asked =
        request("GET", &[("origin", "https://app.example")]).map(|()| axum::body::Body::empty());
    let response = app.oneshot(asked).await.unwrap();
    assert_eq!(
        all(response.headers(), "access-control-allow-origin"),
        ["https://app.example"]
    );
    let body = http_body_util::BodyExt::collect(response.into_body())
        .await
        .unwrap()
        .to_bytes();
    assert_eq!(body, "hello");
}

#[tokio::test]
async fn a_private_network_is_allowed_where_the_layer_is_told_and_the_preflight_is_granted() {
    let asked = |origin: &'static str, method: &'static str, value: &'static str| {
        request(
            "OPTIONS",
            &[
                ("origin", origin),
                ("access-control-request-method", method),
                ("access-control-request-private-network", value),
            ],
        )
    };
    let app = "https://app.example";
    for (is_on, request, expected) in [
        (false, asked(app, "PUT", "true"), None),
        (true, asked(app, "PUT", "true"), Some("true")),
        (true, asked(app, "PUT", "false"), None),
        (true, asked(app, "DELETE", "true"), None),
        // This rule answers `*`.
        (true, asked("https://other.example", "HEAD", "true"), None),
    ] {
        let layer = CorsLayer::new(policy(&Dialect::STRICT)).with_private_network(is_on);
        let policy = policy(&Dialect::STRICT);
        let by_lookup = CorsLayer::with_lookup(move |_: &http::request::Parts| {
            let policy = policy.clone();
            async move { Some(policy) }
        })
        .with_private_network(is_on);
        let service = || service_fn(async |request| Ok::<_, Infallible>(inner(&request)));
        let answers = [
            layer.layer(service()).oneshot(request.clone()).await,
            by_lookup.layer(service()).oneshot(request).await,
        ];
        for answer in answers {
            let headers = answer.unwrap().headers().clone();
            let allowed = headers.get("access-control-allow-private-network");
            assert_eq!(allowed.map(|value| value.to_str().unwrap()), expected);
            let vary: Vec<_> = headers.get_all("vary").iter().collect();
            let names_it = vary
                .iter()
                .any(|line| *line == "Access-Control-Request-Private-Network");
            assert_eq!(names_it, is_on, "{vary:?}");
        }
    }
}
