//! An axum app that one web page may read: `cargo run -p cors-engine-http --example axum`.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cors_core::{CompileError, Configuration, Dialect, List, Rule};
use cors_http::{CorsLayer, SharedPolicy};
use tokio::net::TcpListener;

/// The routes, with the CORS layer around all of them, including the 404 response.
pub(crate) fn app() -> Result<Router, CompileError> {
    let rules = [Rule {
        allowed_origins: List::new(&["https://app.example", "http://localhost:*"]),
        allowed_methods: List::new(&["GET", "PUT"]),
        allowed_headers: List::new(&["content-type"]),
        expose_headers: List::new(&["etag"]),
        max_age_seconds: Some(600),
        ..Rule::EMPTY
    }];
    let policy = SharedPolicy::compile(&Configuration::new(&Dialect::STRICT, &rules))?;
    let note = get(async || ([("etag", "\"1\""), ("vary", "Accept")], "a note"))
        .put(async |body: String| (StatusCode::CREATED, body))
        .options(async || [("allow", "GET, PUT, OPTIONS")]);
    Ok(Router::new()
        .route("/note", note)
        .layer(CorsLayer::new(policy)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app()?).await?)
}
