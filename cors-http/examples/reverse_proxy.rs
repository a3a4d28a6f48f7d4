//! A hyper reverse proxy that adds CORS to the server behind it: `cargo run -p cors-engine-http --example
//! reverse_proxy -- 127.0.0.1:9000`.

use std::convert::Infallible;

use bytes::Bytes;
use cors_core::{CompileError, Configuration, Dialect, List, Rule};
use cors_http::{CorsLayer, SharedPolicy};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE};
use hyper::http::uri::{Authority, InvalidUri, Scheme};
use hyper::server::conn::http1;
use hyper::{HeaderMap, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

/// The upstream's body, or an empty one.
type Body = BoxBody<Bytes, hyper::Error>;

/// Forwards requests to `upstream` and applies CORS, until the listener fails.
pub(crate) async fn serve(
    listener: TcpListener,
    upstream: Authority,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let proxy = service_fn(move |mut request: Request<Incoming>| {
        let (client, upstream) = (client.clone(), upstream.clone());
        async move {
            remove_hop_by_hop(request.headers_mut());
            let mut uri = std::mem::take(request.uri_mut()).into_parts();
            uri.scheme = Some(Scheme::HTTP);
            uri.authority = Some(upstream);
            let answer = match Uri::from_parts(uri) {
                Ok(uri) => {
                    *request.uri_mut() = uri;
                    client.request(request).await.ok()
                }
                Err(_) => None,
            };
            let response = match answer {
                Some(mut response) => {
                    remove_hop_by_hop(response.headers_mut());
                    response.map(BodyExt::boxed)
                }
                None => {
                    let mut response = Response::new(Body::default());
                    *response.status_mut() = StatusCode::BAD_GATEWAY;
                    response
                }
            };
            Ok::<_, Infallible>(response)
        }
    });
    let service = CorsLayer::new(policy()?).layer(proxy);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// The origins that may read the upstream's responses, with credentials.
fn policy() -> Result<SharedPolicy, CompileError> {
    let rules = [Rule {
        allowed_origins: List::new(&["https://*.app.example"]),
        allowed_methods: List::new(&["GET", "POST", "PATCH"]),
        allowed_headers: List::new(&["*"]),
        allow_credentials: true,
        ..Rule::EMPTY
    }];
    SharedPolicy::compile(&Configuration::new(&Dialect::STRICT, &rules))
}

/// Removes the fields that are for the next hop only, see
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1).
fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .collect();
    let always = [CONNECTION, TE, TRANSFER_ENCODING, UPGRADE];
    for name in named.iter().chain(&always) {
        headers.remove(name);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let upstream = std::env::args().nth(1).unwrap_or("127.0.0.1:9000".into());
    let upstream = upstream
        .parse()
        .map_err(|error: InvalidUri| error.to_string())?;
    let listener = TcpListener::bind("127.0.0.1:3001").await?;
    println!("listening on http://{}", listener.local_addr()?);
    serve(listener, upstream).await
}
