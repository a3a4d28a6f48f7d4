//! Notes of several owners, each under its own policy: `cargo run -p cors-engine-http --example images --
//! FOLDER`.
//!
//! Requests below `/OWNER/` are answered by the policy image `FOLDER/OWNER.cors`, written by `cors
//! compile` for any dialect.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use cors_http::{CorsLayer, SharedPolicy};
use tokio::net::TcpListener;

/// The owner's policy. Nothing is granted if the image is missing or damaged.
fn policy_of(folder: &std::path::Path, path: &str) -> Option<SharedPolicy> {
    let owner = path.split('/').nth(1)?;
    // A name is letters, digits and `-` only, so it cannot leave the folder.
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if owner.is_empty() || !owner.bytes().all(is_name) {
        return None;
    }
    let image = std::fs::read(folder.join(format!("{owner}.cors"))).ok()?;
    SharedPolicy::from_image(image).ok()
}

async fn note(method: Method, Path((_, note)): Path<(String, String)>) -> Response {
    let attributes = [("etag", "\"1\""), ("x-note-color", "blue")];
    match (method.as_str(), note.as_str()) {
        (_, "missing") => StatusCode::NOT_FOUND.into_response(),
        ("GET" | "HEAD", _) => (attributes, "a note").into_response(),
        ("PUT", _) => attributes.into_response(),
        ("DELETE", _) => StatusCode::NO_CONTENT.into_response(),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("give the folder of the policy images")?;
    let folder: Arc<PathBuf> = Arc::new(folder.into());
    let layer = CorsLayer::with_lookup(move |request: &Parts| {
        let folder = Arc::clone(&folder);
        let path = request.uri.path().to_owned();
        async move { policy_of(&folder, &path) }
    });
    let notes = Router::new()
        .route("/{owner}/{note}", any(note))
        .layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, notes).await?)
}
