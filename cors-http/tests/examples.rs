//! The examples, run as servers and called over HTTP.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]
#![allow(dead_code, reason = "an example is a program, with a main of its own")]

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[path = "../examples/axum.rs"]
mod axum_app;
#[cfg(feature = "bucket")]
#[path = "../examples/bucket_server.rs"]
mod bucket_server;
#[path = "../examples/reverse_proxy.rs"]
mod reverse_proxy;

/// A listener on a free port of this machine, and its address.
async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    /// The values of every line of a field.
    fn all(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

/// Sends a request line, fields and a body, and reads the response to its end.
async fn ask(address: &str, line: &str, fields: &[&str], body: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let fields = fields.join("\r\n") + if fields.is_empty() { "" } else { "\r\n" };
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.get(9..12).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

#[tokio::test]
async fn an_axum_app_answers_preflights_and_decorates_what_its_routes_answer() {
    let (listener, address) = listen().await;
    tokio::spawn(async { axum::serve(listener, axum_app::app().unwrap()).await });
    let origin = "Origin: https://app.example";

    let preflight = [
        origin,
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Headers: Content-Type",
    ];
    let answer = ask(&address, "OPTIONS /note", &preflight, "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["https://app.example"]
    );
    assert_eq!(answer.all("access-control-allow-methods"), ["GET, PUT"]);
    assert_eq!(answer.all("access-control-allow-headers"), ["content-type"]);
    assert_eq!(answer.all("access-control-max-age"), ["600"]);
    assert_eq!(answer.all("vary"), [PREFLIGHT_VARY]);
    let other = ["Origin: https://evil.example", preflight[1]];
    let answer = ask(&address, "OPTIONS /note", &other, "").await;
    assert_eq!(answer.status, 403);
    assert!(answer.all("access-control-allow-origin").is_empty());

    let answer = ask(&address, "GET /note", &[origin], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "a note"));
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["https://app.example"]
    );
    assert_eq!(answer.all("access-control-expose-headers"), ["etag"]);
    assert_eq!(
        answer.all("vary"),
        ["Accept", "Origin"],
        "the route's own value stays"
    );
    let answer = ask(
        &address,
        "PUT /note",
        &["Origin: http://localhost:5173"],
        "x",
    )
    .await;
    assert_eq!((answer.status, answer.body.as_str()), (201, "x"));
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["http://localhost:5173"]
    );

    let answer = ask(&address, "GET /none", &[origin], "").await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["https://app.example"]
    );
    let answer = ask(&address, "OPTIONS /note", &[origin], "").await;
    assert_eq!(
        answer.all("allow"),
        ["GET, PUT, OPTIONS"],
        "not a preflight"
    );
}

#[tokio::test]
async fn a_reverse_proxy_adds_cors_to_the_server_behind_it() {
    let (listener, upstream) = listen().await;
    let app = axum::Router::new().route(
        "/own",
        axum::routing::any(async |request: axum::extract::Request| {
            let text = format!("{} {}", request.method(), request.uri());
            let body = axum::body::to_bytes(request.into_body(), 1000)
                .await
                .unwrap();
            let text = format!("{text} {}", String::from_utf8_lossy(&body));
            (
                [
                    ("access-control-allow-origin", "*"),
                    ("vary", "Cookie, origin"),
                ],
                text,
            )
        }),
    );
    tokio::spawn(async { axum::serve(listener, app).await });
    let (listener, address) = listen().await;
    let upstream = upstream.parse().unwrap();
    tokio::spawn(reverse_proxy::serve(listener, upstream));
    let origin = "Origin: https://eu.app.example";

    let answer = ask(&address, "POST /own?a=b", &[origin], "body").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "POST /own?a=b body")
    );
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["https://eu.app.example"]
    );
    assert_eq!(answer.all("access-control-allow-credentials"), ["true"]);
    assert_eq!(
        answer.all("vary"),
        ["Cookie, origin"],
        "Origin is already present"
    );
    let evil = "Origin: https://evil-app.example";
    let answer = ask(&address, "GET /own", &[evil], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "GET /own "));
    assert!(
        answer.all("access-control-allow-origin").is_empty(),
        "the server's own header is removed"
    );

    let method = "Access-Control-Request-Method: PATCH";
    let answer = ask(&address, "OPTIONS /own", &[origin, method], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let answer = ask(&address, "OPTIONS /own", &[origin], "").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "OPTIONS /own "),
        "not a preflight"
    );
    let answer = ask(&address, "GET /none", &[origin], "").await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["https://eu.app.example"]
    );
}

#[tokio::test]
async fn a_proxy_without_its_server_answers_under_the_same_rules() {
    let (listener, address) = listen().await;
    // The port was free a moment ago and has been released, so nothing listens on it.
    let upstream = listen().await.1.parse().unwrap();
    tokio::spawn(reverse_proxy::serve(listener, upstream));
    let answer = ask(&address, "GET /", &["Origin: https://eu.app.example"], "").await;
    assert_eq!(answer.status, 502);
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["https://eu.app.example"]
    );
}

#[cfg(feature = "bucket")]
#[tokio::test]
async fn a_storage_server_stores_returns_and_applies_the_rules_of_its_buckets() {
    let (listener, address) = listen().await;
    let app = bucket_server::app(bucket_server::Memory::default());
    tokio::spawn(async { axum::serve(listener, app).await });
    let origin = "Origin: https://app.example";
    let method = "Access-Control-Request-Method: GET";

    let answer = ask(&address, "PUT /photos?cors", &[], "x").await;
    assert!(answer.status == 404 && answer.body.contains("NoSuchBucket"));
    assert_eq!(
        ask(&address, "PUT /photos/cat", &[], "purr").await.status,
        200
    );
    let answer = ask(&address, "OPTIONS /photos/cat", &[origin, method], "").await;
    assert!(answer.status == 403 && answer.body.contains("CORS is not enabled for this bucket."));

    let document = "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin>\
         <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    assert_eq!(
        ask(&address, "PUT /photos/?cors=", &[], document)
            .await
            .status,
        200
    );
    let answer = ask(&address, "GET /photos?cors", &[], "").await;
    assert!(
        answer
            .body
            .contains("<AllowedOrigin>https://app.example</AllowedOrigin>")
    );
    assert_eq!(answer.all("content-type"), ["application/xml"]);
    assert_eq!(answer.all("x-amz-request-id").len(), 1);
    let answer = ask(&address, "OPTIONS /photos/cat", &[origin, method], "").await;
    assert_eq!(
        (answer.status, answer.all("content-length")),
        (200, vec!["0"])
    );
    for (path, status) in [("cat", 200), ("none", 404)] {
        let answer = ask(&address, &format!("GET /photos/{path}"), &[origin], "").await;
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.all("access-control-allow-origin"),
            ["https://app.example"]
        );
    }

    assert_eq!(
        ask(&address, "DELETE /photos?cors", &[], "").await.status,
        204
    );
    let answer = ask(&address, "GET /photos/cat", &[origin], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "purr"));
    assert!(answer.all("access-control-allow-origin").is_empty());
}
