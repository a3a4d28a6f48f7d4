//! Three servers in one process, for `scripts/check-load`: without the layer, with the layer, and
//! with the same headers set by hand. Prints their addresses in this order.

use std::convert::Infallible;

use bytes::Bytes;
use cors_core::{Configuration, Dialect, List, Rule};
use cors_http::{CorsLayer, SharedPolicy};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    CONTENT_TYPE, ETAG, HeaderValue, ORIGIN, VARY,
};
use hyper::server::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{Layer, Service, service_fn};

static BYTES: [u8; 64 * 1024] = [b'x'; 64 * 1024];

/// An object of 1 KiB, or of 64 KiB at `/large`.
fn object(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let (small, _) = BYTES.split_at(1024);
    let body = if request.uri().path() == "/large" {
        &BYTES
    } else {
        small
    };
    let mut response = Response::new(Full::new(Bytes::from_static(body)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(ETAG, HeaderValue::from_static("\"1\""));
    response
}

/// The headers that the layer adds, set without a decision.
fn by_hand(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let mut response = object(request);
    let headers = response.headers_mut();
    if let Some(origin) = request.headers().get(ORIGIN) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, PUT"),
        );
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("etag"),
        );
    }
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    response
}

async fn serve<S>(listener: TcpListener, service: S)
where
    S: Service<
            Request<Incoming>,
            Response = Response<Full<Bytes>>,
            Error = Infallible,
            Future: Send,
        > + Clone
        + Send
        + 'static,
{
    while let Ok((stream, _)) = listener.accept().await {
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn listen() -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(listener)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let origins: Vec<String> = (0..10)
        .map(|number| format!("https://app{number}.example"))
        .collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let rules = [Rule {
        allowed_origins: List::new(&origins),
        allowed_methods: List::new(&["GET", "PUT"]),
        expose_headers: List::new(&["etag"]),
        ..Rule::EMPTY
    }];
    let policy = SharedPolicy::compile(&Configuration::new(&Dialect::STRICT, &rules))?;
    let bare = service_fn(async |request| Ok(object(&request)));
    let layered = CorsLayer::new(policy).layer(bare);
    let by_hand = service_fn(async |request| Ok(by_hand(&request)));
    tokio::join!(
        serve(listen().await?, bare),
        serve(listen().await?, layered),
        serve(listen().await?, by_hand),
    );
    Ok(())
}
